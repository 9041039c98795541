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
    tokenRefused;

    /** A sign-in that ends with this. */
    FailedException because(String message) {
        return new FailedException(this, message);
    }

    /** Why, for the log. */
    static final class FailedException extends RuntimeException {
        private final SignInError error;

        private FailedException(SignInError error, String message) {
            super(message, null, false, false);
            this.error = error;
        }

        SignInError error() {
            return error;
        }
    }
}
