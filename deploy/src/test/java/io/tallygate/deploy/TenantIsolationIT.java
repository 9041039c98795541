package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.IsolationWorld.Caller;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.HttpCaller.Answer;
import io.tallygate.deploy.testing.TestWorld;
import io.tallygate.gateway.Route;
import io.tallygate.gateway.auth.Role;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What every caller gets from every route, for its own, a foreign and an unknown subscription. A route that is not in the
 * table fails the test, and so does a line without a route.
 */
class TenantIsolationIT {
    // Which subscription the path names: the caller's own; a stranger's; none that exists; provider 1's; the
    // operator's;
    // a CSP subscription that pays for tenant A, or the registration's own (base). "-": the path names none.
    // A caller without an accepted token gets 401, except where nobody needs one. The last columns are callers of the
    // operator's tenant with one role each.
    private static final String TABLE = """
            route                                               | subscription         | tenant norole prov1 prov2 | all rdall rdown routed report regis
            GET /metadata/endpoints                             | -                    | 200 200 200 200 | 200 200 200 200 200 200
            GET /providers/Microsoft.Commerce/operations        | -                    | 200 200 200 200 | 200 200 200 200 200 200
            GET /providers/Microsoft.Commerce.Admin/operations  | -                    | 200 200 200 200 | 200 200 200 200 200 200
            GET /providers/Microsoft.AzureStack/operations      | -                    | 200 200 200 200 | 200 200 200 200 200 200
            GET /tenants                                        | -                    | 200 200 200 200 | 200 200 200 200 200 200
            GET /subscriptions                                  | -                    | 200 200 200 200 | 200 200 200 200 200 200
            GET /subscriptions/{s}                              | own                  | 200 200 200 200 | 200 200 200 200 200 200
            GET /subscriptions/{s}                              | foreign              | 403 403 403 403 | 200 200 403 403 403 403
            GET /subscriptions/{s}                              | provider             | 403 403 200 403 | 200 200 403 403 403 403
            GET /subscriptions/{s}                              | operator             | 403 403 403 403 | 200 200 200 200 200 200
            GET /subscriptions/{s}                              | unknown, payer, base | 403 403 403 403 | 403 403 403 403 403 403
            GET {s}/{admin}                                     | own                  | 403 403 403 403 | 200 200 403 403 403 200
            GET {s}/{admin}                                     | operator             | 403 403 403 403 | 200 200 403 403 403 200
            GET {s}/{admin}                                     | foreign, unknown     | 403 403 403 403 | 403 403 403 403 403 403
            GET {s}/{admin}                                     | provider, payer      | 403 403 403 403 | 403 403 403 403 403 403
            GET {s}/{admin}/{id}                                | own                  | 403 403 403 403 | 200 200 403 403 403 200
            GET {s}/{admin}/{id}                                | operator             | 403 403 403 403 | 200 200 403 403 403 200
            GET {s}/{admin}/{id}                                | foreign, unknown     | 403 403 403 403 | 403 403 403 403 403 403
            GET {s}/{admin}/{id}                                | provider, payer      | 403 403 403 403 | 403 403 403 403 403 403
            PUT {s}/{admin}/{id}                                | own                  | 403 403 403 403 | 200 403 403 403 403 200
            PUT {s}/{admin}/{id}                                | operator             | 403 403 403 403 | 200 403 403 403 403 200
            PUT {s}/{admin}/{id}                                | foreign, unknown     | 403 403 403 403 | 403 403 403 403 403 403
            PUT {s}/{admin}/{id}                                | provider, payer      | 403 403 403 403 | 403 403 403 403 403 403
            GET {s}/{commerce}/UsageAggregates                  | own                  | 200 403 200 200 | 200 200 200 403 403 403
            GET {s}/{commerce}/UsageAggregates                  | foreign              | 403 403 403 403 | 200 200 403 403 403 403
            GET {s}/{commerce}/UsageAggregates                  | provider             | 403 403 200 403 | 200 200 403 403 403 403
            GET {s}/{commerce}/UsageAggregates                  | operator             | 403 403 403 403 | 200 200 200 403 403 403
            GET {s}/{commerce}/UsageAggregates                  | payer, base          | 403 403 403 403 | 200 200 403 200 403 403
            GET {s}/{commerce}/UsageAggregates                  | unknown              | 403 403 403 403 | 403 403 403 403 403 403
            GET {s}/{commerce}.Admin/subscriberUsageAggregates  | own                  | 403 403 200 200 | 200 200 403 403 403 403
            GET {s}/{commerce}.Admin/subscriberUsageAggregates  | provider             | 403 403 200 403 | 200 200 403 403 403 403
            GET {s}/{commerce}.Admin/subscriberUsageAggregates  | operator             | 403 403 403 403 | 200 200 403 403 403 403
            GET {s}/{commerce}.Admin/subscriberUsageAggregates  | foreign, unknown     | 403 403 403 403 | 403 403 403 403 403 403
            GET {s}/{commerce}.Admin/subscriberUsageAggregates  | payer, base          | 403 403 403 403 | 403 403 403 403 403 403
            GET {s}/{commerce}/subscriberUsageAggregates        | own                  | 403 403 200 200 | 200 200 403 403 403 403
            GET {s}/{commerce}/subscriberUsageAggregates        | provider             | 403 403 200 403 | 200 200 403 403 403 403
            GET {s}/{commerce}/subscriberUsageAggregates        | operator             | 403 403 403 403 | 200 200 403 403 403 403
            GET {s}/{commerce}/subscriberUsageAggregates        | foreign, unknown     | 403 403 403 403 | 403 403 403 403 403 403
            GET {s}/{commerce}/subscriberUsageAggregates        | payer, base          | 403 403 403 403 | 403 403 403 403 403 403
            HEAD {s}/{commerce}/UsageAggregates                 | own                  | 200 403 200 200 | 200 200 200 403 403 403
            HEAD {s}/{commerce}/UsageAggregates                 | foreign              | 403 403 403 403 | 200 200 403 403 403 403
            HEAD {s}/{commerce}/UsageAggregates                 | provider             | 403 403 200 403 | 200 200 403 403 403 403
            HEAD {s}/{commerce}/UsageAggregates                 | operator             | 403 403 403 403 | 200 200 200 403 403 403
            HEAD {s}/{commerce}/UsageAggregates                 | payer, base          | 403 403 403 403 | 200 200 403 200 403 403
            HEAD {s}/{commerce}/UsageAggregates                 | unknown              | 403 403 403 403 | 403 403 403 403 403 403
            HEAD {s}/{commerce}.Admin/subscriberUsageAggregates | own                  | 403 403 200 200 | 200 200 403 403 403 403
            HEAD {s}/{commerce}.Admin/subscriberUsageAggregates | provider             | 403 403 200 403 | 200 200 403 403 403 403
            HEAD {s}/{commerce}.Admin/subscriberUsageAggregates | operator             | 403 403 403 403 | 200 200 403 403 403 403
            HEAD {s}/{commerce}.Admin/subscriberUsageAggregates | foreign, unknown     | 403 403 403 403 | 403 403 403 403 403 403
            HEAD {s}/{commerce}.Admin/subscriberUsageAggregates | payer, base          | 403 403 403 403 | 403 403 403 403 403 403
            HEAD {s}/{commerce}/subscriberUsageAggregates       | own                  | 403 403 200 200 | 200 200 403 403 403 403
            HEAD {s}/{commerce}/subscriberUsageAggregates       | provider             | 403 403 200 403 | 200 200 403 403 403 403
            HEAD {s}/{commerce}/subscriberUsageAggregates       | operator             | 403 403 403 403 | 200 200 403 403 403 403
            HEAD {s}/{commerce}/subscriberUsageAggregates       | foreign, unknown     | 403 403 403 403 | 403 403 403 403 403 403
            HEAD {s}/{commerce}/subscriberUsageAggregates       | payer, base          | 403 403 403 403 | 403 403 403 403 403 403
            GET /subscriptions{commerce}/UsageAggregates        | -                    | 400 400 400 400 | 400 400 400 400 400 400
            GET /subscriptions{commerce}.Admin/subscriberUsageAggregates | -           | 400 400 400 400 | 400 400 400 400 400 400
            GET /subscriptions{commerce}/subscriberUsageAggregates | -                 | 400 400 400 400 | 400 400 400 400 400 400
            POST /usage/records                                 | -                    | 403 403 403 403 | 200 403 403 403 200 403
            GET /usage/sources                                  | -                    | 403 403 403 403 | 200 200 403 403 403 200
            GET /usage/summary                                  | -                    | 200 403 200 200 | 200 200 200 403 403 403
            GET /quarantine                                     | -                    | 403 403 403 403 | 200 200 403 403 403 200
            POST /quarantine/{id}/discard                       | -                    | 403 403 403 403 | 404 403 403 403 403 404
            GET /conflicts                                      | -                    | 403 403 403 403 | 200 200 403 403 403 200
            POST /conflicts/{id}/discard                        | -                    | 403 403 403 403 | 404 403 403 403 403 404
            GET /meters                                         | -                    | 200 200 200 200 | 200 200 200 200 200 200
            PUT /meters/{meter}                                 | -                    | 403 403 403 403 | 200 403 403 403 403 200
            GET /sources                                        | -                    | 403 403 403 403 | 200 200 403 403 403 200
            DELETE /sources/{source}                            | -                    | 403 403 403 403 | 404 403 403 403 403 404
            GET /sources/{source}/windows                       | -                    | 403 403 403 403 | 404 404 403 403 403 404
            POST /sources/{source}/windows/{start}/pull         | -                    | 403 403 403 403 | 404 403 403 403 403 404
            GET /completeness                                   | -                    | 200 403 200 200 | 200 200 200 403 403 200
            GET /gaps                                           | -                    | 403 403 403 403 | 200 200 403 403 403 200
            POST /gaps/{id}/acknowledge                         | -                    | 403 403 403 403 | 404 403 403 403 403 404
            GET /windows                                        | -                    | 403 403 403 403 | 200 200 403 403 403 200
            POST /windows/seal                                  | -                    | 403 403 403 403 | 200 403 403 403 403 200
            GET /audit                                          | -                    | 200 403 200 200 | 200 200 403 403 403 200
            GET /audit/heads                                    | -                    | 403 403 403 403 | 200 200 403 403 403 200
            GET /reconciliation                                 | -                    | 403 403 403 403 | 200 200 403 403 403 200
            GET /deliveries                                     | -                    | 403 403 403 403 | 200 200 403 403 403 200
            GET /deliveries/{key}                               | -                    | 403 403 403 403 | 404 404 403 403 403 404
            POST /deliveries/{key}/requeue                      | -                    | 403 403 403 403 | 404 403 403 403 403 404
            POST /deliveries/{key}/waive                        | -                    | 403 403 403 403 | 404 403 403 403 403 404
            POST /deliveries/hold                               | -                    | 403 403 403 403 | 200 403 403 403 403 200
            POST /deliveries/resume                             | -                    | 403 403 403 403 | 200 403 403 403 403 200
            POST /deliveries/compare                            | -                    | 403 403 403 403 | 200 403 403 403 403 200
            GET /payers                                         | -                    | 403 403 403 403 | 200 200 403 403 403 200
            POST /payers/{payer}/hold                           | -                    | 403 403 403 403 | 404 403 403 403 403 404
            POST /payers/{payer}/resume                         | -                    | 403 403 403 403 | 200 403 403 403 403 200
            GET /endpoints                                      | -                    | 403 403 403 403 | 200 200 403 403 403 200
            POST /reroute                                       | -                    | 403 403 403 403 | 200 403 403 403 403 200
            POST /apiKeys                                       | own                  | 201 403 201 201 | 201 201 201 403 403 403
            POST /apiKeys                                       | foreign              | 403 403 403 403 | 201 201 403 403 403 403
            POST /apiKeys                                       | payer                | 403 403 403 403 | 201 201 403 201 403 403
            POST /apiKeys                                       | unknown              | 403 403 403 403 | 403 403 403 403 403 403
            GET /apiKeys                                        | -                    | 200 403 200 200 | 200 200 200 200 403 200
            GET /apiKeys/{id}                                   | -                    | 404 403 404 404 | 404 404 404 404 403 404
            DELETE /apiKeys/{id}                                | -                    | 404 403 404 404 | 404 404 404 404 403 404
            POST /grants                                        | -                    | 403 403 403 403 | 201 403 403 403 403 201
            GET /grants                                         | -                    | 403 403 403 403 | 200 200 403 403 403 200
            GET /grants/{id}                                    | -                    | 403 403 403 403 | 404 404 403 403 403 404
            DELETE /grants/{id}                                 | -                    | 403 403 403 403 | 404 403 403 403 403 404
            GET /portal/signin                                  | -                    | 302 302 302 302 | 302 302 302 302 302 302
            GET /portal/callback                                | -                    | 302 302 302 302 | 302 302 302 302 302 302
            GET /portal/session                                 | -                    | 200 200 200 200 | 200 200 200 200 200 200
            POST /portal/signout                                | -                    | 200 200 200 200 | 200 200 200 200 200 200
            GET /registrations                                  | -                    | 403 403 403 403 | 200 200 403 403 403 200
            GET {s}/{stack}                                     | own, base            | 403 403 403 403 | 200 200 403 403 403 200
            GET {s}/{stack}                                     | foreign, unknown     | 403 403 403 403 | 200 200 403 403 403 200
            GET {s}/{group}{stack}                              | own, base            | 403 403 403 403 | 200 200 403 403 403 200
            GET {s}/{group}{stack}                              | foreign, unknown     | 403 403 403 403 | 200 200 403 403 403 200
            GET {s}/{group}{stack}/{name}                       | base                 | 403 403 403 403 | 200 200 403 403 403 200
            GET {s}/{group}{stack}/{name}                       | own, foreign, unknown| 403 403 403 403 | 404 404 403 403 403 404
            PUT {s}/{group}{stack}/{name}                       | base                 | 403 403 403 403 | 200 403 403 403 403 200
            PUT {s}/{group}{stack}/{name}                       | own, foreign         | 403 403 403 403 | 409 403 403 403 403 409
            PUT {s}/{group}{stack}/{name}                       | unknown              | 403 403 403 403 | 201 403 403 403 403 201
            PATCH {s}/{group}{stack}/{name}                     | base                 | 403 403 403 403 | 200 403 403 403 403 200
            PATCH {s}/{group}{stack}/{name}                     | own, foreign, unknown| 403 403 403 403 | 404 403 403 403 403 404
            DELETE {s}/{group}{stack}/{name}                    | base                 | 403 403 403 403 | 409 403 403 403 403 409
            DELETE {s}/{group}{stack}/{name}                    | own, foreign, unknown| 403 403 403 403 | 204 403 403 403 403 204
            POST {s}/{group}{stack}/{name}/getactivationkey     | base                 | 403 403 403 403 | 200 403 403 403 403 200
            POST {s}/{group}{stack}/{name}/getactivationkey     | own, foreign, unknown| 403 403 403 403 | 404 403 403 403 403 404
            GET {s}/{group}{stack}/{name}/{customers}           | base                 | 403 403 403 403 | 200 200 403 403 403 200
            GET {s}/{group}{stack}/{name}/{customers}           | own, foreign, unknown| 403 403 403 403 | 404 404 403 403 403 404
            GET {s}/{group}{stack}/{name}/{customers}/{c}       | base                 | 403 403 403 403 | 200 200 403 403 403 200
            GET {s}/{group}{stack}/{name}/{customers}/{c}       | own, foreign, unknown| 403 403 403 403 | 404 404 403 403 403 404
            PUT {s}/{group}{stack}/{name}/{customers}/{c}       | base                 | 403 403 403 403 | 200 403 403 403 403 200
            PUT {s}/{group}{stack}/{name}/{customers}/{c}       | own, foreign, unknown| 403 403 403 403 | 404 403 403 403 403 404
            DELETE {s}/{group}{stack}/{name}/{customers}/{c}    | base                 | 403 403 403 403 | 204 403 403 403 403 204
            DELETE {s}/{group}{stack}/{name}/{customers}/{c}    | own, foreign, unknown| 403 403 403 403 | 404 403 403 403 403 404
            """;

