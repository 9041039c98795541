package io.tallygate.gateway.collect;

import io.tallygate.routing.outbound.KeystoneCredentials;
import java.net.URI;
import java.nio.file.Path;

/** In whose name a source is asked. */
public sealed interface SourceAccess {
    /**
     * An application with a secret of its own: it fetches tokens with that, from Entra ID or AD FS.
     *
     * @param audienceField of the form: {@code scope}, or {@code resource} for AD FS
     * @param audience what the tokens are for
     */
    record Client(URI tokenUrl, String clientId, String clientSecret, String audienceField, String audience)
            implements SourceAccess {
        /** Without the secret. */
        @Override
        public String toString() {
            return "Client[" + tokenUrl + ", " + clientId + ", " + audienceField + "=" + audience + "]";
        }
    }

    /** A file that holds a bearer token, which something else renews: it is read each time. */
    record TokenFile(Path file) implements SourceAccess {}

    /**
     * Somebody whom OpenStack knows.
     *
     * @param authUrl Keystone's address, without {@code /v3}
     */
    record Keystone(URI authUrl, KeystoneCredentials.Identity identity) implements SourceAccess {}
}
