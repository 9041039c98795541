package io.tallygate.deploy;

import io.tallygate.gateway.auth.IssuerState;
import java.time.Duration;
import java.util.Optional;

/** An issuer that nothing is wrong with, in a state that is given. */
record FixedIssuer(String issuer, Optional<Duration> keysAge, long fetches, long failedFetches) implements IssuerState {
    @Override
    public Optional<String> problem() {
        return Optional.empty();
    }

    @Override
    public Optional<String> warning() {
        return Optional.empty();
    }
}
