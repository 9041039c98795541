package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.HttpCaller.Answer;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.deploy.testing.TestWorld;
import io.tallygate.gateway.auth.Role;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.TestPostgres;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The commands {@code keys} and {@code grants}, against a whole gateway. */
class AccessCommandsIT {
    private static TestGateway gateway;
    private static TestWorld world;
    private static String registration;

    private final TenantId tenant = new TenantId(UUID.randomUUID());
    private String out;
    private String err;

    @BeforeAll
    static void start() {
        gateway = TestGateway.paused(TestPostgres.fresh());
        world = new TestWorld(gateway);
        registration = world.registration(UUID.randomUUID(), "north");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private int tallygate(String token, Object... arguments) {
        StringWriter outText = new StringWriter();
        StringWriter errText = new StringWriter();
        int exitCode = TallygateCommand.commandLine(Map.of("TALLYGATE_OPERATOR_TOKEN", token))
                .setOut(new PrintWriter(outText))
                .setErr(new PrintWriter(errText))
                .execute(Stream.concat(
                                Arrays.stream(arguments).map(Object::toString),
                                Stream.of(
                                        "--url",
                                        gateway.url().toString(),
                                        "--ca",
                                        TestIdentity.get().caFile().toString()))
                        .toArray(String[]::new));
        out = outText.toString();
        err = errText.toString();
        return exitCode;
    }

    private void succeeds(String token, Object... arguments) {
        assertThat(tallygate(token, arguments)).as(err + out).isZero();
    }

    private static String operator() {
        return TestIdentity.get().token(TestIdentity.OPERATOR, Role.values());
    }

    @Test
    void aKeyIsMadeListedAndRevoked() {
        SubscriptionId subscription = world.subscription(tenant);
        String token = TestIdentity.get().token(tenant, Role.USAGE_READ);

        succeeds(token, "keys", "create", "--name", "for a test", "--subscription", subscription, "--days", "366");
        assertThat(out).matches("tgk_[A-Za-z0-9_-]{76}\\R");
        assertThat(err).contains("Good until", "tallygate keys revoke").doesNotContain("tgk_");
        HttpCaller keyed = HttpCaller.withKey(gateway, out.strip());
        assertThat(keyed.get("/subscriptions/" + subscription + "?api-version=2022-12-01")
                        .status())
                .isEqualTo(200);

        succeeds(token, "keys", "list", "--active", "--json");
        String id = Answer.parse(out).path("id").asText();
        assertThat(out).contains("for a test", subscription.toString()).doesNotContain("tgk_");
        succeeds(operator(), "keys", "revoke", id);
        succeeds(token, "keys", "list");
        assertThat(out).containsPattern(id + " +revoked +for a test +" + tenant);
        succeeds(token, "keys", "list", "--active");
        assertThat(out).doesNotContain(id);

        assertThat(tallygate(token, "keys", "create", "--name", "x", "--subscription", UUID.randomUUID()))
                .isEqualTo(1);
        assertThat(err).contains("403 AuthorizationFailed");
        assertThat(tallygate(token, "keys", "revoke", UUID.randomUUID())).isEqualTo(1);
        assertThat(tallygate(token, "keys")).isEqualTo(2);
    }

    @Test
    void aGrantIsMadeListedAndRevoked() {
        UUID payer = UUID.randomUUID();
        assertThat(world.map(registration, payer, tenant, null).status()).isEqualTo(200);
        TenantId reader = new TenantId(UUID.randomUUID());

        succeeds(
                operator(),
                "grants",
                "create",
                "--tenant",
                reader,
                "--customer-subscription",
                payer,
                "--reason",
                "a test");
        assertThat(out).contains("is granted");
        succeeds(operator(), "grants", "list", "--tenant", reader, "--json");
        String id = Answer.parse(out).path("id").asText();
        succeeds(operator(), "grants", "list", "--active");
        assertThat(out).containsPattern(id + " +active +" + reader + " +" + payer);
        succeeds(operator(), "grants", "revoke", id);
        succeeds(operator(), "grants", "list", "--active");
        assertThat(out).doesNotContain(id);

        assertThat(tallygate(
                        operator(),
                        "grants",
                        "create",
                        "--tenant",
                        reader,
                        "--customer-subscription",
                        UUID.randomUUID(),
                        "--reason",
                        "x"))
                .isEqualTo(1);
        assertThat(err).contains("never was a customer subscription");
    }
}
