package io.tallygate.deploy.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.testing.HttpCaller.Answer;
import io.tallygate.deploy.testing.TestEvent;
import io.tallygate.store.directory.SubscriptionId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What operators find in the morning, beside the demo's own tenant whom nobody pays for (Litware) and one who went silent
 * (Woodgrove Pilot): dead letters, a held payer, usage that is late, quarantined, in conflict or not sealed yet, a source
 * with a gap, a cloud that does not answer, and
 * hours that were missing.
 */
final class Incidents {
    /** Whose payer's endpoint refused the usage of the last hours: dead letters. */
    static final String REFUSED = "Contoso";
    /** Whose payer is held, with usage of the last hour waiting. */
    static final String HELD = "Woodgrove";
    /** Why it is held. */
    static final String HOLD_REASON = "The contract is being renewed";
    /** A source that reported for ten hours, with three missing. */
    static final String GAPPY_SOURCE = "/cluster-2/compute";

    /** A cloud that usage was collected from, until it did not answer any more. */
    static final String CLOUD = "cloud";

    private static final UUID NOBODY = UUID.fromString("50000000-0000-4000-8000-00000000dead");

    private final PortalWorld world;
    private final Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS);

    Incidents(PortalWorld world) {
        this.world = world;
    }

    void make() {
        hold();
        collect();
        gap();
        world.switchEndpoint(
                "{\"mode\":\"status\",\"status\":\"InvalidDimension\",\"payer\":\"" + payer(REFUSED) + "\"}");
        report(IntStream.rangeClosed(1, 4)
                .mapToObj(back -> event("refused-" + back, REFUSED, back))
                .collect(Collectors.joining()));
        report(event("held-1", HELD, 1) + event("unmapped-1", "Litware", 1) + event("late-1", "Fabrikam", 5 * 24));
        report(IntStream.rangeClosed(1, 10)
                .filter(back -> back < 5 || back > 7)
                .mapToObj(back -> usage("gap-" + back, "Fabrikam", back)
                        .text("source", GAPPY_SOURCE)
                        .line())
                .collect(Collectors.joining()));
        quarantine();
        sealThrough(hour.plus(1, ChronoUnit.HOURS));
        await("dead letters")
                .atMost(Duration.ofMinutes(2))
                .until(() ->
                        !deliveries("dead").isEmpty() && deliveries("pending").isEmpty());
        world.switchEndpoint("{\"mode\":\"ok\"}");
        report(IntStream.rangeClosed(1, 3)
                .mapToObj(back -> event("open-" + back, REFUSED, back))
                .collect(Collectors.joining()));
    }

    private void hold() {
        Answer held = world.operator()
                .post("/payers/" + payer(HELD) + "/hold", "application/json", "{\"reason\":\"" + HOLD_REASON + "\"}");
        assertThat(held.status()).as(held.body()).isEqualTo(200);
    }

    // As if a gateway had it in its configuration: none is asked.
    private void collect() {
        world.execute("""
                insert into collect_source (source, registration_id, begins_at, planned_through, window_seconds, seen_at, failures,
                  failure, failed_at)
                select '%s', registration_id, timestamptz '%2$s' - interval '9 hours', '%2$s', 3600, now() + interval '1 day', 3,
                  'Away: no answer within PT1M', now()
                from registration limit 1""".formatted(CLOUD, hour));
        world.execute("""
                insert into collect_window (source, window_start, window_end, next_attempt_at, attempts, collected_at, stored_through,
                  row_count, accepted, duplicate, conflict, quarantined, rejected, problem)
                select '%s', start, start + interval '1 hour', now(), 1, done, date_trunc('hour', done, 'UTC'), count, count, 0 * count,
                  0 * count, 0 * count, 0 * count, case when n = 6 then 'UsageTimeTooOld: older than what is kept' end
                from generate_series(1, 9) n,
                  lateral (select timestamptz '%s' - n * interval '1 hour', case when n > 4 then now() end,
                    case when n > 4 then 1200 + n end) w (start, done, count)""".formatted(CLOUD, hour));
    }

    // Cleared, so that nobody looks at it any more.
    private void gap() {
        world.execute("""
                insert into gap_finding (kind, source, subscription_id, meter_key, resource_key, instance_id, from_hour, to_hour,
                  acknowledged_at, acknowledged_by, reason, cleared_at)
                select 'missingHours', '%s', b.subscription_id, b.meter_key, md5(lower(i.resource_uri))::uuid, b.instance_id,
                  b.usage_time + interval '1 hour', b.usage_time + interval '3 hours', now(), 'Olivia Nord',
                  'Switched off for maintenance', now()
                from usage_hourly b
                join instance i using (subscription_id, instance_id)
                join usage_hourly a using (subscription_id, meter_key, instance_id)
                where b.usage_time = timestamptz '%s' - interval '48 hours' and a.usage_time = b.usage_time + interval '3 hours'
                limit 1""".formatted(GAPPY_SOURCE, hour));
    }

    private void quarantine() {
        String unknownMeter = usage("quarantined-1", "Fabrikam", 1)
                .text("data.meterId", "00000000-0000-4000-8000-00000000beef")
                .line();
        String unknownSubscription = TestEvent.of("quarantined-2", new SubscriptionId(NOBODY), back(1))
                .line();
        String other =
                usage("late-1", "Fabrikam", 5 * 24).raw("data.quantity", "99").line();
        Answer answer = world.operator()
                .post("/usage/records", "application/x-ndjson", unknownMeter + unknownSubscription + other);
        assertThat(answer.body()).contains("\"Quarantined\":2", "\"Conflict\":1");
    }

    private void report(String lines) {
        Answer answer = world.operator().post("/usage/records", "application/x-ndjson", lines);
        assertThat(answer.lastLine().at("/totals/Accepted").asLong())
                .as(answer.body())
                .isEqualTo(lines.lines().count());
    }

    private void sealThrough(Instant through) {
        Answer answer = world.operator().post("/windows/seal", "application/json", "{\"through\":\"" + through + "\"}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    private JsonNode deliveries(String state) {
        return world.operator()
                .get("/deliveries?state=" + state + "&payer=" + payer(REFUSED))
                .json()
                .path("value");
    }

    private String event(String id, String tenant, int hoursBack) {
        return usage(id, tenant, hoursBack).line();
    }

    private TestEvent usage(String id, String tenant, int hoursBack) {
        String subscription = world.tenant(tenant).at("/subscriptionIds/0").asText();
        return TestEvent.of(id, new SubscriptionId(UUID.fromString(subscription)), back(hoursBack))
                .raw("data.tags", "{\"department\":\"Operations\",\"environment\":\"prod\"}");
    }

    private Instant back(int hours) {
        return hour.minus(hours, ChronoUnit.HOURS);
    }

    private String payer(String tenant) {
        return world.tenant(tenant).path("customerSubscriptionId").asText();
    }
}
