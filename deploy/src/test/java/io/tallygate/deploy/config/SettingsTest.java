package io.tallygate.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.deploy.config.Setting.Purpose;
import io.tallygate.gateway.admission.AdmissionConfig;
import io.tallygate.gateway.auth.AuthConfig;
import io.tallygate.gateway.auth.IssuerConfig;
import io.tallygate.gateway.auth.Role;
import io.tallygate.gateway.collect.SourceConfig;
import io.tallygate.gateway.export.StreamConfig;
import io.tallygate.gateway.http.ConnectionConfig;
import io.tallygate.gateway.portal.PortalConfig;
import io.tallygate.store.DatabaseConfig;
import io.tallygate.store.MigrationConfig;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class SettingsTest {
    private static final String OTHER = "0f0f0f0f-0000-4000-8000-0123456789ab";
    private static final String OTHER_SECRET = "another-secret-of-more-than-thirty-two-characters";

    /** A setting, a text for it that is not its default, and the field that must hold the value. */
    record Mapping(String key, String text, Object expected, BiFunction<ServeConfig, MigrationConfig, Object> field) {
        @Override
        public String toString() {
            return key;
        }
    }

    static List<Mapping> mappings() {
        return List.of(
                serve(
                        "database.url",
                        "postgres://other/name?sslmode=require",
                        c -> c.database().url()),
                serve("database.user", "someone", c -> c.database().user()),
                serve("database.password", "0123", c -> c.database().password()),
                serve("database.poolSize", "9", 9, c -> c.database().poolSize()),
                serve("database.maxWaitQueue", "11", 11, c -> c.database().maxWaitQueue()),
                serve(
                        "database.connectTimeout",
                        "7s",
                        Duration.ofSeconds(7),
                        c -> c.database().connectTimeout()),
                serve(
                        "database.statementTimeout",
                        "500ms",
                        Duration.ofMillis(500),
                        c -> c.database().statementTimeout()),
                serve(
                        "database.replica.url",
                        "postgresql://copy:5433/name",
                        c -> c.replica().orElseThrow().url()),
                serve(
                        "database.replica.user",
                        "reader",
                        c -> c.replica().orElseThrow().user()),
                serve(
                        "database.replica.password",
                        "4567",
                        c -> c.replica().orElseThrow().password()),
                serve(
                        "database.replica.poolSize",
                        "3",
                        3,
                        c -> c.replica().orElseThrow().poolSize()),
                migrate("database.owner.user", "somebody", MigrationConfig::ownerUser),
                migrate("database.owner.password", "pw1", MigrationConfig::ownerPassword),
                migrate("database.admin.user", "anybody", MigrationConfig::adminUser),
                migrate("database.admin.password", "pw2", MigrationConfig::adminPassword),
                serve("http.host", "::1", c -> c.http().host()),
                serve("http.port", "0", 0, c -> c.http().port()),
                serve(
                        "http.tls.certificate",
                        "/etc/tallygate/tls.crt",
                        Sample.CERTIFICATE,
                        c -> c.http().tls().orElseThrow().certificate()),
                serve(
                        "http.tls.key",
                        "/etc/tallygate/tls.key",
                        Sample.KEY,
                        c -> c.http().tls().orElseThrow().key()),
                serve(
                        "http.trustedProxies",
                        "10.0.0.0/8,fd00::1",
                        List.of("10.0.0.0/8", "fd00::1"),
                        c -> c.http().trustedProxies()),
                serve("http.maxBody", "64KiB", 65_536, c -> c.http().maxBody()),
                serve("http.stream.limit", "7", 7, c -> c.http().streams().limit()),
                serve(
                        "http.stream.idleTimeout",
                        "PT9S",
                        Duration.ofSeconds(9),
                        c -> c.http().streams().idleTimeout()),
                serve(
                        "http.stream.ingestLimit",
                        "5",
                        5,
                        c -> c.http().admission().ingestStreams()),
                serve(
                        "http.headTimeout",
                        "3s",
                        Duration.ofSeconds(3),
                        c -> c.http().connections().headTimeout()),
                serve(
                        "http.bodyTimeout",
                        "4s",
                        Duration.ofSeconds(4),
                        c -> c.http().connections().bodyTimeout()),
                serve(
                        "http.connections.limit",
                        "6",
                        6,
                        c -> c.http().connections().limit()),
                serve(
                        "http.connections.perAddress",
                        "5",
                        5,
                        c -> c.http().connections().perAddress()),
                serve("http.requests.limit", "12", 12, c -> c.http().admission().requests()),
                serve(
                        "http.requests.waiting",
                        "13",
                        13,
                        c -> c.http().admission().waiting()),
                serve(
                        "http.requests.patience",
                        "2s",
                        Duration.ofSeconds(2),
                        c -> c.http().admission().patience()),
                serve(
                        "http.cors.origins",
                        "https://a,http://b:81",
                        List.of("https://a", "http://b:81"),
                        c -> c.http().connections().corsOrigins()),
                serve("limits.tenant.rate", "14", 14, c -> c.http().admission().tenantRate()),
                serve("limits.tenant.burst", "15", 15, c -> c.http().admission().tenantBurst()),
                serve(
                        "limits.address.failures",
                        "16",
                        16,
                        c -> c.http().admission().addressFailures()),
                serve("management.host", "10.1.1.1", c -> c.management().host()),
                serve("management.port", "9191", 9191, c -> c.management().port()),
                serve(
                        "operator.tenantId",
                        OTHER,
                        new TenantId(UUID.fromString(OTHER)),
                        c -> c.auth().operatorTenant()),
                serve(
                        "operator.subscriptionId",
                        OTHER,
                        new SubscriptionId(UUID.fromString(OTHER)),
                        ServeConfig::operatorSubscription),
                serve("auth.audiences", "a,b", Set.of("a", "b"), c -> c.auth().audiences()),
                serve(
                        "auth.issuers",
                        "[{issuer: \"https://i\", tenants: [\"" + Sample.TENANT
                                + "\"], discovery: \"https://d/x\", caFile: /etc/tallygate/tls.crt}]",
                        List.of(new IssuerConfig(
                                "https://i",
                                Set.of(new TenantId(UUID.fromString(Sample.TENANT))),
                                Optional.of(URI.create("https://d/x")),
                                Optional.of(Sample.CERTIFICATE))),
                        c -> c.auth().issuers()),
                serve("auth.roles.usageRead", "r1", c -> c.auth().roleNames().get(Role.USAGE_READ)),
                serve("auth.roles.usageReadAll", "r2", c -> c.auth().roleNames().get(Role.USAGE_READ_ALL)),
                serve(
                        "auth.roles.usageReadRouted",
                        "r3",
                        c -> c.auth().roleNames().get(Role.USAGE_READ_ROUTED)),
                serve("auth.roles.usageReport", "r4", c -> c.auth().roleNames().get(Role.USAGE_REPORT)),
                serve(
                        "auth.roles.registrationReadWrite",
                        "r5",
                        c -> c.auth().roleNames().get(Role.REGISTRATION_READ_WRITE)),
                serve("continuation.secret", OTHER_SECRET, c -> c.continuation().secret()),
                serve(
                        "continuation.previousSecrets",
                        OTHER_SECRET,
                        List.of(OTHER_SECRET),
                        c -> c.continuation().previousSecrets()),
                serve("apiKeys.secret", OTHER_SECRET, c -> c.apiKeys().secret().orElseThrow()),
                serve(
                        "apiKeys.previousSecrets",
                        OTHER_SECRET,
                        List.of(OTHER_SECRET),
                        c -> c.apiKeys().previousSecrets()),
                portal("clientId", "p", PortalConfig::clientId),
                portal("clientSecret", "s", c -> c.clientSecret().orElseThrow()),
                portal(
                        "discovery",
                        "https://login.example.com/x/.well-known/openid-configuration",
                        c -> c.discovery().toString()),
                portal("scope", "openid", PortalConfig::scope),
                serve(
                        "portal.apiScope",
                        "api://x/.default",
                        PortalConfig.DEFAULT_SCOPE + " api://x/.default",
                        c -> c.portal().orElseThrow().scope()),
                portal("secret", OTHER_SECRET, c -> c.secrets().get(0)),
                portal("previousSecrets", OTHER_SECRET, c -> c.secrets().get(1)),
                serve(
                        "portal.idleTimeout",
                        "10m",
                        Duration.ofMinutes(10),
                        c -> c.portal().orElseThrow().idleTimeout()),
                serve(
                        "portal.maxAge",
                        "1h",
                        Duration.ofHours(1),
                        c -> c.portal().orElseThrow().maxAge()),
                serve("windows.lag", "PT0S", Duration.ZERO, c -> c.windows().lag()),
                serve(
                        "windows.interval",
                        "PT1S",
                        Duration.ofSeconds(1),
                        c -> c.windows().interval()),
                serve(
                        "usage.retention",
                        "90d",
                        Duration.ofDays(90),
                        c -> c.retention().keep()),
                serve("retention.enabled", "true", true, c -> c.retention().enabled()),
                serve(
                        "routing.cspSubscriptions",
                        OTHER,
                        Set.of(new SubscriptionId(UUID.fromString(OTHER))),
                        ServeConfig::cspSubscriptions),
                serve(
                        "delivery.endpoints",
                        "[{name: \"default\", adapter: \"file\", directory: \"/var/usage\"}]",
                        List.of("/var/usage"),
                        c -> c.delivery().endpoints().stream()
                                .map(endpoint -> endpoint.options().get("directory"))
                                .toList()),
                serve(
                        "delivery.interval",
                        "200ms",
                        Duration.ofMillis(200),
                        c -> c.delivery().interval()),
                serve(
                        "reconciliation.checkInterval",
                        "5m",
                        Duration.ofMinutes(5),
                        c -> c.delivery().checkInterval()),
                serve(
                        "collect.sources",
                        "[{name: \"north\", type: \"tallygate\", registration: \"r\", url: \"https://t\","
                                + " operatorSubscriptionId: \"" + OTHER + "\", tokenFile: \"/var/token\"}]",
                        List.of("north"),
                        c -> c.collect().sources().stream()
                                .map(SourceConfig::name)
                                .toList()),
                serve(
                        "collect.interval",
                        "3s",
                        Duration.ofSeconds(3),
                        c -> c.collect().interval()),
                serve("gaps.patience", "2h", Duration.ofHours(2), c -> c.gaps().patience()),
                serve("gaps.reach", "3d", Duration.ofDays(3), c -> c.gaps().reach()),
                serve(
                        "gaps.interval",
                        "7s",
                        Duration.ofSeconds(7),
                        c -> c.gaps().interval()),
                serve(
                        "metadata.portalEndpoint",
                        "https://p/",
                        url("https://p/"),
                        c -> c.metadata().portalEndpoint()),
                serve(
                        "metadata.galleryEndpoint",
                        "https://g/",
                        url("https://g/"),
                        c -> c.metadata().galleryEndpoint()),
                serve(
                        "metadata.graphEndpoint",
                        "https://h/",
                        url("https://h/"),
                        c -> c.metadata().graphEndpoint()),
                serve(
                        "metadata.loginEndpoint",
                        "https://l/",
                        url("https://l/"),
                        c -> c.metadata().loginEndpoint()),
                serve(
                        "shutdown.delay",
                        "PT4S",
                        Duration.ofSeconds(4),
                        c -> c.shutdown().delay()),
                serve(
                        "shutdown.timeout",
                        "PT3S",
                        Duration.ofSeconds(3),
                        c -> c.shutdown().timeout()),
                serve("log.level", "WARN", LogLevel.WARN, ServeConfig::logLevel));
    }

    @Test
    void thereIsAMappingForEverySetting() {
        assertThat(mappings())
                .extracting(Mapping::key)
                .containsExactlyElementsOf(
                        Settings.all().stream().map(Setting::key).toList());
    }

    @ParameterizedTest
    @MethodSource("mappings")
    void reachesItsFieldFromTheFile(Mapping mapping) throws ConfigException {
        Map<String, String> environment = together(mapping);
        environment.remove(setting(mapping).environmentName());
        String quoted = mapping.text().startsWith("[") ? mapping.text() : "'" + mapping.text() + "'";

        assertThat(value(mapping, mapping.key() + ": " + quoted, environment)).isEqualTo(mapping.expected());
    }

    @ParameterizedTest
    @MethodSource("mappings")
    void reachesItsFieldFromTheEnvironment(Mapping mapping) throws ConfigException {
        Map<String, String> environment = together(mapping);
        environment.put(setting(mapping).environmentName(), json(mapping.text()));

        assertThat(value(mapping, "", environment)).isEqualTo(mapping.expected());
    }

    @Test
    void whatIsRequiredIsEnoughAndTheRestHasDefaults() throws ConfigException {
        ServeConfig config = ServeConfig.from(Sample.load("", Sample.environment(), Purpose.SERVE));

        assertThat(config)
                .isEqualTo(new ServeConfig(
                        new DatabaseConfig(
                                "postgresql://db.example.com:5432/tallygate",
                                "tallygate_app",
                                "app-password",
                                8,
                                200,
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(30)),
                        Optional.empty(),
                        new HttpConfig(
                                "0.0.0.0",
                                8443,
                                Optional.empty(),
                                List.of(),
                                8 * 1024 * 1024,
                                StreamConfig.DEFAULT,
                                ConnectionConfig.DEFAULT,
                                AdmissionConfig.DEFAULT),
                        new ManagementConfig("127.0.0.1", 9090),
                        new SubscriptionId(UUID.fromString(Sample.SUBSCRIPTION)),
                        AuthConfig.of(
                                List.of(new IssuerConfig(
                                        "https://login.example.com", Set.of(), Optional.empty(), Optional.empty())),
                                Set.of("https://usage.example.com"),
                                new TenantId(UUID.fromString(Sample.TENANT))),
                        new ContinuationConfig(Sample.SECRET, List.of()),
                        ApiKeysConfig.OFF,
                        Optional.empty(),
                        new WindowsConfig(Duration.ofMinutes(1), Duration.ofSeconds(10)),
                        new RetentionConfig(Duration.ofDays(1826), false),
                        Set.of(),
                        new DeliveryConfig(List.of(), Duration.ofSeconds(1), Duration.ofHours(1)),
                        new CollectConfig(List.of(), Duration.ofSeconds(10)),
                        new GapsConfig(Duration.ofHours(6), Duration.ofDays(14), Duration.ofMinutes(5)),
                        new MetadataConfig(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
                        new ShutdownConfig(Duration.ZERO, Duration.ofSeconds(20)),
                        LogLevel.INFO));
    }

    @Test
    void namesInTheEnvironmentAreDerivedAndDiffer() {
        assertThat(Settings.DATABASE_POOL_SIZE.environmentName()).isEqualTo("TALLYGATE_DATABASE_POOL_SIZE");
        assertThat(Settings.DATABASE_PASSWORD.fileEnvironmentName()).isEqualTo("TALLYGATE_DATABASE_PASSWORD_FILE");
        assertThat(Settings.AUTH_ROLES_USAGE_READ_ALL.environmentName())
                .isEqualTo("TALLYGATE_AUTH_ROLES_USAGE_READ_ALL");
        assertThat(Settings.all().stream()
                        .flatMap(setting -> Stream.of(setting.environmentName(), setting.fileEnvironmentName())))
                .doesNotHaveDuplicates();
    }

    private static Object value(Mapping mapping, String text, Map<String, String> environment) throws ConfigException {
        ServeConfig serve = ServeConfig.from(Sample.load(text, environment, Purpose.SERVE));
        MigrationConfig migrate = MigrationSettings.from(Sample.load(text, environment, Purpose.MIGRATE));
        return mapping.field().apply(serve, migrate);
    }

    /** The required settings, and those that must come together with the mapping's. */
    private static Map<String, String> together(Mapping mapping) {
        Map<String, String> environment = new HashMap<>(Sample.environment());
        if (mapping.key().startsWith("http.tls.")) {
            environment.put("TALLYGATE_HTTP_TLS_CERTIFICATE", "/etc/tallygate/tls.crt");
            environment.put("TALLYGATE_HTTP_TLS_KEY", "/etc/tallygate/tls.key");
        }
        if (mapping.key().equals("apiKeys.previousSecrets")) {
            environment.put("TALLYGATE_API_KEYS_SECRET", "a secret of more than thirty-two characters");
        }
        if (mapping.key().startsWith("portal.")) {
            environment.put("TALLYGATE_PORTAL_CLIENT_ID", "portal");
            environment.put("TALLYGATE_PORTAL_SECRET", "yet a secret of more than thirty-two characters");
        }
        if (mapping.key().startsWith("database.replica.")) {
            environment.put("TALLYGATE_DATABASE_REPLICA_URL", "postgresql://copy:5432/name");
            environment.put("TALLYGATE_DATABASE_REPLICA_USER", "reader");
            environment.put("TALLYGATE_DATABASE_REPLICA_PASSWORD", "readers");
        }
        if (mapping.key().startsWith("database.admin.")) {
            environment.put("TALLYGATE_DATABASE_ADMIN_USER", "admin");
            environment.put("TALLYGATE_DATABASE_ADMIN_PASSWORD", "admin-password");
        }
        return environment;
    }

    private static Setting<?> setting(Mapping mapping) {
        return Settings.all().stream()
                .filter(setting -> setting.key().equals(mapping.key()))
                .findFirst()
                .orElseThrow();
    }

    /** The environment's lists of objects are JSON, with quotes around names and values. */
    private static String json(String text) {
        return text.startsWith("[")
                ? text.replaceAll("(\\w+): ", "\"$1\": ")
                        .replace("/etc/tallygate/tls.crt", "\"/etc/tallygate/tls.crt\"")
                : text;
    }

    private static Optional<URI> url(String text) {
        return Optional.of(URI.create(text));
    }

    private static Mapping serve(String key, String text, Function<ServeConfig, Object> field) {
        return serve(key, text, text, field);
    }

    private static Mapping serve(String key, String text, Object expected, Function<ServeConfig, Object> field) {
        return new Mapping(key, text, expected, (serve, migrate) -> field.apply(serve));
    }

    private static Mapping portal(String name, String text, Function<PortalConfig, Object> field) {
        return serve("portal." + name, text, c -> field.apply(c.portal().orElseThrow()));
    }

    private static Mapping migrate(String key, String text, Function<MigrationConfig, Object> field) {
        return new Mapping(key, text, text, (serve, migrate) -> field.apply(migrate));
    }
}
