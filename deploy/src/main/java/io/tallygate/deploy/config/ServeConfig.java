package io.tallygate.deploy.config;

import io.tallygate.gateway.admission.AdmissionConfig;
import io.tallygate.gateway.auth.AuthConfig;
import io.tallygate.gateway.auth.Role;
import io.tallygate.gateway.collect.SourceConfig;
import io.tallygate.gateway.export.StreamConfig;
import io.tallygate.gateway.http.ConnectionConfig;
import io.tallygate.gateway.portal.PortalConfig;
import io.tallygate.routing.commerce.EndpointConfig;
import io.tallygate.store.DatabaseConfig;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Everything that the gateway is started with.
 *
 * @param replica from which sealed usage is read; empty: all of it from the primary
 * @param operatorSubscription the default provider subscription
 * @param cspSubscriptions the only ones that may pay; empty: any may
 * @param portal empty: there is no portal
 */
public record ServeConfig(
        DatabaseConfig database,
        Optional<DatabaseConfig> replica,
        HttpConfig http,
        ManagementConfig management,
        SubscriptionId operatorSubscription,
        AuthConfig auth,
        ContinuationConfig continuation,
        ApiKeysConfig apiKeys,
        Optional<PortalConfig> portal,
        WindowsConfig windows,
        RetentionConfig retention,
        Set<SubscriptionId> cspSubscriptions,
        DeliveryConfig delivery,
        CollectConfig collect,
        GapsConfig gaps,
        MetadataConfig metadata,
        ShutdownConfig shutdown,
        LogLevel logLevel) {

    /** For what follows requests, submissions and pages in flight: their marks, the pool, the event loops. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    /**
     * How long stopping may take in all: the delay, then requests in flight, submissions and pages end, and ten
     * seconds.
     */
    public Duration stopTimeout() {
        return Stream.of(
                        Stream.of(shutdown.delay().plus(shutdown.timeout())),
                        delivery.endpoints().stream().map(EndpointConfig::breakerTimeout),
                        collect.sources().stream().map(SourceConfig::deadline))
                .flatMap(each -> each)
                .max(Comparator.naturalOrder())
                .orElseThrow()
                .plus(GRACE);
    }

    /** The configuration of {@code serve}. */
    public static ServeConfig from(Configuration configuration) {
        return new ServeConfig(
                database(configuration),
                ReplicaSettings.from(configuration, database(configuration)),
                http(configuration),
                new ManagementConfig(
                        configuration.get(Settings.MANAGEMENT_HOST), configuration.get(Settings.MANAGEMENT_PORT)),
                new SubscriptionId(configuration.get(Settings.OPERATOR_SUBSCRIPTION_ID)),
                auth(configuration),
                new ContinuationConfig(
                        configuration.get(Settings.CONTINUATION_SECRET),
                        configuration.get(Settings.CONTINUATION_PREVIOUS_SECRETS)),
                new ApiKeysConfig(
                        configuration.find(Settings.API_KEYS_SECRET),
                        configuration.get(Settings.API_KEYS_PREVIOUS_SECRETS)),
                PortalSettings.from(configuration),
                new WindowsConfig(
                        configuration.get(Settings.WINDOWS_LAG), configuration.get(Settings.WINDOWS_INTERVAL)),
                new RetentionConfig(
                        configuration.get(Settings.USAGE_RETENTION), configuration.get(Settings.RETENTION_ENABLED)),
                configuration.find(Settings.ROUTING_CSP_SUBSCRIPTIONS).orElse(List.of()).stream()
                        .map(SubscriptionId::new)
                        .collect(Collectors.toUnmodifiableSet()),
                new DeliveryConfig(
                        configuration.get(Settings.DELIVERY_ENDPOINTS),
                        configuration.get(Settings.DELIVERY_INTERVAL),
                        configuration.get(Settings.RECONCILIATION_CHECK_INTERVAL)),
                CollectSettings.from(configuration),
                GapSettings.from(configuration),
                new MetadataConfig(
                        configuration.find(Settings.METADATA_PORTAL_ENDPOINT),
                        configuration.find(Settings.METADATA_GALLERY_ENDPOINT),
                        configuration.find(Settings.METADATA_GRAPH_ENDPOINT),
                        configuration.find(Settings.METADATA_LOGIN_ENDPOINT)),
                new ShutdownConfig(
                        configuration.get(Settings.SHUTDOWN_DELAY), configuration.get(Settings.SHUTDOWN_TIMEOUT)),
                configuration.get(Settings.LOG_LEVEL));
    }

    private static DatabaseConfig database(Configuration configuration) {
        return new DatabaseConfig(
                configuration.get(Settings.DATABASE_URL),
                configuration.get(Settings.DATABASE_USER),
                configuration.get(Settings.DATABASE_PASSWORD),
                configuration.get(Settings.DATABASE_POOL_SIZE),
                configuration.get(Settings.DATABASE_MAX_WAIT_QUEUE),
                configuration.get(Settings.DATABASE_CONNECT_TIMEOUT),
                configuration.get(Settings.DATABASE_STATEMENT_TIMEOUT));
    }

    private static HttpConfig http(Configuration configuration) {
        return new HttpConfig(
                configuration.get(Settings.HTTP_HOST),
                configuration.get(Settings.HTTP_PORT),
                configuration
                        .find(Settings.HTTP_TLS_CERTIFICATE)
                        .map(certificate -> new HttpConfig.Tls(certificate, configuration.get(Settings.HTTP_TLS_KEY))),
                configuration.get(Settings.HTTP_TRUSTED_PROXIES),
                configuration.get(Settings.HTTP_MAX_BODY),
                new StreamConfig(
                        configuration.get(Settings.HTTP_STREAM_LIMIT),
                        configuration.get(Settings.HTTP_STREAM_IDLE_TIMEOUT)),
                new ConnectionConfig(
                        configuration.get(Settings.HTTP_HEAD_TIMEOUT),
                        configuration.get(Settings.HTTP_BODY_TIMEOUT),
                        configuration.get(Settings.HTTP_CONNECTIONS_LIMIT),
                        configuration.get(Settings.HTTP_CONNECTIONS_PER_ADDRESS),
                        configuration.get(Settings.HTTP_CORS_ORIGINS)),
                new AdmissionConfig(
                        configuration.get(Settings.HTTP_REQUESTS_LIMIT),
                        configuration.get(Settings.HTTP_REQUESTS_WAITING),
                        configuration.get(Settings.HTTP_REQUESTS_PATIENCE),
                        configuration.get(Settings.HTTP_STREAM_INGEST_LIMIT),
                        configuration.get(Settings.LIMITS_TENANT_RATE),
                        configuration.get(Settings.LIMITS_TENANT_BURST),
                        configuration.get(Settings.LIMITS_ADDRESS_FAILURES)));
    }

    private static AuthConfig auth(Configuration configuration) {
        Map<Role, String> roleNames = new EnumMap<>(Role.class);
        roleNames.put(Role.USAGE_READ, configuration.get(Settings.AUTH_ROLES_USAGE_READ));
        roleNames.put(Role.USAGE_READ_ALL, configuration.get(Settings.AUTH_ROLES_USAGE_READ_ALL));
        roleNames.put(Role.USAGE_READ_ROUTED, configuration.get(Settings.AUTH_ROLES_USAGE_READ_ROUTED));
        roleNames.put(Role.USAGE_REPORT, configuration.get(Settings.AUTH_ROLES_USAGE_REPORT));
        roleNames.put(Role.REGISTRATION_READ_WRITE, configuration.get(Settings.AUTH_ROLES_REGISTRATION_READ_WRITE));
        return new AuthConfig(
                configuration.get(Settings.AUTH_ISSUERS),
                Set.copyOf(configuration.get(Settings.AUTH_AUDIENCES)),
                new TenantId(configuration.get(Settings.OPERATOR_TENANT_ID)),
                roleNames,
                AuthConfig.DEFAULT_LEEWAY,
                AuthConfig.DEFAULT_KEY_REFRESH,
                AuthConfig.DEFAULT_KEY_MAX_AGE,
                AuthConfig.DEFAULT_UNKNOWN_KEY_INTERVAL);
    }
}
