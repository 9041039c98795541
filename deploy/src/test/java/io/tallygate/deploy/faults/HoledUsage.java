package io.tallygate.deploy.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tallygate.deploy.testing.TestWorld;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/** Usage of resources in each of the two days' hours before all other usage of a world, but for some holes. */
final class HoledUsage {
    private static final int HOURS = 48;
    private static final int RESOURCES = 10;
    private static final String FINDINGS = """
            select concat_ws(' ', kind, coalesce(resource_uri, source),
              to_char(from_hour at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
              to_char(to_hour at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) as finding
            from gap_finding
            left join instance using (subscription_id, instance_id)
            order by kind, source, resource_uri collate "C\"""";

    private final World world;
    private final Random dice;
    private final StringBuilder lines = new StringBuilder();
    private final TreeSet<String> holes = new TreeSet<>();

    HoledUsage(World world, long seed) {
        this.world = world;
        this.dice = new Random(seed);
    }

    /** The first hour. */
    static Instant begins(World world) {
        return world.firstHour.minus(HOURS, ChronoUnit.HOURS);
    }

    /** Posts all of it, each hour into its own window, which it seals. */
    void post() {
        for (int resource = 0; resource < RESOURCES; resource++) {
            // There must be one that is always used: else the source is silent.
            int hole = resource == 0 ? HOURS : 20 + dice.nextInt(HOURS - 30);
            int end = hole + 1 + dice.nextInt(4);
            String name = "/virtualMachines/holed" + resource;
            for (int hour = 0; hour < HOURS; hour++) {
                if (hour < hole || hour >= end) {
                    lines.append(event(resource + "-" + hour, hour).replace("/virtualMachines/vm", name));
                }
            }
            if (resource > 0) {
                holes.add("missingHours /subscriptions/" + world.subscriptions.get(0)
                        + "/resourceGroups/rg/providers/Microsoft.Compute" + name + " " + at(hole) + " " + at(end));
            }
        }
        Api.Answer answer = world.any()
                .post("/usage/records?reportedAt=usage-hour", "application/x-ndjson", lines.toString())
                .orElseThrow();
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        world.sealEarlier();
    }

    private String event(String id, int hour) {
        return TestWorld.event("holed-" + id, world.subscriptions.get(0), TestWorld.CORE_HOURS, "1", at(hour));
    }

    private Instant at(int hour) {
        return begins(world).plus(hour, ChronoUnit.HOURS);
    }

    /** Every hole is found on the site that has collected it all, and nothing else is, also when it is looked again. */
    void requireFound(Site site, Api operator) {
        Instant next = Instant.now().truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
        Api.Answer sealed = operator.post("/windows/seal", "application/json", "{\"through\":\"" + next + "\"}")
                .orElseThrow();
        assertThat(sealed.status()).as(sealed.body()).isEqualTo(200);
        await("all windows are folded in")
                .atMost(Duration.ofMinutes(2))
                .until(() -> site.query("select folded_through >= '" + next + "' from gap_state")
                        .equals(List.of("t")));
        assertThat(site.query(FINDINGS)).isEmpty();
        // All of it came just now, of which nothing is missing before a while has passed.
        site.query("update gap_series set late_at = late_at - interval '1 day' returning 1");
        site.query("update collect_window set collected_at = collected_at - interval '1 day' returning 1");
        for (int look = 0; look < 2; look++) {
            looked(site);
            assertThat(site.query(FINDINGS)).containsExactlyElementsOf(holes);
        }
    }

    // From the beginning to the end after now.
    private static void looked(Site site) {
        String now = site.query("select clock_timestamp()").get(0);
        await("somebody looked")
                .atMost(Duration.ofMinutes(2))
                .until(() -> site.query("select looked_at > '" + now + "' from gap_state")
                        .equals(List.of("t")));
    }
}
