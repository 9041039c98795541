package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.HttpCaller.Answer;
import io.tallygate.deploy.testing.TestWorld;
import io.tallygate.gateway.auth.Role;
import io.tallygate.store.directory.SubscriptionId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the summary route takes, answers and shows to whom. That its sums are right, the store's tests show. */
class SummaryRouteIT {
    private static final String DAYS = "?from=2026-01-01&to=2026-01-03";

    private static IsolationWorld world;

    @BeforeAll
    static void start() {
        world = new IsolationWorld();
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    private static String hour(String more) {
        return "/usage/summary?granularity=hourly&from=" + world.hour + "&to=" + world.end() + more;
    }

    private static JsonNode read(HttpCaller caller, String path) {
        Answer answer = caller.get(path);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private static Set<String> keys(JsonNode summary) {
        Set<String> keys = new TreeSet<>();
        summary.path("groups").forEach(group -> keys.add(group.path("key").asText()));
        return keys;
    }

    @Test
    void anAnswerSaysWhatWasUsedWhen() {
        JsonNode summary = read(world.caller("tenant A").http(), hour(""));

        JsonNode group = summary.path("groups").path(0);
        assertThat(summary.path("groups")).hasSize(1);
        Map<String, String> expected = Map.of(
                "key", TestWorld.CORE_HOURS,
                "label", "Base VM Size Hours",
                "meterId", TestWorld.CORE_HOURS,
                "meterName", "Base VM Size Hours",
                "unit", "Virtual core hours",
                "total", "1.5");
        expected.forEach((name, value) ->
                assertThat(group.path(name).textValue()).as(name).isEqualTo(value));
        assertThat(group.path("records").longValue()).isEqualTo(1);
        assertThat(group.path("other").isBoolean()).isTrue();
        assertThat(group.path("points")).hasSize(1);
        assertThat(group.at("/points/0/time").textValue()).isEqualTo(time(world.hour));
        assertThat(group.at("/points/0/quantity").textValue()).isEqualTo("1.5");
        assertThat(group.at("/points/0").has("open")).isFalse();
        assertThat(summary.path("from").textValue()).isEqualTo(time(world.hour));
        assertThat(summary.path("to").textValue()).isEqualTo(time(world.end()));
        assertThat(summary.path("granularity").textValue()).isEqualTo("hourly");
        assertThat(summary.path("groupBy").textValue()).isEqualTo("meter");
        assertThat(summary.path("firstHour").textValue()).isEqualTo(time(world.hour));
        assertThat(summary.path("sealedThrough").textValue()).isEqualTo(time(world.end()));
        assertThat(summary.path("truncated").booleanValue()).isFalse();
    }

    private static String time(Instant time) {
        return time.toString().replace("Z", "+00:00");
    }

    @Test
    void groupsHaveKeysAndLabels() {
        HttpCaller a = world.caller("tenant A").http();
        String rg = "/subscriptions/" + world.a.subscription() + "/resourceGroups/rg";
        String vm = rg + "/providers/Microsoft.Compute/virtualMachines/vm";
        Map<String, String> groups = new TreeMap<>(Map.of(
                "none",
                "|",
                "subscription",
                world.a.subscription() + "|Test",
                "tenant",
                world.a.tenant() + "|Test",
                "resource",
                vm + "|vm",
                "resourceGroup",
                rg + "|rg",
                "location",
                "local|local",
                "tag:department",
                "test|test",
                "tag:Department",
                "|"));
        groups.forEach((groupBy, expected) -> {
            JsonNode group = read(a, hour("&groupBy=" + groupBy)).path("groups").path(0);
            assertThat(group.path("key").textValue() + "|" + group.path("label").textValue())
                    .as(groupBy)
                    .isEqualTo(expected);
        });
    }

    @Test
    void filtersLeaveOutTheRest() {
        HttpCaller a = world.caller("tenant A").http();
        String resource = "&resource=/SUBSCRIPTIONS/" + world.a.subscription() + "/resourcegroups/";
        for (String kept : new String[] {
            "&tag=department%3Dtest", resource, "&meter=" + TestWorld.CORE_HOURS.toLowerCase(java.util.Locale.ROOT)
        }) {
            assertThat(read(a, hour(kept)).path("groups")).as(kept).hasSize(1);
        }
        for (String dropped :
                new String[] {"&tag=department%3Dother", resource + "x", "&meter=" + TestWorld.STATIC_IP}) {
            assertThat(read(a, hour(dropped)).path("groups")).as(dropped).isEmpty();
        }
    }

    @Test
    void theRestBesideTheTopIsOneGroup() {
        JsonNode summary = read(world.caller("operator").http(), hour("&groupBy=subscription&top=3"));

        assertThat(summary.path("truncated").booleanValue()).isTrue();
        assertThat(summary.path("groups")).hasSize(4);
        JsonNode other = summary.path("groups").path(3);
        assertThat(other.path("other").booleanValue()).isTrue();
        assertThat(other.path("key").textValue()).isEmpty();
        assertThat(other.path("total").textValue()).isEqualTo("13.5");
        assertThat(other.path("records").longValue()).isEqualTo(9);
    }

    @Test
    void everyoneSeesWhatIsTheirs() {
        Map<String, Set<String>> own = Map.of(
                "tenant A", ids(world.a.subscription()),
                "claims the operator's roles", ids(world.pretender.subscription()),
                "provider 1", ids(world.provider1.subscription()),
                "operator", ids(world.everySubscription().toArray(SubscriptionId[]::new)),
                "reads everyone's", ids(world.everySubscription().toArray(SubscriptionId[]::new)),
                "operator tenant's own", ids(world.operators),
                "reseller with a grant", ids(world.reseller.subscription()),
                "A's key", ids(world.a.subscription()),
                "provider 1's key", ids(world.provider1.subscription()),
                "an operator's key", ids(world.operators));
        own.forEach((caller, expected) -> assertThat(
                        keys(read(world.caller(caller).http(), hour("&groupBy=subscription"))))
                .as(caller)
                .isEqualTo(expected));
    }

    private static Set<String> ids(SubscriptionId... ids) {
        return Arrays.stream(ids).map(SubscriptionId::toString).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void aKeyOfSomeSubscriptionsSeesNoOthersOfItsTenant() {
        TestWorld more = new TestWorld(world.gateway);
        SubscriptionId second = more.subscription(world.b.tenant());
        more.post(TestWorld.event("second", second, TestWorld.CORE_HOURS, "2", world.hour), false);
        HttpCaller b = HttpCaller.of(world.gateway, world.b.tenant(), Role.USAGE_READ);
        HttpCaller key = HttpCaller.withKey(
                world.gateway, more.key(b, world.b.subscription().value()));
        // What came after the hour was sealed joined the next one, which is open.
        String path = hour("&open=true&groupBy=subscription");

        assertThat(keys(read(b, path))).isEqualTo(ids(world.b.subscription(), second));
        assertThat(keys(read(key, path))).isEqualTo(ids(world.b.subscription()));
        assertThat(key.get(path + "&subscription=" + second).status()).isEqualTo(403);
        JsonNode open = read(b, path + "&subscription=" + second).path("groups").path(0);
        assertThat(open.path("total").textValue()).isEqualTo("0");
        assertThat(open.path("records").longValue()).isZero();
        assertThat(open.at("/points/0/quantity").textValue()).isEqualTo("0");
        assertThat(open.at("/points/0/open").textValue()).isEqualTo("2");
        assertThat(read(b, hour("&subscription=" + second)).path("groups")).isEmpty();
    }

    @Test
    void aProviderSeesItsDirectTenantsTogetherAndEach() {
        HttpCaller provider = world.caller("provider 1").http();
        String direct = world.direct1.subscription().toString();
        String together = hour("&groupBy=subscription&provider=" + world.provider1.subscription());

        assertThat(keys(read(provider, together))).containsExactly(direct);
        assertThat(keys(read(provider, hour("&groupBy=subscription&subscription=" + direct))))
                .containsExactly(direct);
        assertThat(keys(read(world.caller("operator").http(), together))).containsExactly(direct);
        assertThat(keys(read(
                        world.caller("operator").http(), hour("&groupBy=subscription&provider=" + world.operators))))
                .isEqualTo(ids(world.everySubscription().toArray(SubscriptionId[]::new)));
        String unknown = refusal(provider, hour("&subscription=" + java.util.UUID.randomUUID()));
        Stream.of(
                        "&subscription=" + world.direct2.subscription(),
                        "&subscription=" + world.operators,
                        "&subscription=" + world.a.subscription(),
                        "&provider=" + world.provider2.subscription(),
                        "&provider=" + world.operators,
                        "&provider=" + direct)
                .forEach(other ->
                        assertThat(refusal(provider, hour(other))).as(other).isEqualTo(unknown));
        assertThat(refusal(
                        world.caller("operator tenant's own").http(), hour("&subscription=" + world.a.subscription())))
                .isEqualTo(unknown);
    }

    private static String refusal(HttpCaller caller, String path) {
        Answer answer = caller.get(path);
        assertThat(answer.status()).as(path).isEqualTo(403);
        return answer.body();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "?to=2026-01-03|`from` is missing: expected a UTC day, as 2026-11-20",
                "?from=2026-01-01|`to` is missing: expected a UTC day, as 2026-11-20",
                "?from=x&to=2026-01-03|`from` must be a UTC day, as 2026-11-20, for the granularity daily",
                "?from=2026-01-01T01:00:00Z&to=2026-01-03|`from` must be a UTC day, as 2026-11-20, for the granularity daily",
                "?granularity=hourly&from=2026-01-01T00:30:00Z&to=2026-01-03|`from` must be a whole hour in UTC, as 2026-11-20T08:00:00Z, for the granularity hourly",
                "?from=2026-01-03&to=2026-01-03|`from` must be before `to`",
                "?granularity=hourly&from=2026-01-01&to=2026-02-01T01:00:00Z|A summary by hour may have 31 days: ask for the granularity daily, or for less time",
                "?granularity=hourly&from=2020-01-01&to=2026-01-01|A summary by hour may have 31 days: ask for the granularity monthly, or for less time",
                "?from=2024-01-01&to=2026-03-12|A summary by day may have 800 days: ask for the granularity monthly, or for less time",
                "?from=2026-01-01&to=2026-01-03&granularity=weekly|`granularity` must be hourly, daily, monthly or total",
                "?from=2026-01-01&to=2026-01-03&groupBy=colour|`groupBy` must be none, meter, subscription, tenant, resource, resourceGroup, location or tag:NAME",
                "?from=2026-01-01&to=2026-01-03&groupBy=tag:|`groupBy` must be none, meter, subscription, tenant, resource, resourceGroup, location or tag:NAME",
                "?from=2026-01-01&to=2026-01-03&subscription=x|`subscription` is not a UUID",
                "?from=2026-01-01&to=2026-01-03&meter=x|`meter` is not in the catalogue: x",
                "?from=2026-01-01&to=2026-01-03&resource=%00|`resource` holds a control character",
                "?from=2026-01-01&to=2026-01-03&tag=x|`tag` must be NAME=VALUE",
                "?from=2026-01-01&to=2026-01-03&tag==x|`tag` must be NAME=VALUE",
                "?from=2026-01-01&to=2026-01-03&top=0|`top` must be a number of groups from 1 to 100",
                "?from=2026-01-01&to=2026-01-03&top=101|`top` must be a number of groups from 1 to 100",
                "?from=2026-01-01&to=2026-01-03&open=yes|`open` must be true or false",
                "?from=2026-01-01&to=2026-01-03&filter=x|`filter` is no parameter of this route: expected from, to, granularity, groupBy, subscription, provider, meter, resource, tag, top, open",
            })
    void whatIsWrongIsSaid(String query, String message) {
        Answer answer = world.caller("operator").http().get("/usage/summary" + query);
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.errorCode()).isEqualTo("InvalidProperty");
        assertThat(answer.json().at("/error/message").asText()).contains(message);
    }

    @Test
    void subscriptionAndProviderExcludeEachOther() {
        String both = DAYS + "&subscription=" + world.operators + "&provider=" + world.operators;
        assertThat(world.caller("operator").http().get("/usage/summary" + both).body())
                .contains("`subscription` and `provider` exclude each other: give one of them");
    }

    @Test
    void theLongestRangesAreTaken() {
        HttpCaller operator = world.caller("operator").http();
        Instant end = world.hour.truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS);
        read(operator, "/usage/summary?granularity=hourly&from=" + end.minus(31, ChronoUnit.DAYS) + "&to=" + end);
        JsonNode days = read(operator, "/usage/summary?from=" + end.minus(800, ChronoUnit.DAYS) + "&to=" + end);
        assertThat(days.at("/groups/0/total").textValue()).isEqualTo("18");
        JsonNode ever = read(operator, "/usage/summary?granularity=monthly&from=0001-01-01&to=9999-12-31");
        assertThat(ever.at("/groups/0/total").textValue()).isEqualTo("18");
    }

    @Test
    void aSummaryOfTooManyPointsSaysWhichGranularityFits() {
        world.gateway.postgres().execute("""
                insert into usage_by_day
                select subscription_id, '2015-01-01Z'::timestamptz + d * interval '1 day', m, 1, 1
                from (select subscription_id from subscription limit 8) s, generate_series(0, 799) d, generate_series(1, 4) m""");
        Answer answer = world.caller("operator")
                .http()
                .get("/usage/summary?groupBy=subscription&from=2015-01-01&to=2017-03-11");
        world.gateway.postgres().execute("delete from usage_by_day where usage_day < '2018-01-01Z'");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/error/message").asText())
                .isEqualTo("The summary has more than 20000 points: the granularity monthly fits; or ask for less time,"
                        + " or a smaller `top`");
    }
}
