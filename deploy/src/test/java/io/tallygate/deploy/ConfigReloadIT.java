package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tallygate.deploy.config.LogLevel;
import io.tallygate.deploy.testing.CapturedLog;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.gateway.testing.TestTokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway whose configuration is read again while it serves. */
final class ConfigReloadIT {
    private final CapturedLog log = new CapturedLog();

    @TempDir
    private Path directory;

    private ConfiguredGateway gateway;
    private JsonObject settings;

    @BeforeEach
    void start() throws Exception {
        gateway = new ConfiguredGateway(directory);
        settings = gateway.settings;
        gateway.start();
    }

    @AfterEach
    void stop() {
        LogLevels.set(LogLevel.INFO);
        log.close();
        gateway.close();
    }

    @Test
    void issuersComeAndGo() {
        String stranger = gateway.others.with(gateway.others.claims().put("tid", TestTokens.STRANGER.toString()));
        assertThat(status(gateway.tokens.good("RS256"))).isEqualTo(200);
        assertThat(status(stranger)).isEqualTo(401);

        settings.getJsonArray("auth.issuers")
                .add(ConfiguredGateway.issuer(gateway.second, TestTokens.STRANGER.toString()));
        reload("Configuration reloaded: auth.issuers: ");
        assertThat(status(stranger)).isEqualTo(200);
        assertThat(status(gateway.tokens.good("RS256"))).isEqualTo(200);
        assertThat(management("/metrics")).contains("tallygate_issuer_fetches_total{issuer=\"" + gateway.second.url());
        assertThat(gateway.first.discoveries)
                .as("whoever stays is not asked again")
                .hasValue(1);

        settings.getJsonArray("auth.issuers").remove(1);
        reload("Configuration reloaded: auth.issuers: ");
        assertThat(status(stranger)).isEqualTo(401);
        assertThat(management("/metrics")).doesNotContain(gateway.second.url());
        assertThat(gateway.postgres.query(
                        "select action, target, subject, detail::json->'changed'->'auth.issuers'->>'to' <> ''"
                                + " from audit_entry where action = 'gateway.reload'"))
                .containsExactly("gateway.reload|gateway|tallygate|t", "gateway.reload|gateway|tallygate|t");
    }

    @Test
    void anIssuerWithoutKeysChangesNothing() {
        gateway.second.stop();
        settings.getJsonArray("auth.issuers")
                .add(ConfiguredGateway.issuer(gateway.second, TestTokens.STRANGER.toString()));
        settings.put("limits.tenant.rate", 1).put("limits.tenant.burst", 1);
        reload("Configuration not reloaded, the gateway goes on with the one it has: " + gateway.second.url());

        assertThat(status(gateway.tokens.good("RS256"))).isEqualTo(200);
        assertThat(status(gateway.tokens.good("RS256"))).as("no rate yet").isEqualTo(200);
        assertThat(management("/health/ready"))
                .contains("\"UP\"", "configuration: not reloaded: " + gateway.second.url());
        assertThat(gateway.postgres.query("select 1 from audit_entry where action = 'gateway.reload'"))
                .isEmpty();
    }

    @Test
    void limitsAndTheLogLevelChangeAndTheRestIsNamed() {
        settings.put("limits.tenant.rate", 1)
                .put("limits.tenant.burst", 1)
                .put("log.level", "WARN")
                .put("http.maxBody", "1MiB")
                .put("continuation.secret", "another secret that no gateway has to know");
        gateway.application().reload();
        await().untilAsserted(() -> assertThat(management("/health/ready"))
                .contains("configuration: changed, but a restart is needed: http.maxBody, continuation.secret"));

        assertThat(status(gateway.tokens.good("RS256"))).isEqualTo(200);
        assertThat(status(gateway.tokens.good("RS256"))).isEqualTo(429);
        assertThat(log.messages()).as("the level is WARN").noneMatch(line -> line.startsWith("Configuration reloaded"));
        assertThat(gateway.postgres.query("select detail from audit_entry where action = 'gateway.reload'"))
                .singleElement()
                .asString()
                .contains("\"limits.tenant.rate\"", "\"from\"", "\"0\"", "\"1\"", "http.maxBody", "continuation.secret")
                .doesNotContain("another secret");

        settings.put("limits.tenant.rate", 0).put("log.level", "INFO").remove("http.maxBody");
        reload("Configuration reloaded: limits.tenant.rate: 1 -> 0; log.level: WARN -> INFO");
        assertThat(status(gateway.tokens.good("RS256"))).isEqualTo(200);
        assertThat(status(gateway.tokens.good("RS256"))).isEqualTo(200);
    }

    @Test
    void whatIsWrongIsToldInFullAndNothingChanges() {
        settings.put("limits.tenant.rate", "many").put("htpt.port", 1).put("log.level", "LOUD");
        reload("Configuration not reloaded");

        assertThat(log.messages())
                .filteredOn(line -> line.startsWith("Configuration not reloaded"))
                .singleElement()
                .asString()
                .contains("limits.tenant.rate (", "htpt.port (", "log.level (", "expected one of TRACE, DEBUG, INFO");
        assertThat(status(gateway.tokens.good("RS256"))).isEqualTo(200);
    }

    /** What can change must go with what waits: here the operator's tenant would be left without an issuer. */
    @Test
    void theMixIsCheckedToo() {
        settings.put("operator.tenantId", TestTokens.TENANT.toString())
                .put(
                        "auth.issuers",
                        new JsonArray().add(ConfiguredGateway.issuer(gateway.first, TestTokens.TENANT.toString())));
        reload("Configuration not reloaded, the gateway goes on with the one it has: auth.issuers");
    }

    private void reload(String until) {
        int before = log.messages().size();
        gateway.application().reload();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> log.messages().stream().skip(before).anyMatch(line -> line.startsWith(until)));
    }

    private int status(String token) {
        return HttpCaller.at(gateway.url(), TestIdentity.get().tls(), token)
                .get("/tenants?api-version=2016-06-01")
                .status();
    }

    private String management(String path) {
        return gateway.management(path).body();
    }
}
