package io.tallygate.deploy.portal;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.tallygate.deploy.testing.HttpCaller.Answer;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What operators decide about dead letters: that they are sent again, and arrive, or that they are given up. */
class RequeueIT extends InBrowser {
    private static final String REASON = "The dimension is in the offer now";
    private static final int DEAD = 3;

    private static AddedTenant tenant;
    private static UUID payer;
    private static JsonNode dead;

    @BeforeAll
    static void open() {
        payer = UUID.randomUUID();
        world.switchEndpoint("{\"mode\":\"status\",\"status\":\"InvalidDimension\",\"payer\":\"" + payer + "\"}");
        tenant = AddedTenant.of(world, "Fourth Coffee").paidBy(payer, 2 * DEAD).using(DEAD);
        dead = tenant.awaitEvents("dead", DEAD);
        world.switchEndpoint("{\"mode\":\"ok\"}");
    }

    @Test
    void aDeadLetterThatIsSentAgainArrives() {
        String key = dead.at("/0/key").asText();
        try (Visit visit = browser.visitOf(PortalWorld.OPERATOR, world, Look.LIGHT_WIDE)) {
            Page page = visit.page();
            visit.open("/portal/#/event?key=" + key);
            assertThat(page.getByText("The endpoint refused it.")).isVisible();
            button(page.locator("main"), "Send again").click();
            Locator dialog = page.getByRole(AriaRole.DIALOG);
            dialog.getByLabel("Reason").fill(REASON);
            Screenshots.take(visit, "requeue");
            Accessibility.assertAccessible(page);
            button(dialog, "Send again").click();
            assertThat(page.getByText("1 event will be sent again.")).isVisible();
            assertThat(dialog).hasCount(0);

            assertThat(tenant.awaitEvents("delivered", 1).at("/0/key").asText()).isEqualTo(key);
            button(page.locator("main"), "Refresh").click();
            assertThat(page.getByText("The endpoint took it.")).isVisible();
            assertThat(page.locator(".ledger")).containsText(REASON);
            Screenshots.takeWhole(visit, "requeued");
            Accessibility.assertAccessible(page);
        }
        assertThat(billed()).contains(payer.toString());
        assertAudited("deliveries.requeue", key);
    }

    @Test
    void aWaivedDeadLetterTakesAReasonAndIsFinal() {
        String key = dead.at("/1/key").asText();
        try (Visit visit = browser.visitOf(PortalWorld.OPERATOR, world, Look.DARK_NARROW)) {
            Page page = visit.page();
            visit.open("/portal/#/delivery?state=dead&payer=" + payer);
            page.getByLabel("Select event " + key).check();
            assertThat(page.getByText("1 event selected")).isVisible();
            button(page.locator(".selection"), "Waive").click();
            Locator dialog = page.getByRole(AriaRole.DIALOG);
            button(dialog, "Waive").click();
            assertThat(dialog.getByText("This is needed.")).isVisible();
            Screenshots.take(visit, "waive");
            Accessibility.assertAccessible(page);
            dialog.getByLabel("Reason").fill(REASON);
            button(dialog, "Waive").click();
            assertThat(page.getByText("1 event is waived.")).isVisible();
            assertThat(page.getByLabel("Select event " + key)).hasCount(0);

            visit.open("/portal/#/event?key=" + key);
            assertThat(page.getByText("It is never sent, because an operator said so."))
                    .isVisible();
            assertThat(page.locator(".ledger")).containsText(REASON);
            assertThat(button(page.locator("main"), "Send again")).hasCount(0);
        }
        assertThat(world.operator()
                        .get("/deliveries/" + key)
                        .json()
                        .path("state")
                        .asText())
                .isEqualTo("waived");
        assertAudited("deliveries.waive", key);
    }

    private static String billed() {
        Answer answer = world.operator().get(world.info().path("commerceUrl").asText() + "/");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private static void assertAudited(String action, String key) {
        JsonNode entries = world.operator()
                .get("/audit?order=desc&action=" + action)
                .json()
                .path("value");
        assertThat(PortalView.row(entries, "target", key).toString()).contains(REASON);
    }
}
