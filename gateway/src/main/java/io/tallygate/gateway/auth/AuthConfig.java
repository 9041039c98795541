package io.tallygate.gateway.auth;

import io.tallygate.store.directory.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Whom the gateway believes.
 *
 * @param issuers the trusted token issuers; at most one may speak for any tenant
 * @param audiences the {@code aud} values that mean this gateway, compared exactly; at least one
 * @param operatorTenant the only tenant in which roles other than {@link Role#USAGE_READ} count
 * @param roleNames the {@code roles} claim value of each role; roles left out keep their default
 * @param leeway how far a token's times may be off, 0 to 10 minutes, default 60 s
 * @param keyRefresh how often each issuer's keys are fetched again, 1 s to 24 h, default 10 minutes
 * @param keyMaxAge how long the last good keys are kept while their issuer is away, at least {@code keyRefresh},
 *     default 24 h
 * @param unknownKeyInterval the least time between two fetches that tokens with unknown keys cause, 1 s to 1 h,
 *     default 30 s
 */
public record AuthConfig(
        List<IssuerConfig> issuers,
        Set<String> audiences,
        TenantId operatorTenant,
        Map<Role, String> roleNames,
        Duration leeway,
        Duration keyRefresh,
        Duration keyMaxAge,
        Duration unknownKeyInterval) {
    /** Default of {@link #leeway()}. */
    public static final Duration DEFAULT_LEEWAY = Duration.ofSeconds(60);
    /** Default of {@link #keyRefresh()}. */
    public static final Duration DEFAULT_KEY_REFRESH = Duration.ofMinutes(10);
    /** Default of {@link #keyMaxAge()}. */
    public static final Duration DEFAULT_KEY_MAX_AGE = Duration.ofHours(24);
    /** Default of {@link #unknownKeyInterval()}. */
    public static final Duration DEFAULT_UNKNOWN_KEY_INTERVAL = Duration.ofSeconds(30);

    /** Copies the collections and fills in the default names of roles. */
    public AuthConfig {
        issuers = List.copyOf(issuers);
        audiences = Set.copyOf(audiences);
        Objects.requireNonNull(operatorTenant, "operatorTenant");
        Map<Role, String> names = new EnumMap<>(Role.defaultNames());
        names.putAll(roleNames);
        roleNames = Collections.unmodifiableMap(names);
        Objects.requireNonNull(leeway, "leeway");
        Objects.requireNonNull(keyRefresh, "keyRefresh");
        Objects.requireNonNull(keyMaxAge, "keyMaxAge");
        Objects.requireNonNull(unknownKeyInterval, "unknownKeyInterval");
    }

    /** With every default. */
    public static AuthConfig of(List<IssuerConfig> issuers, Set<String> audiences, TenantId operatorTenant) {
        return new AuthConfig(
                issuers,
                audiences,
                operatorTenant,
                Map.of(),
                DEFAULT_LEEWAY,
                DEFAULT_KEY_REFRESH,
                DEFAULT_KEY_MAX_AGE,
                DEFAULT_UNKNOWN_KEY_INTERVAL);
    }

    /** All that is wrong with it: each names the setting and what was expected; empty if nothing is. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (issuers.isEmpty()) {
            problems.add("issuers: at least one is needed");
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < issuers.size(); i++) {
            IssuerConfig issuer = issuers.get(i);
            String at = "issuers[" + i + "].";
            issuer.problems().forEach(problem -> problems.add(at + problem));
            if (!seen.add(issuer.issuer().toLowerCase(Locale.ROOT))) {
                problems.add(at + "issuer: is configured twice (" + issuer.issuer() + ")");
            }
        }
        if (issuers.stream().filter(IssuerConfig::anyTenant).count() > 1) {
            problems.add("issuers: only one may speak for any tenant (*)");
        }
        if (!issuers.isEmpty() && issuers.stream().noneMatch(issuer -> issuer.speaksFor(operatorTenant))) {
            problems.add("operatorTenant: no issuer may speak for it, so no operator could ever sign in");
        }
        if (audiences.isEmpty() || audiences.stream().anyMatch(String::isBlank)) {
            problems.add("audiences: at least one is needed, and none may be blank");
        }
        roleNames.forEach((role, name) -> {
            if (name.isBlank()) {
                problems.add("roleNames." + role + ": must not be blank");
            }
        });
        range(problems, "leeway", leeway, Duration.ZERO, Duration.ofMinutes(10));
        range(problems, "keyRefresh", keyRefresh, Duration.ofSeconds(1), Duration.ofHours(24));
        range(problems, "keyMaxAge", keyMaxAge, keyRefresh, Duration.ofDays(365));
        range(problems, "unknownKeyInterval", unknownKeyInterval, Duration.ofSeconds(1), Duration.ofHours(1));
        return problems;
    }

    private static void range(List<String> problems, String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            problems.add(name + ": must be from " + least + " to " + most + ", not " + value);
        }
    }
}
