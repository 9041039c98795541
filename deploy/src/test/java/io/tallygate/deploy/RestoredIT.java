package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.store.testing.TestPostgres;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** {@code serve --restored}: nothing is sent before an operator has compared the books. */
class RestoredIT {
    private static final Map<String, String> SERVE = Map.of(
            "TALLYGATE_DATABASE_URL", "postgresql://db/name",
            "TALLYGATE_DATABASE_USER", "app",
            "TALLYGATE_DATABASE_PASSWORD", "hunter2",
            "TALLYGATE_OPERATOR_TENANT_ID", "6f0c8d1e-2b1f-4c5e-9b43-2f9a51d0c1a7",
            "TALLYGATE_OPERATOR_SUBSCRIPTION_ID", "b2a5a0c6-6a0e-4c43-8a57-0d7c3d3b9e10",
            "TALLYGATE_AUTH_AUDIENCES", "https://usage.example.com",
            "TALLYGATE_AUTH_ISSUERS", "[{\"issuer\": \"https://login.example.com\", \"tenants\": \"*\"}]",
            "TALLYGATE_CONTINUATION_SECRET", "a-secret-of-more-than-thirty-two-characters");

    @Test
    void aRestoredGatewayHoldsDeliveriesUntilTheyAreResumed() {
        TestPostgres postgres = TestPostgres.fresh();
        try (TestGateway gateway = TestGateway.restored(postgres)) {
            assertThat(held(gateway)).isEqualTo("restored");
        }
        try (TestGateway again = TestGateway.restored(postgres)) {
            assertThat(held(again)).isEqualTo("restored");
            HttpCaller operator = HttpCaller.operator(again);
            assertThat(operator.post("/deliveries/resume", "application/json", "{}")
                            .errorCode())
                    .isEqualTo("Conflict");
            operator.post("/deliveries/resume", "application/json", "{\"compared\":true}");
            assertThat(held(again)).isEmpty();
            operator.post("/deliveries/hold", "application/json", "{\"reason\":\"comparing\"}");
        }
        try (TestGateway usual = TestGateway.over(postgres)) {
            assertThat(held(usual)).isEqualTo("comparing");
            HttpCaller.operator(usual).post("/deliveries/resume", "application/json", "{}");
            assertThat(held(usual)).isEmpty();
        }
        assertThat(postgres.query("select reason from audit_entry where action like 'deliveries.%' order by audit_id"))
                .containsExactly("restored", "null", "comparing", "null");
    }

    private static String held(TestGateway gateway) {
        return HttpCaller.operator(gateway)
                .get("/endpoints")
                .json()
                .at("/deliveries/reason")
                .asText();
    }

    @Test
    void serveTellsTheGatewayThatItWasRestored() {
        List<Boolean> restored = new ArrayList<>();
        ServeCommand.Starter starter = (vertx, config, options) -> {
            restored.add(options.restored());
            assertThat(options.detail())
                    .contains("\"database.url\":\"postgresql://db/name\"", "\"continuation.secret\":\"(secret)\"")
                    .doesNotContain("hunter2", "thirty-two", "http.port");
            throw new IllegalStateException("not started by this test");
        };
        for (String[] arguments : new String[][] {{}, {"--restored"}}) {
            int exitCode = new CommandLine(new ServeCommand(SERVE, starter))
                    .setOut(new PrintWriter(new StringWriter()))
                    .setErr(new PrintWriter(new StringWriter()))
                    .execute(arguments);
            assertThat(exitCode).isEqualTo(1);
        }
        assertThat(restored).containsExactly(false, true);
    }
}
