package io.tallygate.deploy.config;

import java.util.List;

/**
 * What continuation tokens are signed with.
 *
 * @param secret signs, and accepts
 * @param previousSecrets accept only
 */
public record ContinuationConfig(String secret, List<String> previousSecrets) {

    /** Shows no secret. */
    @Override
    public String toString() {
        return "ContinuationConfig[previousSecrets=" + previousSecrets.size() + "]";
    }
}
