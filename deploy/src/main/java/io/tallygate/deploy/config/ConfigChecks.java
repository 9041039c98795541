package io.tallygate.deploy.config;

import io.tallygate.deploy.config.Setting.Purpose;
import io.tallygate.gateway.auth.IssuerConfig;
import io.tallygate.gateway.collect.ConfiguredSource;
import io.tallygate.gateway.collect.DirectoryConfig;
import io.tallygate.store.directory.TenantId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What settings must keep among each other; a setting that could not be read is not checked again here. */
final class ConfigChecks {
    private final Configuration configuration;
    private final Set<String> unreadable;
    private final List<ConfigProblem> problems = new ArrayList<>();

    private ConfigChecks(Configuration configuration, Set<String> unreadable) {
        this.configuration = configuration;
        this.unreadable = unreadable;
    }

    /**
     * The problems among settings.
     *
     * @param unreadable the keys that have problems of their own
     */
    static List<ConfigProblem> check(Configuration configuration, Set<String> unreadable, Purpose purpose) {
        ConfigChecks checks = new ConfigChecks(configuration, unreadable);
        if (purpose == Purpose.SERVE) {
            checks.together(Settings.HTTP_TLS_CERTIFICATE, Settings.HTTP_TLS_KEY);
            checks.ports();
            checks.operatorHasAnIssuer();
            checks.secretsDiffer(Settings.CONTINUATION_SECRET, Settings.CONTINUATION_PREVIOUS_SECRETS);
            checks.secretsDiffer(Settings.API_KEYS_SECRET, Settings.API_KEYS_PREVIOUS_SECRETS);
            checks.keysHaveASecret();
            checks.secretsDiffer(PortalSettings.SECRET, PortalSettings.PREVIOUS_SECRETS);
            checks.portalIsWhole();
            checks.whatIsDroppedWasKept();
            checks.replicaIsWhole();
            checks.directoriesDiffer();
        }
        checks.together(Settings.DATABASE_ADMIN_USER, Settings.DATABASE_ADMIN_PASSWORD);
        checks.ownerIsNotTheApplication();
        return checks.problems;
    }

    /** What is allowed and yet most likely not meant. */
    static List<String> warnings(Configuration configuration, Purpose purpose) {
        boolean behindWhom = purpose == Purpose.SERVE
                && configuration.find(Settings.HTTP_TLS_CERTIFICATE).isEmpty()
                && configuration
                        .find(Settings.HTTP_TRUSTED_PROXIES)
                        .orElse(List.of())
                        .isEmpty();
        return behindWhom
                ? List.of(
                        "Neither http.tls.certificate nor http.trustedProxies is set: behind a TLS proxy all callers have"
                                + " its address, and one who sends bad credentials shuts all of them out")
                : List.of();
    }

    private void together(Setting<?> one, Setting<?> other) {
        if (unreadable.contains(one.key()) || unreadable.contains(other.key())) {
            return;
        }
        needs(one, other);
        needs(other, one);
    }

    private void needs(Setting<?> setting, Setting<?> other) {
        if (configuration.find(setting).isPresent() && configuration.find(other).isEmpty()) {
            problem(setting, "needs " + other.key() + ": expected both or neither");
        }
    }

    private void ports() {
        Optional<Integer> port = configuration.find(Settings.HTTP_PORT);
        if (port.isPresent() && port.get() != 0 && port.equals(configuration.find(Settings.MANAGEMENT_PORT))) {
            problem(Settings.MANAGEMENT_PORT, "expected another port than http.port, which is " + port.get() + " too");
        }
    }

    private void operatorHasAnIssuer() {
        Optional<TenantId> operator =
                configuration.find(Settings.OPERATOR_TENANT_ID).map(TenantId::new);
        Optional<List<IssuerConfig>> issuers = configuration.find(Settings.AUTH_ISSUERS);
        if (operator.isPresent()
                && issuers.isPresent()
                && issuers.get().stream()
                        .noneMatch(issuer ->
                                issuer.tenants().isEmpty() || issuer.tenants().contains(operator.get()))) {
            problem(Settings.AUTH_ISSUERS, "expected an issuer for the operator's tenant " + operator.get());
        }
    }

