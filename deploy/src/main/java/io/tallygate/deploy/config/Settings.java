package io.tallygate.deploy.config;

import io.tallygate.deploy.config.Setting.Purpose;
import io.tallygate.gateway.auth.IssuerConfig;
import io.tallygate.routing.commerce.AdapterType;
import io.tallygate.routing.commerce.EndpointConfig;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The only list of settings. */
final class Settings {
    // Before the settings: they enter themselves here, in this order.
    private static final List<Setting<?>> LIST = new ArrayList<>();

    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration MILLISECOND = Duration.ofMillis(1);
    private static final int SECRET_LENGTH = 32;

    static final Setting<String> DATABASE_URL = add(Setting.of(
                    "database.url",
                    NetworkTypes.database(),
                    "`postgresql://HOST:PORT/NAME`, with `?sslmode=` if need be")
            .requiredBy(Purpose.SERVE, Purpose.MIGRATE));
    static final Setting<String> DATABASE_USER =
            add(Setting.of("database.user", ScalarTypes.text(), "the application role; neither owner nor superuser")
                    .requiredBy(Purpose.SERVE, Purpose.MIGRATE));
    static final Setting<String> DATABASE_PASSWORD =
            add(Setting.of("database.password", ScalarTypes.text(), "password of the application role")
                    .requiredBy(Purpose.SERVE, Purpose.MIGRATE)
                    .asSecret());
    static final Setting<Integer> DATABASE_POOL_SIZE =
            add(Setting.of("database.poolSize", ScalarTypes.integer(1, 1000), "connections to the database")
                    .withDefault("8"));
    static final Setting<Integer> DATABASE_MAX_WAIT_QUEUE = add(Setting.of(
                    "database.maxWaitQueue",
                    ScalarTypes.integer(1, 100_000),
                    "requests that may wait for a connection; one more is told 429")
            .withDefault("200"));
    static final Setting<Duration> DATABASE_CONNECT_TIMEOUT = add(Setting.of(
                    "database.connectTimeout",
                    ScalarTypes.duration(MILLISECOND, DAY),
                    "how long a connection may take to open")
            .withDefault("PT5S"));
    static final Setting<Duration> DATABASE_STATEMENT_TIMEOUT = add(Setting.of(
                    "database.statementTimeout", ScalarTypes.duration(MILLISECOND, DAY), "how long a statement may run")
            .withDefault("PT30S"));

    static {
        LIST.addAll(ReplicaSettings.ALL);
    }

