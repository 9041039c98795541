package io.tallygate.deploy.config;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What API keys are made under.
 *
 * @param secret makes keys, and takes those made under it; empty: there are no keys
 * @param previousSecrets take the keys that were made under them
 */
public record ApiKeysConfig(Optional<String> secret, List<String> previousSecrets) {
    /** No keys. */
    public static final ApiKeysConfig OFF = new ApiKeysConfig(Optional.empty(), List.of());

    /** All that take keys, the one that makes them first; empty if there are no keys. */
    public List<String> secrets() {
        return secret.map(current -> Stream.concat(Stream.of(current), previousSecrets.stream())
                        .toList())
                .orElse(List.of());
    }

    /** Shows no secret. */
    @Override
    public String toString() {
        return "ApiKeysConfig[enabled=" + secret.isPresent() + ", previousSecrets=" + previousSecrets.size() + "]";
    }
}
