package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.HttpCaller.Answer;
import io.tallygate.deploy.testing.TestEvents;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestWorld;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.TestPostgres;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What operators see of delivery and decide about it. */
class DeskIT {
    private static final Instant HOUR = Instant.parse("2026-11-01T10:00:00Z");

    private static TestGateway gateway;
    private static TestEvents events;
    private static HttpCaller operator;
    private static TestWorld world;
    private static TenantId tenant;
    private static SubscriptionId subscription;

    private final UUID payer = UUID.randomUUID();
    private UUID key;

    @BeforeAll
    static void start() {
        gateway = TestGateway.paused(TestPostgres.fresh());
        events = new TestEvents(gateway.postgres());
        operator = HttpCaller.operator(gateway);
        world = new TestWorld(gateway);
        world.registration(UUID.randomUUID(), "north");
        tenant = new TenantId(UUID.randomUUID());
        subscription = world.subscription(tenant);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void event() {
        key = events.pending(payer, subscription, HOUR, "1.50");
    }

    @AfterEach
    void release() {
        gateway.postgres().execute("delete from delivery_hold; delete from payer_hold; delete from endpoint_pause");
    }

    private static Answer post(String path, String body) {
        return operator.post(path, "application/json", body);
    }

    private static JsonNode done(String path, String body) {
        Answer answer = post(path, body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private static void refused(String path, String body, String code, String part) {
        Answer answer = post(path, body);
        assertThat(answer.errorCode()).as(answer.body()).isEqualTo(code);
        assertThat(answer.body()).contains(part);
    }

    private String path(String verb) {
        return "/deliveries/" + key + "/" + verb;
    }

    private List<String> keys(String filter) {
        return listed("payer=" + payer + filter);
    }

    private List<String> audited(String action) {
        return gateway.postgres()
                .query("select reason from audit_entry where action = '" + action + "' and target in ('" + key + "', '"
                        + payer + "', 'deliveries', 'default') order by audit_id");
    }

    @Test
    void eventsAreFoundByWhatTheyAre() {
        UUID dead = events.pending(payer, subscription, HOUR.plus(1, ChronoUnit.HOURS), "2");
        events.set(dead, "state = 'dead', reason = 'Expired'");

        assertThat(keys("")).containsExactly(key.toString(), dead.toString());
        assertThat(keys("&state=dead")).containsExactly(dead.toString());
        assertThat(keys("&state=PENDING")).containsExactly(key.toString());
        assertThat(keys("&state=held")).isEmpty();
        assertThat(keys("&reason=Expired&endpoint=default")).containsExactly(dead.toString());
        assertThat(keys("&endpoint=other")).isEmpty();
        assertThat(keys("&tenant=" + tenant)).hasSize(2);
        assertThat(keys("&tenant=" + UUID.randomUUID())).isEmpty();
        assertThat(keys("&from=2026-11-01T11:00:00Z")).containsExactly(dead.toString());
        assertThat(keys("&to=2026-11-01T11:00:00Z")).containsExactly(key.toString());
        assertThat(keys("&after=" + key)).containsExactly(dead.toString());

        done("/payers/" + payer + "/hold", "{\"reason\":\"a test\"}");
        assertThat(keys("&state=held")).containsExactly(key.toString());
        assertThat(keys("&state=pending")).isEmpty();
    }

    @Test
    void aTenantsEventsWereLookedForAmongAllEvents() {
        TenantId own = new TenantId(UUID.randomUUID());
        SubscriptionId mine = world.subscription(own);
        List<String> expected = new ArrayList<>();
        for (int hour = 1; hour <= 3; hour++) {
            expected.add(events.pending(payer, mine, HOUR.plus(hour, ChronoUnit.HOURS), "2")
                    .toString());
        }

        assertThat(ofTenant(own, "")).isEqualTo(expected);
        assertThat(ofTenant(own, "&after=" + expected.get(0))).isEqualTo(expected.subList(1, 3));
        assertThat(ofTenant(own, "&from=2026-11-01T12:00:00Z&to=2026-11-01T13:00:00Z"))
                .containsExactly(expected.get(1));
        assertThat(ofTenant(own, "&state=pending")).isEqualTo(expected);
        assertThat(ofTenant(own, "&state=delivered")).isEmpty();
        assertThat(ofTenant(new TenantId(UUID.randomUUID()), "")).isEmpty();
    }

    private static List<String> ofTenant(TenantId tenant, String filter) {
        return listed("tenant=" + tenant + filter);
    }

    private static List<String> listed(String query) {
        Answer answer = operator.get("/deliveries?" + query);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        List<String> keys = new ArrayList<>();
        answer.json().path("value").forEach(event -> keys.add(event.path("key").asText()));
        return keys;
    }

    @Test
    void eventsOfASubmissionAreFoundWithWhatBecameOfThemInIt() {
        UUID other = events.pending(payer, subscription, HOUR.plus(1, ChronoUnit.HOURS), "2");
        UUID another = events.pending(payer, subscription, HOUR, "3");
        String first = submission(key, "NoAnswer", null);
        submission(other, "Error", first);
        String second = submission(key, "Accepted", null);
        submission(another, "Accepted", null);

        JsonNode sent = operator.get("/deliveries?submission=" + first).json().path("value");
        assertThat(sent).hasSize(2);
        assertThat(sent.at("/0/key").asText()).isEqualTo(key.toString());
        assertThat(sent.at("/0/ledger")).hasSize(1);
        assertThat(sent.at("/0/ledger/0/outcome").asText()).isEqualTo("NoAnswer");
        assertThat(sent.at("/0/ledger/0/submissionId").asText()).isEqualTo(first);
        assertThat(sent.at("/1/key").asText()).isEqualTo(other.toString());
        assertThat(sent.at("/1/ledger/0/outcome").asText()).isEqualTo("Error");
        assertThat(listed("submission=" + second)).containsExactly(key.toString());
        assertThat(listed("submission=" + first + "&after=" + key)).containsExactly(other.toString());
        assertThat(listed("submission=" + first + "&tenant=" + tenant)).hasSize(2);
        assertThat(listed("submission=" + first + "&tenant=" + UUID.randomUUID()))
                .isEmpty();
        assertThat(listed("submission=" + UUID.randomUUID())).isEmpty();
        assertThat(operator.get("/deliveries?payer=" + payer)
                        .json()
                        .at("/value/0")
                        .has("ledger"))
                .isFalse();
    }

    // Of a request of its own, or of the one that is given.
    private static String submission(UUID event, String outcome, String submission) {
        events.attempt(event, outcome, "test");
        String latest = "(select max(entry_id) from delivery_ledger)";
        if (submission != null) {
            gateway.postgres()
                    .execute("update delivery_ledger set submission_id = '" + submission + "' where entry_id = "
                            + latest);
        }
        return gateway.postgres()
                .query("select submission_id from delivery_ledger where entry_id = " + latest)
                .get(0);
    }

    private static Map<String, String> pairs(String... names) {
        Map<String, String> pairs = new java.util.TreeMap<>();
        for (int i = 0; i < names.length; i += 2) {
            pairs.put(names[i], names[i + 1]);
        }
        return pairs;
    }

    @Test
    void whatIsAskedWronglyIsNamed() {
        Map<String, String> wrong = pairs(
                "/deliveries?stat=dead",
                "`stat`",
                "/deliveries?state=lost",
                "`state`",
                "/deliveries?payer=x",
                "`payer`",
                "/deliveries?from=yesterday",
                "`from`",
                "/deliveries?from=2026-11-02&to=2026-11-01",
                "`from`",
                "/deliveries?after=" + UUID.randomUUID(),
                "`after`",
                "/deliveries/x",
                "`key`",
                "/payers?after=x",
                "`after`",
                "/deliveries?submission=x",
                "`submission`",
                "/deliveries?endpoint=%00",
                "`endpoint`",
                "/endpoints?all=1",
                "`all`");
        wrong.forEach((path, part) -> {
            Answer answer = operator.get(path);
            assertThat(answer.errorCode()).as(path).isEqualTo("InvalidProperty");
            assertThat(answer.body()).contains(part);
        });
        assertThat(operator.get("/deliveries/" + UUID.randomUUID()).errorCode()).isEqualTo("ResourceNotFound");
    }

    @Test
    void pagesFollowEachOther() {
        gateway.postgres().execute("""
                insert into delivery_event (payer_subscription_id, reported_time, event_key, endpoint, effective_time,
                  quantity, record_count, row_count, body, body_hash)
                select payer_subscription_id, reported_time, gen_random_uuid(), endpoint, effective_time, quantity,
                  record_count, row_count, body, body_hash
                from delivery_event, generate_series(1, 1500) where event_key = 'KEY'""".replace("KEY", key.toString()));
        List<String> all = new ArrayList<>();
        int pages = 0;
        for (String next = "/deliveries?payer=" + payer + "&state=pending"; !next.isEmpty(); pages++) {
            JsonNode page = operator.get(next).json();
            page.path("value").forEach(event -> all.add(event.path("key").asText()));
            next = page.path("nextLink").asText();
        }
        assertThat(pages).isEqualTo(2);
        assertThat(all).hasSize(1501).doesNotHaveDuplicates();
    }

    @Test
    void anEventIsShownWithItsContentItsUsageAndItsHistory() {
        events.attempt(key, "Error", "500 Internal Server Error");
        events.attempt(key, "Throttled", "429");

        JsonNode shown = operator.get("/deliveries/" + key).json();

        assertThat(shown.path("quantity").decimalValue()).isEqualByComparingTo("1.5");
        assertThat(shown.at("/body/quantity").decimalValue()).isEqualByComparingTo("1.5");
        assertThat(shown.path("bodySha256").asText()).hasSize(64);
        assertThat(shown.path("effectiveTime").asText()).isEqualTo("2026-11-01T10:00:00+00:00");
        assertThat(shown.path("usage")).hasSize(1);
        assertThat(shown.at("/usage/0/tenantId").asText()).isEqualTo(tenant.toString());
        assertThat(shown.at("/usage/0/recordCount").asInt()).isEqualTo(2);
        assertThat(shown.path("ledger"))
                .extracting(entry -> entry.path("outcome").asText())
                .containsExactly("Error", "Throttled");
    }

    @Test
    void aDeadEventIsRequeuedWithItsAttempts() {
        events.set(key, "state = 'dead', reason = 'Expired', attempts = 3, settled_at = now(), lease_token = 7");

        JsonNode now = done(path("requeue"), "");

        assertThat(now.path("state").asText()).isEqualTo("pending");
        assertThat(now.path("attempts").asInt()).isEqualTo(3);
        assertThat(now.path("inFlight").asBoolean()).isFalse();
        assertThat(events.get(key, "lease_token is null and settled_at is null and reason is null"))
                .isEqualTo("t");
        assertThat(operator.get("/deliveries/" + key)
                        .json()
                        .at("/ledger/0/outcome")
                        .asText())
                .isEqualTo("Requeued");
        assertThat(audited("deliveries.requeue")).hasSize(1);
        refused(path("requeue"), "", "Conflict", "only what is dead or manual");
    }

    @Test
    void whatMayBeBilledIsSentAgainOnlyWithTheOperatorsWord() {
        events.set(key, "state = 'manual', reason = 'OutcomeUnknown', unknown_since = now() - interval '9 days'");

        refused(path("requeue"), "{\"reason\":\"not billed\"}", "Conflict", "acceptDuplicateRisk");
        refused(path("requeue"), "{\"acceptDuplicateRisc\":true}", "InvalidProperty", "`acceptDuplicateRisc`");
        refused(path("requeue"), "{\"acceptDuplicateRisk\":\"yes\"}", "InvalidProperty", "`acceptDuplicateRisk`");
        assertThat(events.get(key, "state")).isEqualTo("manual");
        JsonNode now = done(path("requeue"), "{\"reason\":\"not billed\",\"acceptDuplicateRisk\":true}");

        assertThat(now.path("unknownSince").isNull()).isTrue();
        assertThat(now.path("attempts").asInt())
                .as("a re-route would take it for never sent")
                .isEqualTo(1);
        assertThat(audited("deliveries.requeue")).containsExactly("not billed");
    }

    @Test
    void aNegativeSumIsWaivedAndNeverSent() {
        events.set(key, "state = 'manual', reason = 'NegativeSum'");

        refused(path("requeue"), "{\"acceptDuplicateRisk\":true}", "Conflict", "waive it, or re-route");
        refused(path("waive"), "{}", "InvalidProperty", "`reason`");
        refused(path("waive"), "", "InvalidProperty", "body");
        assertThat(done(path("waive"), "{\"reason\":\"a gift\"}").path("state").asText())
                .isEqualTo("waived");
        assertThat(operator.get("/deliveries/" + key)
                        .json()
                        .at("/ledger/0/detail")
                        .asText())
                .isEqualTo("a gift");
        assertThat(audited("deliveries.waive")).containsExactly("a gift");
        refused(path("waive"), "{\"reason\":\"again\"}", "Conflict", "waived");
    }

    @Test
    void whatMayBeBilledWasWaivedAsIfItWereNot() {
        events.set(key, "unknown_since = now()");

        refused(path("waive"), "{\"reason\":\"r\"}", "Conflict", "`acceptBilled`");
        refused(path("waive"), "{\"reason\":\"r\",\"acceptBilled\":\"yes\"}", "InvalidProperty", "`acceptBilled`");
        assertThat(events.get(key, "state")).isEqualTo("pending");
        JsonNode now = done(path("waive"), "{\"reason\":\"r\",\"acceptBilled\":true}");

        assertThat(now.path("state").asText()).isEqualTo("waived");
        assertThat(now.path("unknownSince").isNull()).isFalse();
    }

    @Test
    void whatIsInFlightOrDeliveredIsNotWaived() {
        events.set(key, "lease_token = 7, next_attempt_at = now() + interval '1 minute'");
        refused(path("waive"), "{\"reason\":\"r\"}", "Conflict", "in flight");
        assertThat(operator.get("/deliveries/" + key).json().path("inFlight").asBoolean())
                .isTrue();

        events.set(key, "lease_token = null, state = 'delivered'");
        refused(path("waive"), "{\"reason\":\"r\"}", "Conflict", "delivered");

        // The lease ran out: whoever held it must not move the event any more.
        events.set(key, "lease_token = 7, next_attempt_at = now() - interval '1 minute', state = 'pending'");
        done(path("waive"), "{\"reason\":\"r\"}");
        assertThat(events.get(key, "lease_token is null")).isEqualTo("t");
        refused("/deliveries/" + UUID.randomUUID() + "/waive", "{\"reason\":\"r\"}", "ResourceNotFound", "no event");
        refused("/deliveries/x/waive", "{\"reason\":\"r\"}", "InvalidProperty", "`key`");
    }

    @Test
    void aPayerIsHeldAndResumedAndShownWithItsSums() {
        events.waiting(payer, subscription, HOUR, "4");
        events.set(events.pending(payer, subscription, HOUR, "2"), "state = 'dead'");
        gateway.postgres()
                .execute("insert into payer_hold (payer_subscription_id, automatic, reason) values ('" + payer
                        + "', true, 'NotSubscribed')");

        JsonNode held = payer();
        assertThat(held.path("held").asBoolean()).isTrue();
        assertThat(held.path("automatic").asBoolean()).isTrue();
        assertThat(held.path("reason").asText()).isEqualTo("NotSubscribed");
        assertThat(held.at("/waiting/quantity").asInt()).isEqualTo(4);
        assertThat(held.at("/states/dead/events").asInt()).isEqualTo(1);
        assertThat(held.at("/states/pending/records").asInt()).isEqualTo(2);

        refused("/payers/" + payer + "/hold", "{}", "InvalidProperty", "`reason`");
        refused("/payers/x/hold", "{\"reason\":\"r\"}", "InvalidProperty", "`payer`");
        refused("/payers/" + UUID.randomUUID() + "/hold", "{\"reason\":\"r\"}", "ResourceNotFound", "is no payer");
        assertThat(done("/payers/" + payer + "/hold", "{\"reason\":\"mine\"}")
                        .path("automatic")
                        .asBoolean())
                .isFalse();
        done("/payers/" + payer + "/hold", "{\"reason\":\"mine\"}");
        assertThat(audited("payers.hold")).containsExactly("mine");
        done("/payers/" + payer + "/resume", "");
        assertThat(done("/payers/" + payer + "/resume", "{}").path("held").asBoolean())
                .isFalse();
        assertThat(audited("payers.resume")).hasSize(1);
        assertThat(payer().path("held").asBoolean()).isFalse();
    }

    private JsonNode payer() {
        for (String next = "/payers"; !next.isEmpty(); ) {
            JsonNode page = operator.get(next).json();
            for (JsonNode each : page.path("value")) {
                if (each.path("payerSubscriptionId").asText().equals(payer.toString())) {
                    return each;
                }
            }
            next = page.path("nextLink").asText();
        }
        throw new AssertionError("The payer is on no page");
    }

    @Test
    void everyPayerIsOnOnePage() {
        List<String> made = new ArrayList<>(List.of(payer.toString()));
        for (int i = 0; i < 101; i++) {
            UUID other = UUID.randomUUID();
            made.add(other.toString());
            switch (i % 3) {
                case 0 -> events.pending(other, subscription, HOUR, "1");
                case 1 -> events.waiting(other, subscription, HOUR, "1");
                default ->
                    gateway.postgres()
                            .execute("insert into payer_hold (payer_subscription_id, automatic, reason) values ('"
                                    + other + "', true, 'r')");
            }
        }
        List<String> seen = new ArrayList<>();
        for (String next = "/payers"; !next.isEmpty(); ) {
            JsonNode page = operator.get(next).json();
            page.path("value")
                    .forEach(each -> seen.add(each.path("payerSubscriptionId").asText()));
            next = page.path("nextLink").asText();
        }
        assertThat(seen).doesNotHaveDuplicates().isSorted().containsAll(made);
    }

    @Test
    void endpointsShowWhatWaitsForThemAndAllDeliveryIsHeld() {
        gateway.postgres()
                .execute(
                        "insert into endpoint_pause values ('paused', now() + interval '1 minute', 1, 'Unauthorized')");
        JsonNode all = operator.get("/endpoints").json();
        assertThat(all.at("/deliveries/held").asBoolean()).isFalse();
        Map<String, JsonNode> byName = new java.util.HashMap<>();
        all.path("value").forEach(endpoint -> byName.put(endpoint.path("name").asText(), endpoint));
        assertThat(byName.get("paused").path("reason").asText()).isEqualTo("Unauthorized");
        assertThat(byName.get("default").path("breaker").isNull())
                .as("this gateway delivers nowhere")
                .isTrue();
        assertThat(byName.get("default").path("pendingEvents").asInt()).isPositive();
        assertThat(byName.get("default").path("oldestPending").asText()).isEqualTo("2026-11-01T10:00:00+00:00");

        refused("/deliveries/hold", "{\"why\":\"r\"}", "InvalidProperty", "`why`");
        done("/deliveries/hold", "{\"reason\":\"maintenance\"}");
        done("/deliveries/hold", "{\"reason\":\"maintenance\"}");
        assertThat(keys("&state=held")).containsExactly(key.toString());
        assertThat(operator.get("/endpoints").json().at("/deliveries/reason").asText())
                .isEqualTo("maintenance");
        done("/deliveries/resume", "");
        assertThat(audited("deliveries.hold")).containsOnlyOnce("maintenance");
        assertThat(keys("&state=pending")).containsExactly(key.toString());
    }

    private static String entry(Object key, UUID payer, String quantity) {
        return (key == null ? "{" : "{\"key\":\"" + key + "\",") + "\"payerSubscriptionId\":\"" + payer
                + "\",\"dimension\":\"core\",\"effectiveTime\":\"2026-11-01T10:17:00Z\",\"quantity\":" + quantity + "}";
    }

    private static String book(boolean apply, String... entries) {
        return "{\"endpoint\":\"default\",\"apply\":" + apply + ",\"entries\":[" + String.join(",", entries) + "]}";
    }

    @Test
    void theEndpointsBookIsComparedAndApplied() {
        UUID other = UUID.randomUUID();
        UUID same = events.pending(other, subscription, HOUR, "3");
        UUID differs = events.pending(UUID.randomUUID(), subscription, HOUR, "4");
        UUID flying = events.pending(UUID.randomUUID(), subscription, HOUR, "5");
        events.set(key, "state = 'manual', reason = 'OutcomeUnknown', unknown_since = now()");
        events.set(flying, "lease_token = 7, next_attempt_at = now() + interval '1 minute'");
        String[] entries = {
            entry(null, payer, "1.5"),
            entry(same, other, "3.0"),
            "{\"key\":\"" + differs + "\",\"quantity\":9}",
            "{\"key\":\"" + flying + "\",\"quantity\":5}",
            entry(null, UUID.randomUUID(), "1")
        };

        JsonNode compared = done("/deliveries/compare", book(false, entries));
        assertThat(compared.path("value"))
                .extracting(entry -> entry.path("result").asText())
                .containsExactly("matches", "matches", "differs", "matches", "unknown");
        assertThat(events.get(same, "state")).isEqualTo("pending");

        int before = audited("deliveries.compare").size();
        refused(
                "/deliveries/compare",
                "{\"endpoint\":\"nosuch\",\"entries\":[]}",
                "InvalidProperty",
                "`endpoint` is malformed: expected the name of an endpoint");
        refused("/deliveries/compare", book(true, entries), "Conflict", "not held");
        done("/deliveries/hold", "{\"reason\":\"restored\"}");
        JsonNode applied = done("/deliveries/compare", book(true, entries));
        assertThat(applied.at("/totals/applied").asInt()).isEqualTo(2);
        assertThat(applied.at("/value/3/inFlight").asBoolean()).isTrue();
        assertThat(events.get(key, "state")).isEqualTo("delivered");
        assertThat(events.get(key, "unknown_since is null")).isEqualTo("t");
        assertThat(events.get(same, "state")).isEqualTo("delivered");
        assertThat(events.get(differs, "state")).isEqualTo("pending");
        assertThat(operator.get("/deliveries/" + same)
                        .json()
                        .at("/ledger/0/outcome")
                        .asText())
                .isEqualTo("Compared");
        assertThat(audited("deliveries.compare")).hasSize(before + 1);
        assertThat(done("/deliveries/compare", book(false, entries))
                        .at("/value/0/result")
                        .asText())
                .isEqualTo("delivered");
    }

    @Test
    void whatWasLostAndPostedAgainHadAnotherKeyAndWasBilledTwice() {
        UUID twin = events.pending(payer, subscription, HOUR, "1.5");
        UUID first = UUID.randomUUID();
        UUID second = UUID.randomUUID();
        String[] entries = {
            entry(first, payer, "1.50"),
            entry(second, payer, "1.5"),
            entry(UUID.randomUUID(), payer, "1.5"),
            entry(UUID.randomUUID(), payer, "7"),
            "{\"key\":\"" + UUID.randomUUID() + "\",\"quantity\":1.5}"
        };

        JsonNode compared = done("/deliveries/compare", book(false, entries));
        assertThat(results(compared)).containsExactly("matches", "matches", "unknown", "unknown", "unknown");
        String matched = compared.at("/value/0/matchedKey").asText();
        assertThat(List.of(matched, compared.at("/value/1/matchedKey").asText()))
                .containsExactlyInAnyOrder(key.toString(), twin.toString());

        done("/deliveries/hold", "{\"reason\":\"r\"}");
        JsonNode applied = done("/deliveries/compare", book(true, entries));
        assertThat(applied.at("/totals/applied").asInt()).isEqualTo(2);
        assertThat(events.get(key, "state")).isEqualTo("delivered");
        assertThat(events.get(twin, "state")).isEqualTo("delivered");
        JsonNode shown = operator.get("/deliveries/" + matched).json();
        assertThat(shown.at("/ledger/0/outcome").asText()).isEqualTo("Compared");
        assertThat(shown.at("/ledger/0/detail").asText()).contains("under the key " + first);
    }

    private static List<String> results(JsonNode compared) {
        List<String> results = new ArrayList<>();
        compared.path("value").forEach(entry -> results.add(entry.path("result").asText()));
        return results;
    }

    @Test
    void aBookThatWasAppliedTookOtherEventsTheSecondTime() {
        events.pending(payer, subscription, HOUR, "1.5");
        String billed = entry(UUID.randomUUID(), payer, "1.5");
        done("/deliveries/hold", "{\"reason\":\"r\"}");
        assertThat(results(done("/deliveries/compare", book(true, billed)))).containsExactly("matches");

        assertThat(results(done("/deliveries/compare", book(true, billed)))).containsExactly("delivered");
        assertThat(keys("&state=held")).hasSize(1);
        // In another request than the first: its event is not to be had any more.
        String other = entry(UUID.randomUUID(), payer, "1.5");
        assertThat(results(done("/deliveries/compare", book(true, other)))).containsExactly("matches");
        assertThat(results(done("/deliveries/compare", book(true, entry(UUID.randomUUID(), payer, "1.5")))))
                .containsExactly("unknown");
    }

    @Test
    void anEventWhoseOwnKeyIsInTheBookIsNoOtherEntrysMatch() {
        JsonNode compared = done(
                "/deliveries/compare",
                book(
                        false,
                        entry(UUID.randomUUID(), payer, "1.5"),
                        entry(null, payer, "1.5"),
                        entry(key, payer, "1.5")));

        assertThat(results(compared)).containsExactly("unknown", "unknown", "matches");
        assertThat(compared.at("/value/2").has("matchedKey")).isFalse();
    }

    @Test
    void anHourThatWasBilledWithAnotherSumDiffersWhereThereIsOneEventAnHour() {
        gateway.postgres()
                .execute("insert into delivery_slot values ('default', '" + payer + "', 'core', '" + HOUR + "', '" + key
                        + "')");
        JsonNode compared = done(
                "/deliveries/compare",
                book(false, entry(UUID.randomUUID(), payer, "4"), entry(UUID.randomUUID(), payer, "5")));

        assertThat(results(compared)).containsExactly("differs", "unknown");
        assertThat(compared.at("/value/0/matchedKey").asText()).isEqualTo(key.toString());
        assertThat(compared.at("/value/0/quantity").decimalValue()).isEqualByComparingTo("1.5");
    }

    @Test
    void aRestoredGatewayWentOnWithoutItsBooksCompared() {
        done("/deliveries/hold", "{\"reason\":\"restored\"}");
        refused("/deliveries/resume", "", "Conflict", "--compared");
        refused("/deliveries/resume", "{\"compared\":false}", "Conflict", "compare each endpoint's own book first");
        refused("/deliveries/resume", "{\"compard\":true}", "InvalidProperty", "`compard`");
        assertThat(keys("&state=held")).containsExactly(key.toString());
        done("/deliveries/resume", "{\"compared\":true}");
        done("/deliveries/resume", "{}");
        assertThat(keys("&state=pending")).containsExactly(key.toString());
    }

    @Test
    void anEventIsTheMatchOfOneEntryOnly() {
        UUID twin = events.pending(payer, subscription, HOUR, "1.5");
        JsonNode compared = done(
                "/deliveries/compare",
                book(false, entry(null, payer, "1.5"), entry(null, payer, "1.5"), entry(null, payer, "1.5")));

        assertThat(compared.path("value"))
                .extracting(entry -> entry.path("result").asText())
                .containsExactly("matches", "matches", "unknown");
        assertThat(List.of(
                        compared.at("/value/0/key").asText(),
                        compared.at("/value/1/key").asText()))
                .containsExactlyInAnyOrder(key.toString(), twin.toString());
    }

    @Test
    void aBookThatCannotBeReadIsNamed() {
        Map<String, String> wrong = Map.of(
                "{\"entries\":[]}",
                "`endpoint`",
                "{\"endpoint\":\"default\"}",
                "`entries`",
                "{\"endpoint\":\"default\",\"entries\":{}}",
                "`entries`",
                "{\"endpoint\":\"default\",\"entries\":[1]}",
                "`entries[0]`",
                "{\"endpoint\":\"default\",\"entries\":[{\"quantity\":1}]}",
                "`entries[0].payerSubscriptionId`",
                "{\"endpoint\":\"default\",\"entries\":[{\"key\":\"" + key + "\"}]}",
                "`entries[0].quantity`",
                "{\"endpoint\":\"default\",\"entries\":[{\"key\":\"x\",\"quantity\":1}]}",
                "`entries[0].key`",
                "{\"endpoint\":\"default\",\"entries\":[{\"key\":\"" + key + "\",\"quantity\":\"1\"}]}",
                "`entries[0].quantity`",
                book(false, "{\"key\":\"" + key + "\",\"quantity\":1}", "{\"key\":\"" + key + "\",\"quantity\":1}"),
                "`entries[1].key`",
                "{\"endpoint\":\"default\",\"entries\":[],\"dry\":true}",
                "`dry`");
        wrong.forEach((body, part) -> refused("/deliveries/compare", body, "InvalidProperty", part));
    }
}
