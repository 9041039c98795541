package io.tallygate.deploy.portal;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.tallygate.deploy.testing.HttpCaller;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file that the portal saves is what the API answers, to the byte. */
class ExportIT extends InBrowser {
    private static final String TENANT = "Fabrikam";

    @ParameterizedTest
    @ValueSource(strings = {"CSV", "NDJSON"})
    void aTenantsFileHasTheApisBytes(String format) throws Exception {
        String own = world.tenant(TENANT).at("/subscriptionIds/0").asText();
        String route = "/subscriptions/" + own + "/providers/Microsoft.Commerce/UsageAggregates";
        try (Visit visit = browser.visitOf(TENANT, world, Look.LIGHT_NARROW)) {
            Download saved = save(visit, "&subscription=" + own, format);
            assertSame(saved, world.caller(world.tenant(TENANT)), route, format);
            assertThat(saved.suggestedFilename()).endsWith("." + format.toLowerCase(Locale.ROOT));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"CSV", "NDJSON"})
    void theOperatorsFileOfEveryoneHasTheApisBytes(String format) throws Exception {
        String route =
                "/subscriptions/" + world.info().at("/operator/subscriptionId").asText()
                        + "/providers/Microsoft.Commerce.Admin/subscriberUsageAggregates";
        try (Visit visit = browser.visitOf(PortalWorld.OPERATOR, world, Look.LIGHT_WIDE)) {
            Download saved = save(visit, "", format);
            assertSame(saved, world.operator(), route, format);
            Screenshots.take(visit, "export");
            Accessibility.assertAccessible(visit.page());
        }
    }

    @Test
    void aFilteredFileHasTheLinesThatFit() throws Exception {
        HttpCaller caller = world.caller(world.tenant(TENANT));
        String own = world.tenant(TENANT).at("/subscriptionIds/0").asText();
        String all = caller.get(
                        path("/subscriptions/" + own + "/providers/Microsoft.Commerce/UsageAggregates", "NDJSON"))
                .body();
        String meter = HttpCaller.Answer.parse(all.lines().findFirst().orElseThrow())
                .at("/properties/meterId")
                .asText();
        String fitting = all.lines()
                .filter(line -> line.contains("\"meterId\":\"" + meter + "\""))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
        assertThat(fitting).isNotEmpty().isNotEqualTo(all);
        try (Visit visit = browser.visitOf(TENANT, world, Look.DARK_WIDE)) {
            Download saved = save(visit, "&subscription=" + own + "&meter=" + meter, "NDJSON");
            assertThat(Files.readString(saved.path())).isEqualTo(fitting);
        }
    }

    // The days of the sample world, which are sealed: nothing is added to them any more.
    private static Download save(Visit visit, String filters, String format) {
        Page page = visit.page();
        visit.open("/portal/#/usage?granularity=daily&from=" + start() + "&to=" + end() + filters);
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Export"))
                .click();
        return page.waitForDownload(() ->
                page.getByRole(AriaRole.DIALOG).getByText("Download " + format).click());
    }

    private static void assertSame(Download saved, HttpCaller caller, String route, String format) throws Exception {
        HttpCaller.Answer answer = caller.get(path(route, format));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body().lines().count()).isGreaterThan(100);
        assertThat(sha256(Files.readAllBytes(saved.path())))
                .isEqualTo(sha256(answer.body().getBytes(StandardCharsets.UTF_8)));
    }

    private static String path(String route, String format) {
        return route + "?api-version=2015-06-01-preview&reportedStartTime=" + start() + "&reportedEndTime=" + end()
                + "&aggregationGranularity=Daily&$format=" + format.toLowerCase(Locale.ROOT);
    }

    private static String start() {
        return world.info().at("/data/reportedStartTime").asText();
    }

    private static String end() {
        return world.info().at("/data/reportedEndTime").asText();
    }

    private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
