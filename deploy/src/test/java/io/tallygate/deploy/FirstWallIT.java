package io.tallygate.deploy;

import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.deploy.IsolationWorld.Caller;
import io.tallygate.deploy.testing.HttpCaller.Answer;
import io.tallygate.store.Database;
import io.tallygate.store.Viewer;
import io.tallygate.store.testing.TestPostgres;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Without the second wall: every caller asks for every subscription's usage, and gets to the byte what it gets with it.
 * That the second holds without the first, the store's tests show.
 */
class FirstWallIT {
    private static final String COMMERCE = "/providers/Microsoft.Commerce";
    private static final String USAGE = COMMERCE + "/UsageAggregates";
    private static final String ADMIN = COMMERCE + ".Admin/subscriberUsageAggregates";
    private static final List<String> CALLERS = List.of(
            "tenant A",
            "claims the operator's roles",
            "no role",
            "provider 1",
            "operator",
            "reads everyone's",
            "operator tenant's own",
            "reads routed",
            "reseller with a grant",
            "A's key");

    private static IsolationWorld world;

    @BeforeAll
    static void fill() {
        world = new IsolationWorld();
    }

    @AfterAll
    static void close() {
        world.close();
    }

    @Test
    void holdsByItself() {
        Map<String, String> both = answers();
        assertThat(both.values()).filteredOn(answer -> answer.startsWith("200")).hasSizeGreaterThan(50);
        assertThat(subscriptionsSeenByNobody()).isZero();

        TestPostgres postgres = world.gateway.postgres();
        List<String> guarded = postgres.query(
                "select relname from pg_class where relnamespace = 'tallygate'::regnamespace and relrowsecurity");
        guarded.forEach(table -> postgres.execute("alter table " + table + " disable row level security"));
        assertThat(subscriptionsSeenByNobody())
                .as("the second wall is gone")
                .isEqualTo(world.everySubscription().size());

        assertThat(answers()).isEqualTo(both);
    }

    private static long subscriptionsSeenByNobody() {
        Vertx vertx = Vertx.vertx();
        Database database = Database.open(vertx, world.gateway.postgres().config());
        try {
            return await(database.read(
                    Viewer.ofTenant(UUID.randomUUID()),
                    connection -> connection
                            .query("select count(*) from subscription")
                            .execute()
                            .map(rows -> rows.iterator().next().getLong(0))));
        } finally {
            await(database.close());
            await(vertx.close());
        }
    }

    private static Map<String, String> answers() {
        Map<String, String> answers = new LinkedHashMap<>();
        for (String name : CALLERS) {
            Caller caller = world.caller(name);
            for (String path : paths()) {
                answers.put(name + " GET " + path, answer(caller, "GET", path));
                if (path.contains(COMMERCE)) {
                    answers.put(name + " HEAD " + path, answer(caller, "HEAD", path));
                }
            }
        }
        return answers;
    }

    private static String answer(Caller caller, String method, String path) {
        Answer answer = caller.http().send(method, path, null, null);
        assertThat(caller.strangers())
                .as(caller.name() + " " + path)
                .noneMatch(answer.body().toLowerCase(Locale.ROOT)::contains);
        String count = answer.response().headers().firstValue("x-row-count").orElse("");
        return answer.status() + " " + count + " " + answer.body();
    }

    private static List<String> paths() {
        List<String> paths = new ArrayList<>(List.of("/subscriptions?api-version=2022-12-01"));
        String summary = "/usage/summary?granularity=hourly&open=true&from=" + world.hour + "&to=" + world.end();
        for (String groupBy : List.of("subscription", "tenant", "resource", "tag:department")) {
            paths.add(summary + "&groupBy=" + groupBy);
        }
        List<Object> ids = new ArrayList<>(world.everySubscription());
        ids.add(world.payer);
        ids.add(world.base);
        for (Object id : ids) {
            String path = "/subscriptions/" + id;
            paths.add(path + "?api-version=2022-12-01");
            paths.add(summary + "&subscription=" + id);
            paths.add(summary + "&groupBy=subscription&provider=" + id);
            paths.add(path + USAGE + query(""));
            paths.add(path + USAGE + query("&$format=csv"));
            paths.add(path + ADMIN + query(""));
            paths.add(path + ADMIN + query("&subscriberId=" + world.direct1.subscription()));
        }
        return paths;
    }

    private static String query(String more) {
        return "?api-version=2015-06-01-preview&aggregationGranularity=Hourly&reportedStartTime=" + world.hour
                + "&reportedEndTime=" + world.end() + more;
    }
}