    static final Setting<String> DATABASE_OWNER_USER =
            add(Setting.of("database.owner.user", ScalarTypes.text(), "the role that owns the schema; `migrate` only")
                    .requiredBy(Purpose.MIGRATE));
    static final Setting<String> DATABASE_OWNER_PASSWORD =
            add(Setting.of("database.owner.password", ScalarTypes.text(), "password of the owner; `migrate` only")
                    .requiredBy(Purpose.MIGRATE)
                    .asSecret());
    static final Setting<String> DATABASE_ADMIN_USER = add(Setting.of(
            "database.admin.user",
            ScalarTypes.text(),
            "a role that may create the other roles and the database's schema; `migrate` only"));
    static final Setting<String> DATABASE_ADMIN_PASSWORD =
            add(Setting.of("database.admin.password", ScalarTypes.text(), "password of that role; `migrate` only")
                    .asSecret());
    static final Setting<String> HTTP_HOST =
            add(Setting.of("http.host", NetworkTypes.host(), "the address that the gateway listens on")
                    .withDefault("0.0.0.0"));
    static final Setting<Integer> HTTP_PORT =
            add(Setting.of("http.port", ScalarTypes.port(), "its port; 0 takes a free one")
                    .withDefault("8443"));
    static final Setting<String> HTTP_TLS_CERTIFICATE = add(Setting.of(
            "http.tls.certificate",
            PemTypes.certificate(),
            "PEM file with the certificate chain; without it plain http, meant for behind a TLS proxy"));
    static final Setting<String> HTTP_TLS_KEY = add(
            Setting.of("http.tls.key", PemTypes.key(), "PEM file with the certificate's private key, not encrypted"));
    static final Setting<List<String>> HTTP_TRUSTED_PROXIES = add(Setting.of(
                    "http.trustedProxies",
                    ListTypes.of("list of addresses", NetworkTypes::addressRange),
                    "addresses and CIDR ranges whose `Forwarded` and `X-Forwarded-*` headers are believed")
            .withDefault(""));
    static final Setting<Integer> HTTP_MAX_BODY = add(Setting.of(
                    "http.maxBody",
                    ScalarTypes.bytes(1024, 1 << 30),
                    "the largest body of a single event or a batch; NDJSON has no limit")
            .withDefault("8MiB"));
    static final Setting<Integer> HTTP_STREAM_LIMIT = add(Setting.of(
                    "http.stream.limit",
                    ScalarTypes.integer(1, 100_000),
                    "streams of usage (CSV, NDJSON) at the same time, a quarter of them for one tenant; one more is refused with 429")
            .withDefault("256"));
    static final Setting<Duration> HTTP_STREAM_IDLE_TIMEOUT = add(Setting.of(
                    "http.stream.idleTimeout",
                    ScalarTypes.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
                    "how long a stream waits for a reader that takes nothing, and for a database that is away")
            .withDefault("PT1M"));
    static final Setting<Integer> HTTP_STREAM_INGEST_LIMIT = add(Setting.of(
                    "http.stream.ingestLimit",
                    ScalarTypes.integer(1, 100_000),
                    "streams of usage records (NDJSON) that come in at the same time; one more is refused with 429")
            .withDefault("32"));
    static final Setting<Duration> HTTP_HEAD_TIMEOUT = add(Setting.of(
                    "http.headTimeout",
                    ScalarTypes.duration(MILLISECOND, DAY),
                    "how long a new connection may take to bring its first request; a used one may bring none for four times as long")
            .withDefault("PT30S"));
    static final Setting<Duration> HTTP_BODY_TIMEOUT = add(Setting.of(
                    "http.bodyTimeout",
                    ScalarTypes.duration(MILLISECOND, DAY),
                    "how long a body may take to arrive, and a second longer for each 32 KiB of it; a stream of records may bring nothing for `http.stream.idleTimeout`")
            .withDefault("PT30S"));
    static final Setting<Integer> HTTP_CONNECTIONS_LIMIT = add(Setting.of(
                    "http.connections.limit",
                    ScalarTypes.integer(1, 1_000_000),
                    "open connections of callers; one more is closed at once")
            .withDefault("20000"));
    static final Setting<Integer> HTTP_CONNECTIONS_PER_ADDRESS = add(Setting.of(
                    "http.connections.perAddress",
                    ScalarTypes.integer(1, 1_000_000),
                    "those from one address; `http.trustedProxies` may have any number")
            .withDefault("2000"));
    static final Setting<Integer> HTTP_REQUESTS_LIMIT = add(Setting.of(
                    "http.requests.limit",
                    ScalarTypes.integer(0, 10_000),
                    "requests of tenants that run at the same time, half of them of one tenant, and as many of the operator's; 0: twice the processors, 4 at least")
            .withDefault("0"));
    static final Setting<Integer> HTTP_REQUESTS_WAITING = add(Setting.of(
                    "http.requests.waiting",
                    ScalarTypes.integer(1, 100_000),
                    "requests that may wait for their turn, a quarter of them of one tenant; one more is refused with 429")
            .withDefault("256"));
    static final Setting<Duration> HTTP_REQUESTS_PATIENCE = add(Setting.of(
                    "http.requests.patience",
                    ScalarTypes.duration(MILLISECOND, Duration.ofMinutes(1)),
                    "how long one may wait, then it is refused with 429; a two hundredth of it once there was a crowd for a fifth of it")
            .withDefault("PT0.5S"));
    static final Setting<List<String>> HTTP_CORS_ORIGINS = add(Setting.of(
                    "http.cors.origins",
                    ListTypes.of("list of origins", NetworkTypes::origin),
                    "origins whose pages may call from a browser, such as `https://portal.example.com`; without it none may")
            .withDefault(""));
    static final Setting<Integer> LIMITS_TENANT_RATE = add(Setting.of(
                    "limits.tenant.rate",
                    ScalarTypes.integer(0, 1_000_000),
                    "requests a second of one tenant, the operator's excepted, per gateway; 0: any")
            .withDefault("50")
            .asReloadable());
    static final Setting<Integer> LIMITS_TENANT_BURST = add(Setting.of(
                    "limits.tenant.burst",
                    ScalarTypes.integer(1, 1_000_000),
                    "requests of one tenant at once, if it made none for a while")
            .withDefault("200")
            .asReloadable());
    static final Setting<Integer> LIMITS_ADDRESS_FAILURES = add(Setting.of(
                    "limits.address.failures",
                    ScalarTypes.integer(0, 1_000_000),
                    "refused credentials a second from one address, ten times as many at once; then it is refused with 429 for a while; 0: any")
            .withDefault("20")
            .asReloadable());
    static final Setting<String> MANAGEMENT_HOST =
            add(Setting.of("management.host", NetworkTypes.host(), "the address for health; not for callers")
                    .withDefault("127.0.0.1"));
    static final Setting<Integer> MANAGEMENT_PORT =
            add(Setting.of("management.port", ScalarTypes.port(), "its port; 0 takes a free one")
                    .withDefault("9090"));
    static final Setting<UUID> OPERATOR_TENANT_ID =
            add(Setting.of("operator.tenantId", ScalarTypes.uuid(), "the operator's directory tenant")
                    .requiredBy(Purpose.SERVE));
    static final Setting<UUID> OPERATOR_SUBSCRIPTION_ID =
            add(Setting.of("operator.subscriptionId", ScalarTypes.uuid(), "the default provider subscription")
                    .requiredBy(Purpose.SERVE));
    static final Setting<List<String>> AUTH_AUDIENCES = add(Setting.of(
                    "auth.audiences",
                    ListTypes.nonEmpty("list of texts", text -> ScalarTypes.requireLength(text, 1)),
                    "values of `aud`, one of which every token must carry")
            .requiredBy(Purpose.SERVE));
    static final Setting<List<IssuerConfig>> AUTH_ISSUERS = add(Setting.of(
                    "auth.issuers",
                    IssuerType.issuers(),
                    "`issuer`, `tenants` (ids, or `\"*\"` for one issuer at most), `discovery`, `caFile`; JSON in the environment")
            .requiredBy(Purpose.SERVE)
            .asReloadable());
    static final Setting<String> AUTH_ROLES_USAGE_READ =
            add(Setting.of("auth.roles.usageRead", ScalarTypes.text(), "the role that reads its own tenant's usage")
                    .withDefault("Usage.Read"));
    static final Setting<String> AUTH_ROLES_USAGE_READ_ALL =
            add(Setting.of("auth.roles.usageReadAll", ScalarTypes.text(), "operator: reads everybody's usage")
                    .withDefault("Usage.Read.All"));
    static final Setting<String> AUTH_ROLES_USAGE_READ_ROUTED = add(Setting.of(
                    "auth.roles.usageReadRouted",
                    ScalarTypes.text(),
                    "operator: reads what was routed to CSP subscriptions")
            .withDefault("Usage.Read.Routed"));
    static final Setting<String> AUTH_ROLES_USAGE_REPORT =
            add(Setting.of("auth.roles.usageReport", ScalarTypes.text(), "operator: reports usage")
                    .withDefault("Usage.Report"));
    static final Setting<String> AUTH_ROLES_REGISTRATION_READ_WRITE = add(Setting.of(
                    "auth.roles.registrationReadWrite",
                    ScalarTypes.text(),
                    "operator: manages registrations and mappings")
            .withDefault("Registration.ReadWrite"));
    static final Setting<String> CONTINUATION_SECRET = add(Setting.of(
                    "continuation.secret",
                    ScalarTypes.text(SECRET_LENGTH),
                    "signs continuation tokens; 32 characters or more, the same in every gateway")
            .requiredBy(Purpose.SERVE)
            .asSecret());
    static final Setting<List<String>> CONTINUATION_PREVIOUS_SECRETS = add(Setting.of(
                    "continuation.previousSecrets",
                    ListTypes.of("list of texts", text -> ScalarTypes.requireLength(text, SECRET_LENGTH)),
                    "secrets whose tokens are still accepted while the secret is changed; any other is refused")
            .withDefault("")
            .asSecret());
    static final Setting<String> API_KEYS_SECRET = add(Setting.of(
                    "apiKeys.secret",
                    ScalarTypes.text(SECRET_LENGTH),
                    "makes API keys; 32 characters or more, the same in every gateway; without it there are none")
            .asSecret());
    static final Setting<List<String>> API_KEYS_PREVIOUS_SECRETS = add(Setting.of(
                    "apiKeys.previousSecrets",
                    ListTypes.of("list of texts", text -> ScalarTypes.requireLength(text, SECRET_LENGTH)),
                    "secrets whose API keys are still accepted; those of any other are refused")
            .withDefault("")
            .asSecret());

