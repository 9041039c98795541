package io.tallygate.deploy.portal;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.tallygate.deploy.testing.HttpCaller.Answer;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Another customer subscription pays for a tenant: seen beforehand, done, and what was routed already moved along. */
class MappingIT extends InBrowser {
    private static final int HOURS = 5;
    private static final int MOVED_HOURS = 3;

    private static AddedTenant tenant;

    private final UUID next = UUID.randomUUID();

    @BeforeAll
    static void open() {
        tenant = AddedTenant.of(world, "Trey Research");
    }

    @Test
    void aChangeIsPreviewedMadeAndFollowedByTheUsage() {
        UUID old = UUID.randomUUID();
        Instant from = tenant.paidBy(old, 2 * HOURS).using(HOURS).hoursBack(MOVED_HOURS);
        JsonNode preview = ok(world.operator().put(tenant.mapping(next, "&dryRun=true"), tenant.mappedFrom(from)));
        JsonNode move = preview.at("/reroute/moves/0");
        assertThat(move.at("/total/records").asInt()).as("%s", preview).isEqualTo(MOVED_HOURS);

        try (Visit visit = browser.visitOf(PortalWorld.OPERATOR, world, Look.LIGHT_WIDE)) {
            Page page = visit.page();
            visit.open("/portal/#/registration?id=" + world.registration());
            button(page, "Change who pays for " + tenant.name()).click();
            Locator dialog = page.getByRole(AriaRole.DIALOG);
            Accessibility.assertAccessible(page);
            dialog.getByLabel("Customer subscription that pays").fill(next.toString());
            dialog.getByLabel("Effective from").fill(from.toString());
            press(dialog, "Preview");

            assertStep(visit, "What this would do", "mapping-preview");
            assertThat(dialog.getByText("pays for " + tenant.name() + " until")).isVisible();
            assertMoves(dialog, old, move);
            assertThat(ok(world.operator().get(tenant.mapping(old, "")))
                            .at("/properties/effectiveTo")
                            .isNull())
                    .isTrue();

            press(dialog, "Apply");
            assertStep(visit, "Move what was routed before?", "mapping-reroute");
            assertMoves(dialog, old, move);
            press(dialog, "Move it");
            assertStep(visit, "Moved", "mapping-moved");
            assertMoves(dialog, old, move);
            press(dialog, "Close");

            assertHistory(visit, old, from);
        }
        assertThat(reroute(from, "?dryRun=true").path("moves")).isEmpty();
        assertThat(reconciled(next)).isEqualTo(MOVED_HOURS);
        assertThat(reconciled(old)).isEqualTo(HOURS - MOVED_HOURS);
        assertThat(world.operator()
                        .get("/audit?order=desc&action=customerSubscription.put")
                        .body())
                .contains(next.toString());
    }

    private static void assertStep(Visit visit, String heading, String name) {
        assertThat(visit.page()
                        .getByRole(
                                AriaRole.HEADING,
                                new Page.GetByRoleOptions().setName(heading).setExact(true)))
                .isVisible();
        Screenshots.take(visit, name);
        Accessibility.assertAccessible(visit.page());
    }

    // From whom to whom, and how much: one row of a table.
    private void assertMoves(Locator dialog, UUID old, JsonNode move) {
        Locator row = dialog.getByLabel("What moves from which payer to which").locator("tbody tr");
        assertThat(row).hasCount(1);
        Locator cells = row.locator("th, td");
        assertThat(cells.nth(0)).hasText(old.toString());
        assertThat(cells.nth(1)).hasText(next.toString());
        assertThat(cells.nth(2)).hasText(move.at("/total/rows").asText());
        assertThat(cells.nth(3)).hasText(move.at("/total/records").asText());
        assertThat(row.locator("td [title]").last()).hasAttribute("title", Figures.exact(move.at("/total/quantity")));
    }

    private void assertHistory(Visit visit, UUID old, Instant from) {
        Page page = visit.page();
        Locator rows = page.locator("tr:has(:text-is(\"" + tenant.name() + "\"))");
        assertThat(rows.filter(having(old))).containsText("Ended");
        assertThat(rows.filter(having(next))).containsText("In force");
        assertThat(page.locator(".timeline-lane").filter(new Locator.FilterOptions().setHasText(tenant.name())))
                .containsText(next.toString());
        page.getByLabel("Show superseded").check();
        visit.settle();
        assertThat(rows.filter(having(old))).hasCount(2);
        Screenshots.takeWhole(visit, "mapping-history");
        Accessibility.assertAccessible(page);

        JsonNode ended = ok(world.operator()
                        .get(world.registration() + "/customerSubscriptions?api-version=2022-06-01&$expand=history"))
                .path("value");
        assertThat(ended)
                .anyMatch(each -> each.path("name").asText().equals(old.toString())
                        && !each.at("/properties").hasNonNull("supersededAt")
                        && each.at("/properties").hasNonNull("effectiveTo")
                        && OffsetDateTime.parse(
                                        each.at("/properties/effectiveTo").asText())
                                .toInstant()
                                .equals(from));
        JsonNode standing = ok(world.operator().get(tenant.mapping(next, "")));
        assertThat(standing.at("/properties/state").asText()).isEqualTo("inForce");
        assertThat(OffsetDateTime.parse(standing.at("/properties/effectiveFrom").asText())
                        .toInstant())
                .isEqualTo(from);
    }

    private static Locator.FilterOptions having(UUID payer) {
        return new Locator.FilterOptions().setHasText(payer.toString());
    }

    private static JsonNode reroute(Instant from, String query) {
        return ok(world.operator()
                .post(
                        "/reroute" + query,
                        "application/json",
                        "{\"from\":\"" + from + "\",\"tenantId\":\"" + tenant.id() + "\",\"registration\":\""
                                + world.registration() + "\"}"));
    }

    // How many records a payer is, or will be, billed for: what was mapped to it, and what was moved from or to it
    // since.
    private static long reconciled(UUID payer) {
        JsonNode rows = ok(world.operator()
                        .get("/reconciliation?groupBy=tenant,payer&from="
                                + UsageViews.daysBack(2).toString().substring(0, 10) + "&to="
                                + UsageViews.daysBack(-1).toString().substring(0, 10)))
                .path("rows");
        JsonNode row = PortalView.row(rows, "payerSubscriptionId", payer.toString());
        return row.at("/mapped/count").asLong() + row.at("/adjusted/count").asLong();
    }

    private static void press(Locator dialog, String name) {
        dialog.locator(".dialog-actions button:text-is(\"" + name + "\")").click();
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name));
    }

    private static JsonNode ok(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }
}
