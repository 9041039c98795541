package io.tallygate.deploy.portal;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How much it takes to see the first view. */
class WeightIT extends InBrowser {
    private static final double BUDGET_BYTES = 500_000;

    /** With nothing in the browser's cache; other hosts than the gateway and the identity provider are trouble. */
    @ParameterizedTest
    @ValueSource(strings = {PortalWorld.OPERATOR, "Contoso"})
    void theFirstViewIsLight(String organization) {
        try (Visit visit = browser.visit(world, Look.LIGHT_WIDE)) {
            Map<String, String> addresses = new HashMap<>();
            Map<String, Double> bytes = new TreeMap<>();
            CDPSession network = visit.context().newCDPSession(visit.page());
            network.on(
                    "Network.requestWillBeSent",
                    sent -> addresses.put(
                            text(sent, "requestId"),
                            sent.getAsJsonObject("request").get("url").getAsString()));
            network.on(
                    "Network.loadingFinished",
                    loaded -> bytes.merge(
                            addresses.get(text(loaded, "requestId")),
                            loaded.get("encodedDataLength").getAsDouble(),
                            Double::sum));
            network.send("Network.enable");
            visit.signIn(organization, "overview");
            assertThat(visit.page().locator("main canvas").first()).isVisible();
            visit.assertNoTrouble();

            Set<String> names = bytes.keySet();
            assertThat(names).anyMatch(address -> address.contains("/usage/summary"));
            assertThat(names).anyMatch(address -> address.contains("echarts"));
            assertThat(bytes.values().stream().mapToDouble(Double::doubleValue).sum())
                    .as("%s", bytes)
                    .isBetween(50_000.0, BUDGET_BYTES);
        }
    }

    private static String text(JsonObject event, String member) {
        return event.get(member).getAsString();
    }
}
