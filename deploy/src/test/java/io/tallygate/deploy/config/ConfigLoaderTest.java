package io.tallygate.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallygate.deploy.config.Setting.Purpose;
import io.tallygate.store.MigrationConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigLoaderTest {
    private static final String HIDDEN = "hunter2";

    @Test
    void theEnvironmentWinsOverTheFile() throws ConfigException {
        Configuration configuration = Sample.load(
                "http: {port: 1000}\nmanagement: {port: 1001}",
                Sample.environment("TALLYGATE_HTTP_PORT", "2000"),
                Purpose.SERVE);

        assertThat(configuration.get(Settings.HTTP_PORT)).isEqualTo(2000);
        assertThat(configuration.get(Settings.MANAGEMENT_PORT)).isEqualTo(1001);
        assertThat(configuration.describe())
                .contains(
                        "http.port: 2000  # environment TALLYGATE_HTTP_PORT",
                        "management.port: 1001  # tallygate.yaml:2",
                        "http.host: 0.0.0.0  # default",
                        "http.tls.key: (not set)");
    }

    @Test
    void everythingMayComeFromTheEnvironment() throws ConfigException {
        Configuration configuration =
                new ConfigLoader(Sample.environment(), Sample.files(Map.of())).load(Optional.empty(), Purpose.SERVE);

        assertThat(configuration.get(Settings.DATABASE_USER)).isEqualTo("tallygate_app");
    }

    @Test
    void reportsAllProblemsAtOnce() {
        String text = """
                database:
                  poolsize: 8
                  connectTimeout: soon
                http:
                  port: 70000
                operator:
                  tenantId: 12
                """;

        assertThat(Sample.problems(
                        text,
                        Sample.environmentWithout("TALLYGATE_DATABASE_USER").entrySet().stream()
                                .filter(entry -> !entry.getKey().contains("OPERATOR"))
                                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue))))
                .containsExactly(
                        "database.poolsize (tallygate.yaml:2): is no setting; did you mean database.poolSize?",
                        "database.user: is required: set it in the configuration file or as TALLYGATE_DATABASE_USER",
                        "database.connectTimeout (tallygate.yaml:3): expected a duration from PT0.001S to PT24H, such"
                                + " as PT10S, 10s or 5m, not \"soon\"",
                        "http.port (tallygate.yaml:5): expected a whole number from 0 to 65535, not \"70000\"",
                        "operator.tenantId (tallygate.yaml:7): expected a UUID, such as"
                                + " 6f0c8d1e-2b1f-4c5e-9b43-2f9a51d0c1a7, not \"12\"",
                        "operator.subscriptionId: is required: set it in the configuration file or as"
                                + " TALLYGATE_OPERATOR_SUBSCRIPTION_ID");
    }

    @Test
    void aSecretMayComeFromAFileOfItsOwn() throws ConfigException {
        Map<String, String> environment = Sample.environmentWithout("TALLYGATE_CONTINUATION_SECRET");
        environment.remove("TALLYGATE_DATABASE_PASSWORD");
        environment.put("TALLYGATE_DATABASE_PASSWORD_FILE", "/etc/tallygate/secret.txt");

        Configuration configuration = Sample.load("continuation: {secretFile: secret.txt}", environment, Purpose.SERVE);

        assertThat(configuration.get(Settings.CONTINUATION_SECRET)).isEqualTo(Sample.SECRET + "-from-a-file");
        assertThat(configuration.get(Settings.DATABASE_PASSWORD)).isEqualTo(Sample.SECRET + "-from-a-file");
        assertThat(configuration.describe())
                .contains(
                        "continuation.secret: (secret)  # file named by tallygate.yaml:1",
                        "database.password: (secret)  # file named by environment TALLYGATE_DATABASE_PASSWORD_FILE");
    }

    @Test
    void aSecretAndItsFileTogetherAreAmbiguous() {
        assertThat(Sample.problems(
                        "", Sample.environment("TALLYGATE_DATABASE_PASSWORD_FILE", "/etc/tallygate/secret.txt")))
                .containsExactly("database.password (environment TALLYGATE_DATABASE_PASSWORD and environment"
                        + " TALLYGATE_DATABASE_PASSWORD_FILE): is given twice: expected the value or the file that"
                        + " holds it, not both");
    }

    @Test
    void aSettingThatIsNoSecretHasNoFile() {
        assertThat(Sample.problems("database: {userFile: x}", Sample.environment()))
                .singleElement()
                .asString()
                .startsWith("database.userFile (tallygate.yaml:1): is no setting");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "continuation: {secret: hunter2}",
                "continuation: {secret: [hunter2]}",
                "continuation: {secret: {hunter2: hunter2}}",
                "continuation: {secretFile: hunter2}",
                "continuation: {secret: *hunter2}",
                "continuation: {secret: &hunter2 x}",
                "continuation: {secret: !hunter2!x y}",
                "continuation: {secret: 'hunter2",
                "continuation: {secret: hunter2: x}",
                "continuation: {previousSecrets: hunter2}",
                "continuation: {previousSecrets: ['[hunter2', hunter2]}",
                "continuation: {previousSecrets: '[hunter2'}",
                "continuation:\n\tsecret: hunter2",
                "database: {url: 'postgresql://x:hunter2@db/name'}",
                "auth: {issuers: [{issuer: 'https://x:hunter2@db/name', tenants: '*'}]}",
                "metadata: {loginEndpoint: 'https://x:hunter2@db/name'}"
            })
    void neverShowsASecret(String text) {
        Map<String, String> environment = Sample.environmentWithout("TALLYGATE_CONTINUATION_SECRET");
        environment.remove("TALLYGATE_DATABASE_URL");
        environment.remove("TALLYGATE_AUTH_ISSUERS");

        assertThat(Sample.problems(text, environment))
                .isNotEmpty()
                .allSatisfy(problem -> assertThat(problem).doesNotContain(HIDDEN));
    }

    @Test
    void theEffectiveConfigurationShowsNoSecret() throws ConfigException {
        Configuration configuration = Sample.load(
                "continuation: {previousSecrets: [" + HIDDEN.repeat(6) + "]}",
                Sample.environment("TALLYGATE_DATABASE_PASSWORD", HIDDEN),
                Purpose.SERVE);

        assertThat(String.join("\n", configuration.describe()))
                .doesNotContain(HIDDEN)
                .doesNotContain(Sample.SECRET)
                .doesNotContain("owner-password");
        assertThat(ServeConfig.from(configuration).continuation().toString()).doesNotContain(HIDDEN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DATABASE_URL | mysql://db/name | expected postgresql://HOST:PORT/NAME",
                "DATABASE_URL | postgresql://db | expected postgresql://HOST:PORT/NAME",
                "DATABASE_URL | postgresql://db/name?sslmode=sometimes | expected postgresql://HOST:PORT/NAME",
                "DATABASE_URL | postgresql://db/name?user=me | expected postgresql://HOST:PORT/NAME",
                "DATABASE_USER | '' | is empty",
                "DATABASE_POOL_SIZE | 0 | expected a whole number from 1 to 1000",
                "DATABASE_POOL_SIZE | 8.0 | expected a whole number from 1 to 1000",
                "DATABASE_POOL_SIZE | 99999999999 | expected a whole number from 1 to 1000",
                "WINDOWS_LAG | -PT1S | expected a duration from PT0S to PT24H",
                "WINDOWS_LAG | 10 | expected a duration from PT0S to PT24H",
                "WINDOWS_INTERVAL | PT0S | expected a duration from PT0.001S",
                "HTTP_HOST | a b | expected an address or a host name",
                "HTTP_MAX_BODY | 8MB | expected a number of bytes from 1024 to 1073741824",
                "HTTP_MAX_BODY | 999999999999999999GiB | expected a number of bytes from 1024 to 1073741824",
                "HTTP_TRUSTED_PROXIES | 10.0.0.0/8,10.0.0.0/33 | element 2: expected an address or a CIDR range",
                "HTTP_TRUSTED_PROXIES | proxy.example.com | element 1: expected an address or a CIDR range",
                "HTTP_TLS_CERTIFICATE | /etc/tallygate/tls.key | expected a PEM file with a certificate",
                "HTTP_TLS_KEY | /etc/tallygate/none.key | the file it names cannot be read (NoSuchFileException",
                "OPERATOR_TENANT_ID | 1-1-1-1-1 | expected a UUID",
                "AUTH_AUDIENCES | '' | is empty: expected a list of one or more",
                "AUTH_AUDIENCES | a,a | an element is there twice",
                "AUTH_AUDIENCES | a,,b | element 2: is empty",
                "AUTH_ISSUERS | https://login.example.com | expected a list of one or more {issuer",
                "AUTH_ISSUERS | [] | expected a list of one or more {issuer",
                "AUTH_ISSUERS | [} | expected well-formed JSON",
                "AUTH_ISSUERS | [] [] | expected one JSON value",
                "AUTH_ISSUERS | [7] | element 1: expected {issuer, tenants, discovery, caFile}",
                "AUTH_ISSUERS | [{\"tenants\":\"*\"}] | element 1: issuer is required",
                "AUTH_ISSUERS | [{\"issuer\":\"http://i\",\"tenants\":\"*\"}] | issuer: expected an absolute https URL",
                "AUTH_ISSUERS | [{\"issuer\":\"https://i/{tenantId}\",\"tenants\":\"*\"}] | issuer: needs discovery",
                "AUTH_ISSUERS | [{\"issuer\":\"https://i\"}] | tenants: expected a list of tenant ids",
                "AUTH_ISSUERS | [{\"issuer\":\"https://i\",\"tenants\":[]}] | tenants: expected a list of tenant ids",
                "AUTH_ISSUERS | [{\"issuer\":\"https://i\",\"tenants\":[\"x\"]}] | tenants: element 1: expected a UUID",
                "AUTH_ISSUERS | [{\"issuer\":\"https://i\",\"tenant\":\"*\"}] | did you mean tenants?",
                "AUTH_ISSUERS | [{\"issuer\":\"https://i\",\"issuer\":\"https://i\"}] | expected well-formed JSON",
                "CONTINUATION_SECRET | short | expected 32 characters or more",
                "CONTINUATION_PREVIOUS_SECRETS | short | element 1: expected 32 characters or more",
                "ROUTING_CSP_SUBSCRIPTIONS | '' | is empty: expected a list of one or more",
                "METADATA_LOGIN_ENDPOINT | login.example.com | expected an absolute URL"
            })
    void saysWhatWasExpected(String name, String value, String message) {
        assertThat(Sample.problems("", Sample.environment("TALLYGATE_" + name, value)))
                .anySatisfy(problem -> assertThat(problem).contains("(environment TALLYGATE_" + name + "): ", message));
    }

    @Test
    void allProblemsOfAllIssuersAreReported() {
        String issuers = """
                auth:
                  issuers:
                    - issuer: ftp://i
                      tenants: x
                    - issuer: https://i
                      tenants: "*"
                      caFile: none.pem
                    - issuer: https://j
                      tenants: "*"
                    - issuer: https://j
                      tenants: "*"
                """;

        assertThat(Sample.problems(issuers, Sample.environmentWithout("TALLYGATE_AUTH_ISSUERS")))
                .hasSize(5)
                .allSatisfy(problem -> assertThat(problem).startsWith("auth.issuers (tallygate.yaml:2): "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HTTP_TLS_KEY | /etc/tallygate/tls.key | http.tls.key | needs http.tls.certificate",
                "HTTP_TLS_CERTIFICATE | /etc/tallygate/tls.crt | http.tls.certificate | needs http.tls.key",
                "DATABASE_ADMIN_USER | postgres | database.admin.user | needs database.admin.password",
                "MANAGEMENT_PORT | 8443 | management.port | expected another port than http.port",
                "DATABASE_OWNER_USER | tallygate_app | database.owner.user | expected another role",
                "CONTINUATION_PREVIOUS_SECRETS | a-secret-of-more-than-thirty-two-characters |"
                        + " continuation.previousSecrets | expected only secrets other than continuation.secret",
                "AUTH_ISSUERS | [{\"issuer\":\"https://i\",\"tenants\":[\"0f0f0f0f-0000-4000-8000-0123456789ab\"]}] |"
                        + " auth.issuers | expected an issuer for the operator's tenant",
                "COLLECT_SOURCES | [{\"name\":\"a\",\"type\":\"directory\",\"registration\":\"r\",\"path\":\"/in\"},"
                        + "{\"name\":\"b\",\"type\":\"directory\",\"registration\":\"r\",\"path\":\"/in/.\"}] |"
                        + " collect.sources | expected another path of b than that of a"
            })
    void settingsMustFitEachOther(String name, String value, String key, String message) {
        assertThat(Sample.problems("", Sample.environment("TALLYGATE_" + name, value)))
                .singleElement()
                .asString()
                .startsWith(key + " (environment TALLYGATE_" + name + "): " + message);
    }

    @Test
    void warnsOfPlainHttpWithoutAProxy() throws ConfigException {
        assertThat(Sample.load("", Sample.environment(), Purpose.SERVE).warnings())
                .singleElement()
                .asString()
                .contains("http.trustedProxies");
        assertThat(Sample.load("http: {trustedProxies: [10.0.0.1]}", Sample.environment(), Purpose.SERVE)
                        .warnings())
                .isEmpty();
    }

    @Test
    void aMisspeltVariableIsReported() {
        assertThat(Sample.problems("", Sample.environment("TALLYGATE_HTTP_PROT", "1")))
                .containsExactly("TALLYGATE_HTTP_PROT (environment): is no setting; did you mean TALLYGATE_HTTP_PORT?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TALLYGATE_LOG_FORMAT",
                "TALLYGATE_LOG_REQUESTS",
                "TALLYGATE_JAVA_OPTS",
                "TALLYGATE_TOKEN",
                "TALLYGATE_SERVICE_HOST",
                "TALLYGATE_SERVICE_PORT_HTTPS",
                "TALLYGATE_PORT",
                "TALLYGATE_PORT_8443_TCP_ADDR",
                "TALLYGATE_DB_PORT_5432_TCP",
                "OTHER"
            })
    void variablesOfOthersAreNotSettings(String name) {
        assertThat(Sample.problems("", Sample.environment(name, "x"))).isEmpty();
    }

    @Test
    void migrateNeedsTheOwnerAndNothingOfTheGateway() throws ConfigException {
        Map<String, String> environment = Map.of(
                "TALLYGATE_DATABASE_URL", "postgresql://db/name",
                "TALLYGATE_DATABASE_USER", "app",
                "TALLYGATE_DATABASE_PASSWORD", "app-password",
                "TALLYGATE_DATABASE_OWNER_USER", "owner");

        assertThatThrownBy(() -> Sample.load("", environment, Purpose.MIGRATE))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> assertThat(e.problems())
                                .extracting(ConfigProblem::key)
                                .isEqualTo(List.of("database.owner.password")));
        Map<String, String> complete = new HashMap<>(environment);
        complete.put("TALLYGATE_DATABASE_OWNER_PASSWORD", "owner-password");
        assertThat(MigrationSettings.from(Sample.load("", complete, Purpose.MIGRATE)))
                .isEqualTo(new MigrationConfig(
                        "postgresql://db/name", null, null, "owner", "owner-password", "app", "app-password"));
    }
}
