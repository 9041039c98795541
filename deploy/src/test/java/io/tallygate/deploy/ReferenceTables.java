package io.tallygate.deploy;

import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.gateway.Access;
import io.tallygate.gateway.GatewayConfig;
import io.tallygate.gateway.GatewayHandlers;
import io.tallygate.gateway.GatewayRouter;
import io.tallygate.gateway.Route;
import io.tallygate.gateway.admission.Admission;
import io.tallygate.gateway.admission.AdmissionConfig;
import io.tallygate.gateway.delivery.ServedEndpoints;
import io.tallygate.gateway.export.StreamConfig;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.ConnectionConfig;
import io.tallygate.gateway.http.RefusalReason;
import io.tallygate.gateway.operations.CloudEndpoints;
import io.tallygate.gateway.portal.Portal;
import io.tallygate.routing.commerce.Outcome;
import io.tallygate.routing.ledger.Account;
import io.tallygate.store.Partitions;
import io.tallygate.store.SealedReads;
import io.tallygate.store.usage.RecordError;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tables of the README that the code knows better. */
final class ReferenceTables {
    /** What the management server answers to. */
    static final List<String> MANAGEMENT = List.of("/health/live", "/health/ready", "/info", "/metrics");

    private ReferenceTables() {}

    /** Prints all of them, to be pasted between their markers. */
    public static void main(String[] args) {
        System.out.println(String.join(
                "\n",
                marked("routes", routes()),
                marked("errors", errors()),
                marked("refusals", refusals()),
                marked("outcomes", outcomes()),
                marked("accounts", accounts()),
                marked("deliveryOutcomes", deliveryOutcomes())));
    }

    private static String marked(String name, String table) {
        return "<!-- " + name + " -->\n" + table + "<!-- /" + name + " -->\n";
    }

    /** Every operation of a gateway; they are not called, so they need no database. */
    static List<Route> all() {
        GatewayConfig config = new GatewayConfig(
                "localhost",
                0,
                Optional.empty(),
                List.of(),
                1,
                StreamConfig.DEFAULT,
                1,
                ConnectionConfig.DEFAULT,
                AdmissionConfig.DEFAULT,
                TestGateway.OPERATOR_SUBSCRIPTION,
                List.of("secret"),
                List.of(),
                Set.of(),
                Set.of("default"),
                Duration.ofDays(1),
                new CloudEndpoints(
                        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), List.of("audience")));
        Admission admission = new Admission(AdmissionConfig.DEFAULT);
        return new GatewayRouter(
                        GatewayHandlers.over(
                                null,
                                SealedReads.of(null),
                                new Partitions(),
                                config,
                                Clock.systemUTC(),
                                ServedEndpoints.NONE,
                                admission,
                                Portal.off()),
                        new GatewayRouter.Bounds(List.of(), ctx -> ctx.next(), admission))
                .routes();
    }

    static String routes() {
        Stream<String> operations = all().stream()
                .map(route -> "| " + route.method() + " | `" + route.template() + "` | " + who(route.access()) + " | "
                        + version(route) + " |\n");
        Stream<String> management =
                MANAGEMENT.stream().map(path -> "| GET | `" + path + "` | everyone, on the management port | |\n");
        return Stream.concat(operations, management)
                .collect(Collectors.joining(
                        "", "| method | path | who may call it | `api-version` |\n|---|---|---|---|\n", ""));
    }

    private static String who(Access access) {
        if (access.anonymous()) {
            return "everyone, without a token";
        }
        if (access.keys()) {
            return "every caller, with an API key too";
        }
        return access.anyOf().isEmpty()
                ? "every caller"
                : access.anyOf().stream()
                        .map(role -> "`" + role.claimValue() + "`")
                        .collect(Collectors.joining(" or "));
    }

    private static String version(Route route) {
        return route.versions().equals(List.of("*")) ? "any, or none" : String.join(", ", route.versions());
    }

    static String errors() {
        return Arrays.stream(ApiError.values())
                .map(error -> "| " + error.status() + " | `" + error.name() + "` | " + error.when() + " |\n")
                .collect(Collectors.joining("", "| status | code | when |\n|---|---|---|\n", ""));
    }

    static String refusals() {
        return Arrays.stream(RefusalReason.values())
                .map(reason -> "| `" + reason.word() + "` | " + reason.status() + " | " + reason.when() + " |\n")
                .collect(Collectors.joining("", "| reason | status | when |\n|---|---|---|\n", ""));
    }

    static String outcomes() {
        return Arrays.stream(RecordError.values())
                .map(error -> "| `" + error.name() + "` | " + error.when() + " |\n")
                .collect(Collectors.joining("", "| code | when |\n|---|---|\n", ""));
    }

    static String accounts() {
        return Arrays.stream(Account.values())
                .map(account -> "| `" + account.wireName() + "` | " + (account.hasPayer() ? "yes" : "") + " | "
                        + account.meaning() + " |\n")
                .collect(Collectors.joining("", "| account | has a payer | what is in it |\n|---|---|---|\n", ""));
    }

    static String deliveryOutcomes() {
        return Arrays.stream(Outcome.values())
                .map(outcome -> "| `" + outcome.name() + "` | " + outcome.when() + " | "
                        + outcome.disposition().meaning() + " |\n")
                .collect(Collectors.joining("", "| outcome | when | what follows |\n|---|---|---|\n", ""));
    }
}