    static {
        LIST.addAll(PortalSettings.ALL);
    }

    static final Setting<Duration> WINDOWS_LAG = add(Setting.of(
                    "windows.lag", ScalarTypes.duration(Duration.ZERO, DAY), "how long after its end an hour is sealed")
            .withDefault("PT1M"));
    static final Setting<Duration> WINDOWS_INTERVAL = add(Setting.of(
                    "windows.interval",
                    ScalarTypes.duration(MILLISECOND, DAY),
                    "how often sealing, routing and release look for work")
            .withDefault("PT10S"));
    static final Setting<Duration> USAGE_RETENTION = add(Setting.of(
                    "usage.retention",
                    ScalarTypes.duration(DAY, Duration.ofDays(36525)),
                    "usage older than this is rejected")
            .withDefault("P1826D"));
    static final Setting<Boolean> RETENTION_ENABLED = add(Setting.of(
                    "retention.enabled",
                    ScalarTypes.bool(),
                    "`true` drops months of usage that are older than `usage.retention`, by itself; see \"Retention\" below")
            .withDefault("false"));
    static final Setting<List<UUID>> ROUTING_CSP_SUBSCRIPTIONS = add(Setting.of(
            "routing.cspSubscriptions",
            ListTypes.nonEmpty("list of UUIDs", ScalarTypes::parseUuid),
            "the only CSP subscriptions that may pay; without it any may"));
    static final Setting<List<EndpointConfig>> DELIVERY_ENDPOINTS = add(Setting.of(
                    "delivery.endpoints",
                    EndpointType.endpoints(AdapterType.ALL),
                    "where routed usage is delivered, see \"Delivery endpoints\" below; JSON in the environment")
            .withDefault("")
            .asSecret());
    static final Setting<Duration> DELIVERY_INTERVAL = add(Setting.of(
                    "delivery.interval",
                    ScalarTypes.duration(MILLISECOND, DAY),
                    "how often delivery looks for work when there was none")
            .withDefault("PT1S"));
    static final Setting<Duration> RECONCILIATION_CHECK_INTERVAL = add(Setting.of(
                    "reconciliation.checkInterval",
                    ScalarTypes.duration(Duration.ofSeconds(1), DAY),
                    "how often the gateway checks whether its books balance")
            .withDefault("PT1H"));