    private static final Map<String, String> SHORT = Map.of(
            "{admin}", "providers/Microsoft.Subscriptions.Admin/subscriptions",
            "{s}/{commerce}", "{s}/providers/Microsoft.Commerce",
            "/subscriptions{commerce}", "/subscriptions/providers/Microsoft.Commerce",
            "{group}", "resourceGroups/{resourceGroup}/",
            "{stack}", "providers/Microsoft.AzureStack/registrations",
            "{name}", "{registration}",
            "{customers}", "customerSubscriptions",
            "{c}", "{customerSubscription}");

    private static IsolationWorld world;

    /** What one line of the table expects. */
    private record Line(String route, Set<String> targets, Map<String, Integer> statuses) {}

    @BeforeAll
    static void start() {
        world = new IsolationWorld();
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    @Test
    void everyRouteHasItsLinesAndEveryLineItsRoute() {
        Map<String, Set<String>> declared = new TreeMap<>();
        lines().forEach(line ->
                declared.computeIfAbsent(line.route(), route -> new TreeSet<>()).addAll(line.targets()));

        assertThat(declared.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        routes().stream().map(TenantIsolationIT::name).toList());
        declared.forEach((route, targets) -> {
            if (route.contains("{subscription}")) {
                assertThat(targets).as(route).contains("own", "foreign", "unknown");
            }
        });
    }

    @Test
    void everyCallerGetsWhatTheTableSaysAndNothingOfAStranger() {
        Map<String, Route> routes =
                routes().stream().collect(Collectors.toMap(TenantIsolationIT::name, route -> route));
        List<String> wrong = new ArrayList<>();
        List<Caller> callers = world.callers();
        for (Line line : lines()) {
            for (String target : line.targets()) {
                for (Caller caller : callers) {
                    check(routes.get(line.route()), line, target, caller, wrong);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static void check(Route route, Line line, String target, Caller caller, List<String> wrong) {
        String subscription = subscription(target, caller);
        Answer answer = call(caller.http(), route, subscription);
        int expected = expected(route, line, subscription, caller);
        String what = caller.name() + ": " + line.route() + " " + target + ": ";
        if (answer.status() != expected) {
            wrong.add(what + answer.status() + " instead of " + expected + ": " + answer.body());
        }
        String body = answer.body().toLowerCase(Locale.ROOT);
        caller.strangers().stream()
                .filter(id -> !id.equals(subscription) || answer.status() == 403)
                .filter(body::contains)
                .forEach(id -> wrong.add(what + "tells of " + id));
        if (answer.status() == 200 && route.template().endsWith("ggregates")) {
            List<String> lines = streamed(caller.http(), route, subscription);
            Set<String> rows = lines.stream()
                    .map(json ->
                            Answer.parse(json).at("/properties/subscriptionId").asText())
                    .collect(Collectors.toSet());
            if (!rows.equals(visible(route, subscription))) {
                wrong.add(what + "a stream of " + rows + " instead of " + visible(route, subscription));
            }
            String shown = route.method().equals(HttpMethod.HEAD)
                    ? answer.response().headers().firstValue("x-row-count").orElse("no count")
                    : subscriptionsOf(answer.json()).toString();
            String expectedShown = route.method().equals(HttpMethod.HEAD)
                    ? Integer.toString(lines.size())
                    : new TreeSet<>(visible(route, subscription)).toString();
            if (!shown.equals(expectedShown)) {
                wrong.add(what + shown + " instead of " + expectedShown);
            }
        }
    }

    // Keys and grants have no columns: a key gets what its maker gets where keys may come and of what it names, a grant
    // shows what is routed to its customer subscriptions.
    private static int expected(Route route, Line line, String subscription, Caller caller) {
        if (route.access().anonymous()) {
            return line.statuses().get("tenant");
        }
        if (caller.column().equals("out")) {
            return 401;
        }
        boolean keyed = caller.named() != null;
        boolean unnamed = keyed
                && route.template().contains("{subscription}")
                && !caller.named().contains(subscription);
        if (unnamed || (keyed && !route.access().keys())) {
            return 403;
        }
        if (caller.granted().contains(subscription)) {
            if (route.template().endsWith("Microsoft.Commerce/UsageAggregates")) {
                return 200;
            }
            if (name(route).equals("POST /apiKeys")) {
                return 201;
            }
        }
        return line.statuses().get(caller.column());
    }

    private static List<String> streamed(HttpCaller caller, Route route, String subscription) {
        String path = route.template().replace("{subscription}", subscription);
        Answer stream = caller.get(path + usageQuery("&$format=ndjson"));
        assertThat(stream.status()).as("%s streams", path).isEqualTo(200);
        return stream.body().lines().toList();
    }

    /** Whose rows a usage route shows for that path. */
    private static Set<String> visible(Route route, String path) {
        if (!route.template().endsWith("subscriberUsageAggregates")) {
            return Set.of(path);
        }
        if (path.equals(world.provider1.subscription().toString())) {
            return Set.of(world.direct1.subscription().toString());
        }
        if (path.equals(world.provider2.subscription().toString())) {
            return Set.of(
                    world.direct2.subscription().toString(),
                    world.moved.subscription().toString());
        }
        return world.everySubscription().stream().map(Object::toString).collect(Collectors.toSet());
    }

    @Test
    void routedRowsOfAPayerAreThoseOfItsTenantAlone() {
        Route route = route("GET /subscriptions/{subscription}/providers/Microsoft.Commerce/UsageAggregates");
        Answer answer = call(world.caller("reads routed").http(), route, world.payer.toString());

        assertThat(answer.json().path("value")).hasSize(1);
        assertThat(answer.body()).contains(world.a.subscription().toString());
        world.everySubscription().stream()
                .filter(id -> !id.equals(world.a.subscription()))
                .forEach(id -> assertThat(answer.body()).doesNotContain(id.toString()));
    }

    @Test
    void foreignAndUnknownAreTheSameToTheLastByte() {
        int compared = 0;
        for (Caller caller : world.callers()) {
            for (Route route : routes()) {
                if (!route.template().contains("{subscription}")) {
                    continue;
                }
                Answer unknown = call(caller.http(), route, UUID.randomUUID().toString());
                for (String target : List.of("foreign", "provider", "operator", "payer", "base")) {
                    if (target.equals("payer") && route.method().equals(HttpMethod.PUT)) {
                        // Who may would make it a registration's own: no grant reads that, nor the other tests.
                        continue;
                    }
                    Answer other = call(caller.http(), route, subscription(target, caller));
                    if (other.status() == 403) {
                        assertThat(other.body())
                                .as(caller.name() + " " + name(route) + " " + target)
                                .isEqualTo(unknown.body());
                        assertThat(headers(other)).isEqualTo(headers(unknown));
                        compared++;
                    }
                }
            }
        }
        assertThat(compared).isGreaterThan(500);
    }

    @Test
    void otherFormsOfAPathAreAuthorisedLikeItself() {
        Caller a = world.caller("tenant A");
        String own = a.own().toString();
        String foreign = world.b.subscription().toString();
        Map<String, Integer> ownForms = new LinkedHashMap<>();
        Map<String, Integer> foreignForms = new LinkedHashMap<>();
        forms(own, 200, ownForms);
        forms(foreign, 403, foreignForms);
        String usage = "/providers/Microsoft.Commerce/UsageAggregates";
        foreignForms.put("/subscriptions/" + own + "/../" + foreign + usage, 403);
        foreignForms.put("/subscriptions/" + own + "/%2e%2e/" + foreign + usage, 403);
        foreignForms.put("/subscriptions/" + own + "/..%2f" + foreign + usage, 404);
        foreignForms.put("/subscriptions/" + own + "%2f..%2f" + foreign + usage, 400);
        foreignForms.put("/subscriptions/" + own + "%00" + usage, 400);
        foreignForms.put("/subscriptions/" + own + "," + foreign + usage, 400);
        Map<String, String> wrong = new LinkedHashMap<>();
        List.of(ownForms, foreignForms)
                .forEach(forms -> forms.forEach((path, expected) -> {
                    Answer answer = a.http().get(path + usageQuery(""));
                    boolean clean =
                            a.strangers().stream().noneMatch(answer.body().toLowerCase(Locale.ROOT)::contains);
                    if (answer.status() != expected
                            || !clean
                            || (answer.status() == 200
                                    && !subscriptionsOf(answer.json()).equals(Set.of(own)))) {
                        wrong.put(path, answer.status() + " instead of " + expected + ": " + answer.body());
                    }
                }));
        assertThat(wrong).isEmpty();
    }

    private static void forms(String id, int plain, Map<String, Integer> forms) {
        String rest = "/providers/Microsoft.Commerce/UsageAggregates";
        String encoded = "%" + Integer.toHexString(id.charAt(0)) + id.substring(1);
        forms.put("/subscriptions/" + id + rest, plain);
        forms.put("/SUBSCRIPTIONS/" + id.toUpperCase(Locale.ROOT) + rest.toUpperCase(Locale.ROOT), plain);
        forms.put("/%73ubscriptions/" + encoded + rest, plain);
        forms.put("/subscriptions/" + encoded.replace("%", "%25") + rest, 400);
        forms.put("/subscriptions/" + id + rest + "/", plain);
        forms.put("/subscriptions/" + id + rest + "/.", plain);
        forms.put("/subscriptions/./" + id + rest, plain);
        forms.put("//subscriptions//" + id + rest, plain);
        forms.put("/subscriptions/" + id + rest + ";x", 404);
        forms.put("/subscriptions/" + id + ";x" + rest, 400);
        forms.put("/subscriptions/" + id + "%20" + rest, 400);
        forms.put("/subscriptions/%7b" + id + "%7d" + rest, 400);
    }

    @Test
    void aSubscriberIdNarrowsWhatThePathShowsAndNeverWidensIt() {
        Caller provider = world.caller("provider 1");
        String admin =
                "/subscriptions/" + provider.own() + "/providers/Microsoft.Commerce.Admin/subscriberUsageAggregates";
        String direct = world.direct1.subscription().toString();
        String stranger = world.b.subscription().toString();

        Answer own = provider.http().get(admin + usageQuery("&subscriberId=" + direct));
        assertThat(subscriptionsOf(own.json())).containsExactly(direct);
        Answer foreign = provider.http().get(admin + usageQuery("&subscriberId=" + stranger));
        Answer unknown = provider.http().get(admin + usageQuery("&subscriberId=" + UUID.randomUUID()));
        assertThat(foreign.errorCode()).isEqualTo("SubscriberIdIsNotDirectTenant");
        assertThat(foreign.body()).isEqualTo(unknown.body());
        for (String id : List.of(
                provider.own().toString(),
                world.direct2.subscription().toString(),
                world.below.subscription().toString(),
                world.payer.toString(),
                world.operators.toString())) {
            assertThat(provider.http()
                            .get(admin + usageQuery("&subscriberId=" + id))
                            .errorCode())
                    .as(id)
                    .isEqualTo("SubscriberIdIsNotDirectTenant");
        }
        Answer twice = provider.http().get(admin + usageQuery("&subscriberId=" + direct + "&SUBSCRIBERID=" + stranger));
        assertThat(twice.errorCode()).isEqualTo("InvalidProperty");

        Caller a = world.caller("tenant A");
        Answer ignored = a.http()
                .get("/subscriptions/" + a.own() + "/providers/Microsoft.Commerce/UsageAggregates"
                        + usageQuery("&subscriberId=" + stranger + "&subscriptionId=" + stranger));
        assertThat(subscriptionsOf(ignored.json())).containsExactly(a.own().toString());
    }

    @Test
    void whoMovedIsShownToEachProviderWithWhatWasUsedWhileItServed() {
        String moved = world.moved.subscription().toString();
        Map<String, List<String>> shown = Map.of("provider 1", List.of(), "provider 2", List.of(moved));
        shown.forEach((name, expected) -> {
            Caller provider = world.caller(name);
            String path = "/subscriptions/" + provider.own()
                    + "/providers/Microsoft.Commerce.Admin/subscriberUsageAggregates"
                    + usageQuery("&subscriberId=" + moved);
            Answer page = provider.http().get(path);
            assertThat(page.status()).as(page.body()).isEqualTo(200);
            assertThat(subscriptionsOf(page.json())).as(name).containsExactlyElementsOf(expected);
            assertThat(provider.http().get(path + "&$format=ndjson").body().lines())
                    .as(name)
                    .hasSize(expected.size());
            for (String of : List.of("subscription=" + moved, "provider=" + provider.own())) {
                Answer summary = provider.http()
                        .get("/usage/summary?granularity=hourly&groupBy=subscription&from=" + world.hour + "&to="
                                + world.end() + "&" + of);
                assertThat(summary.status()).as(summary.body()).isEqualTo(200);
                assertThat(summary.body().contains("\"key\":\"" + moved))
                        .as(name + " " + of)
                        .isEqualTo(!expected.isEmpty());
            }
        });
        Caller tenant = world.caller("tenant B");
        assertThat(HttpCaller.of(world.gateway, world.moved.tenant(), Role.USAGE_READ)
                        .get("/subscriptions/" + moved + "/providers/Microsoft.Commerce/UsageAggregates"
                                + usageQuery(""))
                        .body())
                .contains(moved);
        assertThat(tenant.http()
                        .get("/subscriptions/" + moved + "/providers/Microsoft.Commerce/UsageAggregates"
                                + usageQuery(""))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void methodsThatNoRouteHasShowNothing() {
        String path = "/subscriptions/" + world.a.subscription() + "/providers/Microsoft.Commerce/UsageAggregates"
                + usageQuery("");
        for (String method : List.of("HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND")) {
            Answer answer = world.caller("no caller").http().send(method, path, null, null);

            assertThat(answer.status()).as(method).isIn(401, 404, 405, 501);
        }
    }

    @Test
    void tokensAreRefusedForTheReasonThatTheTestMeans() {
        assertThat(world.caller("other audience")
                        .http()
                        .get("/tenants?api-version=2022-12-01")
                        .body())
                .contains("`aud`");
        assertThat(world.caller("expired token")
                        .http()
                        .get("/tenants?api-version=2022-12-01")
                        .body())
                .contains("expired");
        assertThat(HttpCaller.of(world.gateway, world.a.tenant(), Role.USAGE_READ)
                        .get("/tenants?api-version=2022-12-01")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void theManagementRoutesTellHealthAndNothingOfTenants() throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        for (String path : ReferenceTables.MANAGEMENT) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create(world.gateway.managementUrl() + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            assertThat(world.caller("no caller").strangers())
                    .as(path)
                    .noneMatch(answer.body().toLowerCase(Locale.ROOT)::contains);
        }
    }

    private static List<Route> routes() {
        return ReferenceTables.all();
    }

    private static Route route(String name) {
        return routes().stream()
                .filter(route -> name(route).equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String name(Route route) {
        return route.method() + " " + route.template();
    }

    private static List<Line> lines() {
        List<String> rows = TABLE.lines().toList();
        String[] columns =
                rows.get(0).split("\\|", 3)[2].replace("|", " ").trim().split("\\s+");
        return rows.stream()
                .skip(1)
                .map(row -> {
                    String[] cells = row.split("\\|", 3);
                    String[] statuses = cells[2].replace("|", " ").trim().split("\\s+");
                    assertThat(statuses).as(row).hasSameSizeAs(columns);
                    Map<String, Integer> byColumn = new HashMap<>();
                    for (int i = 0; i < columns.length; i++) {
                        byColumn.put(columns[i], Integer.valueOf(statuses[i]));
                    }
                    Set<String> targets =
                            new TreeSet<>(Arrays.asList(cells[1].trim().split("\\s*,\\s*")));
                    return new Line(wholeName(cells[0].trim()), targets, byColumn);
                })
                .toList();
    }

    private static String wholeName(String name) {
        String whole = name;
        for (Map.Entry<String, String> part : SHORT.entrySet()) {
            whole = whole.replace(part.getKey(), part.getValue());
        }
        return whole.replace(" {s}/", " /subscriptions/{subscription}/").replace("{s}", "{subscription}");
    }

    private static String subscription(String target, Caller caller) {
        Object id = switch (target) {
            case "own" -> caller.own();
            case "foreign" ->
                caller.own().equals(world.b.subscription()) ? world.a.subscription() : world.b.subscription();
            case "provider" -> world.provider1.subscription();
            case "operator" -> world.operators;
            case "payer" -> world.payer;
            case "base" -> world.base;
            default -> UUID.randomUUID();
        };
        return id.toString();
    }

    private static Answer call(HttpCaller caller, Route route, String subscription) {
        boolean delete = route.method().name().equals("DELETE");
        boolean held = route.template().endsWith("/discard") || route.template().endsWith("/acknowledge");
        String path = route.template()
                .replace("{subscription}", subscription)
                .replace("{id}", held ? "999999999" : world.a.subscription().toString())
                .replace("{meter}", TestWorld.STATIC_IP)
                .replace("{key}", UUID.randomUUID().toString())
                .replace("{source}", "nowhere")
                .replace("{start}", world.hour.toString())
                .replace("{payer}", UUID.randomUUID().toString())
                .replace("{resourceGroup}", "azurestack")
                .replace("{registration}", "north")
                // What pays must go on to: only one that is not there is deleted.
                .replace("{customerSubscription}", (delete ? UUID.randomUUID() : world.payer).toString());
        String body = body(route, subscription);
        return caller.send(route.method().name(), path + query(route), contentType(route, body), body);
    }

    private static String query(Route route) {
        if (route.template().endsWith("ggregates")) {
            return usageQuery("");
        }
        if (route.template().equals("/usage/summary")) {
            return "?from=" + world.hour + "&to=" + world.end() + "&granularity=hourly&groupBy=subscription&open=true";
        }
        if (route.template().equals("/reconciliation")) {
            return "?from=2026-01-01&to=2026-01-02";
        }
        return route.versions().isEmpty() || route.versions().contains("*")
                ? ""
                : "?api-version=" + route.versions().get(0).replace(" and later", "");
    }

    private static String usageQuery(String more) {
        return "?api-version=2015-06-01-preview&aggregationGranularity=Hourly&reportedStartTime=" + world.hour
                + "&reportedEndTime=" + world.end() + more;
    }

    private static String contentType(Route route, String body) {
        if (body == null) {
            return null;
        }
        return route.template().equals("/usage/records") ? "application/x-ndjson" : "application/json";
    }

    private static String body(Route route, String subscription) {
        return switch (route.method().name()) {
            case "GET", "DELETE" -> null;
            case "POST" -> post(route, subscription);
            default ->
                route.template().endsWith("{customerSubscription}")
                        ? "{\"properties\":{\"tenantId\":\"" + world.a.tenant() + "\"}}"
                        : "{}";
        };
    }

    private static String post(Route route, String subscription) {
        if (route.template().equals("/windows/seal")) {
            return "{\"through\":\"" + world.hour + "\"}";
        }
        return switch (route.template().substring(route.template().lastIndexOf('/'))) {
            case "/discard", "/acknowledge", "/waive", "/hold" -> "{\"reason\":\"test\"}";
            case "/compare" -> "{\"endpoint\":\"default\",\"entries\":[]}";
            case "/apiKeys" -> TestWorld.keyBody(UUID.fromString(subscription));
            case "/grants" -> TestWorld.grantBody(new TenantId(UUID.randomUUID()), null, world.payer);
            case "/reroute" -> "{\"from\":\"" + world.hour + "\"}";
            default -> "";
        };
    }

    private static Set<String> subscriptionsOf(JsonNode page) {
        Set<String> ids = new TreeSet<>();
        page.path("value")
                .forEach(row -> ids.add(row.at("/properties/subscriptionId").asText()));
        return ids;
    }

    private static Map<String, List<String>> headers(Answer answer) {
        Map<String, List<String>> headers =
                new TreeMap<>(answer.response().headers().map());
        headers.remove("x-ms-request-id");
        return headers;
    }
}
