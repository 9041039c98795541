package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.RawCaller;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.gateway.auth.Role;
import io.tallygate.store.testing.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths and queries that cannot be decoded are the caller's fault, and it is told so. Fuzzing found a 500. */
@Timeout(60)
class MalformedRequestIT {
    private static TestGateway gateway;
    private static RawCaller operator;

    @BeforeAll
    static void start() {
        gateway = TestGateway.paused(TestPostgres.fresh());
        operator = new RawCaller(gateway, TestIdentity.get().token(TestIdentity.OPERATOR, Role.values()));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/GEM%%00%00%00nants?api-version=2019-06-01",
                "/%",
                "/meters%",
                "/meters/%zz",
                "/subscriptions?api-version=%zz",
                "/subscriptions?api-version=2016-06-01&a=%",
                "/quarantine?after=%u0031"
            })
    void isRefusedInTheFormOfErrors(String target) {
        RawCaller.Answer answer = operator.send("GET", target);

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(HttpCaller.Answer.parse(answer.body()).at("/error/message").asText())
                .contains("percent-encoded");
        assertThat(answer.header("x-ms-request-id")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/meters/%00", "/meters/%ff%fe", "/deliveries/%00", "/subscriptions/%2e%2e/x", "/%00"})
    void whatIsDecodedToNoIdIsRefused(String target) {
        RawCaller.Answer answer = operator.send("PUT", target, "Content-Type: application/json", "Content-Length: 0");

        assertThat(answer.status()).as(answer.body()).isIn(400, 404, 405);
    }
}
