package io.tallygate.gateway.auth;

import java.time.Duration;
import java.util.Optional;

/** How it stands with the keys of one trusted issuer, for whoever runs the gateway. */
public interface IssuerState {
    /** The issuer, as it is configured. */
    String issuer();

    /** How long ago the keys in use were fetched; empty before the first good ones. */
    Optional<Duration> keysAge();

    /** How often keys were fetched since the start. */
    long fetches();

    /** How often that failed, or gave nothing of use. */
    long failedFetches();

    /** Why nobody of this issuer can sign in now; empty if they can. */
    Optional<String> problem();

    /** That its keys are good still, but new ones cannot be had: since when, why, and until when they are kept. */
    Optional<String> warning();
}