    private void secretsDiffer(Setting<String> current, Setting<List<String>> others) {
        Optional<String> secret = configuration.find(current);
        Optional<List<String>> previous = configuration.find(others);
        if (secret.isPresent() && previous.isPresent() && previous.get().contains(secret.get())) {
            problem(others, "expected only secrets other than " + current.key());
        }
    }

    private void keysHaveASecret() {
        boolean previous = configuration
                .find(Settings.API_KEYS_PREVIOUS_SECRETS)
                .filter(secrets -> !secrets.isEmpty())
                .isPresent();
        if (previous
                && configuration.find(Settings.API_KEYS_SECRET).isEmpty()
                && !unreadable.contains(Settings.API_KEYS_SECRET.key())) {
            problem(Settings.API_KEYS_PREVIOUS_SECRETS, "needs apiKeys.secret: expected both or neither");
        }
    }

    private void replicaIsWhole() {
        together(ReplicaSettings.USER, ReplicaSettings.PASSWORD);
        if (!unreadable.contains(ReplicaSettings.URL.key())) {
            needs(ReplicaSettings.USER, ReplicaSettings.URL);
        }
    }

    private void portalIsWhole() {
        if (configuration.find(PortalSettings.CLIENT_ID).isEmpty()) {
            for (Setting<?> setting : List.of(
                    PortalSettings.CLIENT_SECRET,
                    PortalSettings.DISCOVERY,
                    PortalSettings.API_SCOPE,
                    PortalSettings.SECRET)) {
                if (configuration.find(setting).isPresent() && !unreadable.contains(PortalSettings.CLIENT_ID.key())) {
                    problem(setting, "needs portal.clientId: without it there is no portal");
                }
            }
            return;
        }
        if (configuration.find(PortalSettings.SECRET).isEmpty() && !unreadable.contains(PortalSettings.SECRET.key())) {
            problem(PortalSettings.CLIENT_ID, "needs portal.secret");
        }
        Optional<List<IssuerConfig>> issuers = configuration.find(Settings.AUTH_ISSUERS);
        if (issuers.isPresent()
                && !unreadable.contains(PortalSettings.DISCOVERY.key())
                && PortalSettings.discovery(configuration.find(PortalSettings.DISCOVERY), issuers.get())
                        .isEmpty()) {
            problem(
                    PortalSettings.CLIENT_ID,
                    "needs portal.discovery: there are several issuers, or one with {tenantId}");
        }
    }

    private void whatIsDroppedWasKept() {
        if (configuration.find(Settings.RETENTION_ENABLED).orElse(false)
                && configuration
                        .find(Settings.USAGE_RETENTION)
                        .filter(keep -> keep.compareTo(RetentionConfig.LEAST) < 0)
                        .isPresent()) {
            problem(Settings.RETENTION_ENABLED, "needs a usage.retention of 62 days or more");
        }
    }

    // What lies there would be taken once for each of them: under two sources nobody can tell.
    private void directoriesDiffer() {
        Map<Path, String> names = new HashMap<>();
        for (ConfiguredSource source :
                configuration.find(CollectSettings.SOURCES).orElse(List.of())) {
            if (source instanceof DirectoryConfig directory) {
                String other = names.put(directory.path().normalize(), directory.name());
                if (other != null) {
                    problem(
                            CollectSettings.SOURCES,
                            "expected another path of " + directory.name() + " than that of " + other
                                    + ": its usage would be taken twice");
                }
            }
        }
    }

    private void ownerIsNotTheApplication() {
        Optional<String> owner = configuration.find(Settings.DATABASE_OWNER_USER);
        if (owner.isPresent() && owner.equals(configuration.find(Settings.DATABASE_USER))) {
            problem(Settings.DATABASE_OWNER_USER, "expected another role than database.user, which must not own");
        }
    }

    private void problem(Setting<?> setting, String message) {
        problems.add(new ConfigProblem(setting.key(), configuration.origin(setting), message));
    }
}