    static {
        LIST.addAll(CollectSettings.ALL);
        LIST.addAll(GapSettings.ALL);
    }

    static final Setting<URI> METADATA_PORTAL_ENDPOINT = add(
            Setting.of("metadata.portalEndpoint", NetworkTypes.webUrl(), "`portalEndpoint` of `/metadata/endpoints`"));
    static final Setting<URI> METADATA_GALLERY_ENDPOINT = add(Setting.of(
            "metadata.galleryEndpoint", NetworkTypes.webUrl(), "`galleryEndpoint` of `/metadata/endpoints`"));
    static final Setting<URI> METADATA_GRAPH_ENDPOINT = add(
            Setting.of("metadata.graphEndpoint", NetworkTypes.webUrl(), "`graphEndpoint` of `/metadata/endpoints`"));
    static final Setting<URI> METADATA_LOGIN_ENDPOINT = add(
            Setting.of("metadata.loginEndpoint", NetworkTypes.webUrl(), "`loginEndpoint` of `/metadata/endpoints`"));
    static final Setting<Duration> SHUTDOWN_DELAY = add(Setting.of(
                    "shutdown.delay",
                    ScalarTypes.duration(Duration.ZERO, Duration.ofMinutes(10)),
                    "how long the gateway serves on after it said that it is not ready, until the load balancer has noticed")
            .withDefault("PT0S"));
    static final Setting<Duration> SHUTDOWN_TIMEOUT = add(Setting.of(
                    "shutdown.timeout",
                    ScalarTypes.duration(Duration.ZERO, DAY),
                    "how long requests in flight may take to end when the gateway stops")
            .withDefault("PT20S"));
    static final Setting<LogLevel> LOG_LEVEL = add(Setting.of(
                    "log.level",
                    ScalarTypes.word(LogLevel.class),
                    "how much is logged: `TRACE`, `DEBUG`, `INFO`, `WARN`, `ERROR` or `OFF`")
            .withDefault("INFO")
            .asReloadable());

    private Settings() {}

    /** Every setting, in the order of the documentation. */
    public static List<Setting<?>> all() {
        return List.copyOf(LIST);
    }

    private static <T> Setting<T> add(Setting<T> setting) {
        LIST.add(setting);
        return setting;
    }
}
