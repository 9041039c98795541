package io.tallygate.deploy.portal;

import static io.tallygate.deploy.portal.Figures.count;
import static io.tallygate.deploy.portal.Figures.exact;
import static io.tallygate.deploy.portal.Figures.figure;
import static io.tallygate.deploy.portal.UsageViews.daysBack;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.testing.HttpCaller;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The views that only operators have, and what is to be seen there. */
final class OperatorViews {
    private static final int WEEK = 7;

    private final PortalWorld world;
    private final HttpCaller operator;

    OperatorViews(PortalWorld world) {
        this.world = world;
        this.operator = world.operator();
    }

    List<PortalView> all() {
        return List.of(
                PortalView.plain("tenants", this::tenants),
                PortalView.plain("sources", this::sources),
                new PortalView("collected", "collected", "?source=" + Incidents.CLOUD, this::collected),
                new PortalView("gaps", "gaps", "?state=cleared", this::gaps),
                PortalView.plain("registrations", this::registrations),
                new PortalView("registration", "registration", "?id=" + world.registration(), this::registration),
                PortalView.plain("delivery", this::delivery),
                new PortalView("delivery-events", "delivery", "?state=dead", this::deadLetters),
                new PortalView(
                        "event", "event", "?key=" + deadLetter().path("key").asText(), this::event),
                PortalView.plain("reconciliation", () -> reconciliation("accepted", "Accepted")),
                new PortalView(
                        "reconciliation-drilled", "reconciliation", "?day=all&stage=dead", this::whoseDeadLetters),
                PortalView.plain("windows", this::windows),
                PortalView.plain(
                        "quarantine", () -> figure("Waiting records", held("/quarantine")) + ":not(:text-is(\"0\"))"),
                new PortalView(
                        "conflicts",
                        "quarantine",
                        "?kind=conflicts",
                        () -> "a[aria-current]:has-text(\"Conflicts\") .badge:text-is(\"" + held("/conflicts")
                                + "\")"));
    }

    // Contoso's usage of the meter with most records.
    private String tenants() {
        JsonNode groups = operator.get("/usage/summary?granularity=total&groupBy=tenant&top=100&from=" + daysBack(WEEK)
                        + "&to=" + daysBack(0))
                .json()
                .path("groups");
        String meter = UsageViews.metersByRecords(groups).get(0);
        String tenant = world.tenant("Contoso").path("tenantId").asText();
        JsonNode group = stream(groups)
                .filter(each -> each.path("key").asText().equals(tenant)
                        && each.path("meterId").asText().equals(meter))
                .findFirst()
                .orElseThrow();
        return "td a[href*=\"" + tenant + "\"] > span[title=\"" + exact(group.path("total")) + " "
                + group.path("unit").asText() + "\"]";
    }

    private String sources() {
        String week = "?from=" + daysBack(WEEK) + "&to=" + daysBack(0);
        JsonNode source = PortalView.row(
                operator.get("/usage/sources" + week).json().path("value"), "source", Incidents.GAPPY_SOURCE);
        return "section.card:has(h2:text-is(\"" + Incidents.GAPPY_SOURCE + "\")):has(dd:text-is(\""
                + count(source.path("records").asLong()) + "\")) .gaps :text(\""
                + source.at("/gaps/0/hours").asText() + " hours without usage\")";
    }

    private String collected() {
        long waiting = operator.get("/sources").json().at("/value/0/waiting").asLong();
        int windows = operator.get("/sources/" + Incidents.CLOUD + "/windows")
                .json()
                .path("value")
                .size();
        return "main:has(" + figure("Waiting windows", count(waiting)) + ") section.card:has(h2:text-is(\"Windows of "
                + Incidents.CLOUD + "\")) tr:last-child:nth-child(" + windows + ")";
    }

    private String gaps() {
        JsonNode gap = operator.get("/gaps?state=cleared").json().at("/value/0");
        return "tr:has(.badge:text-is(\"Hours missing\")):has-text(\"" + exact(gap.at("/before/quantity"))
                + "\"):has-text(\"" + exact(gap.at("/after/quantity")) + "\"):has-text(\"0 of "
                + gap.path("expected").asText() + "\")";
    }

    private String registrations() {
        return figure(
                        "Mappings in force",
                        count(mappings().filter(each -> state(each, "inForce")).count()))
                + ":not(:text-is(\"0\"))";
    }

    private String registration() {
        long standing = mappings()
                .filter(each -> !each.at("/properties").hasNonNull("supersededAt"))
                .count();
        return "section.card:has(h2:text-is(\"Customer subscriptions\")) tr:last-child:nth-child(" + standing + ")";
    }

    private String delivery() {
        return figure(
                        "Dead letters",
                        count(stream(operator.get("/payers").json().path("value"))
                                .mapToLong(
                                        payer -> payer.at("/states/dead/events").asLong())
                                .sum()))
                + ":not(:text-is(\"0\"))";
    }

    private String deadLetters() {
        String all = count(
                operator.get("/deliveries?state=dead").json().path("value").size());
        return ".pager span:text-is(\"" + all + " of " + all + "\")";
    }

    private String event() {
        return "dd:text-is(\"" + exact(deadLetter().path("quantity")) + "\")";
    }

    // Of those that were made with the world, which no test changes.
    private JsonNode deadLetter() {
        String payer =
                world.tenant(Incidents.REFUSED).path("customerSubscriptionId").asText();
        return operator.get("/deliveries?state=dead&payer=" + payer).json().at("/value/0");
    }

    private String reconciliation(String account, String label) {
        String week = "?from=" + day(daysBack(WEEK)) + "&to=" + day(daysBack(0));
        return figure(
                label,
                count(operator.get("/reconciliation" + week)
                        .json()
                        .at("/totals/" + account + "/count")
                        .asLong()));
    }

    private String whoseDeadLetters() {
        String tenant = world.tenant(Incidents.REFUSED).path("tenantId").asText();
        JsonNode rows = operator.get(
                        "/reconciliation?groupBy=tenant&from=" + day(daysBack(WEEK)) + "&to=" + day(daysBack(0)))
                .json()
                .path("rows");
        return "tr:has(a[title=\"" + tenant + "\"]) td:text-is(\""
                + count(PortalView.row(rows, "tenantId", tenant)
                        .at("/dead/count")
                        .asLong()) + "\")";
    }

    private String windows() {
        return figure(
                "Unsealed records",
                count(operator.get("/windows")
                        .json()
                        .at("/openWindow/unsealedRecords")
                        .asLong()));
    }

    private String held(String path) {
        return count(operator.get(path).json().path("value").size());
    }

    private Stream<JsonNode> mappings() {
        return stream(
                operator.get(world.registration() + "/customerSubscriptions?api-version=2022-06-01&$expand=history")
                        .json()
                        .path("value"));
    }

    private static boolean state(JsonNode mapping, String state) {
        return mapping.at("/properties/state").asText().equals(state);
    }

    private static String day(Instant time) {
        return time.toString().substring(0, 10);
    }

    private static Stream<JsonNode> stream(JsonNode rows) {
        return StreamSupport.stream(rows.spliterator(), false);
    }
}
