package io.tallygate.gateway.portal;

/** Why somebody was not signed in: the word that the portal's page gets, and shows a text for. */
public enum SignInError {
    /** The person, or who signs in, said no. */
    denied,
    /** The answer is none to a sign-in that this browser began lately: it was too slow, or somebody else's. */
    stateUnknown,
    /** Who signs in does not answer. */
    providerAway,
    /** Who signs in says that something is wrong: with the code, the client, its secret or address. */
    providerRefused,
    /** The tokens are not ones that the gateway accepts: the log says why. */
    tokenRefused,
    /** The gateway has too much to do, or its database is away: the same may work in a moment. */
    busy;

    /** A sign-in that ends with this. */
    FailedException because(String message) {
        return new FailedException(this, message, false);
    }

    /** The same where a code, which may have been made up, was sent to who signs in. */
    FailedException afterExchange(String message) {
        return new FailedException(this, message, true);
    }

    /** Why, for the log. */
    static final class FailedException extends RuntimeException {
        private final SignInError error;
        private final boolean exchanged;

        private FailedException(SignInError error, String message, boolean exchanged) {
            super(message, null, false, false);
            this.error = error;
            this.exchanged = exchanged;
        }

        SignInError error() {
            return error;
        }

        /** Whether it cost a request to who signs in. */
        boolean exchanged() {
            return exchanged;
        }
    }
}
