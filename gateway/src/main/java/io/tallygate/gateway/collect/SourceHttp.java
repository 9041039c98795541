package io.tallygate.gateway.collect;

import io.tallygate.routing.outbound.AuthorizedHttp;
import io.tallygate.routing.outbound.ClientCredentials;
import io.tallygate.routing.outbound.ClientCredentials.Audience;
import io.tallygate.routing.outbound.Deadline;
import io.tallygate.routing.outbound.HttpReply;
import io.tallygate.routing.outbound.KeystoneCredentials;
import io.tallygate.routing.outbound.OutboundHttp;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.List;

/** Asks a source in somebody's name, and once again with a new token if it did not take the first. */
interface SourceHttp {
    /**
     * A reply, and what must not be written down of it.
     */
    record Reply(HttpReply reply, List<String> secrets) {
        /** Whether the source did not take the token. */
        boolean refused() {
            return reply instanceof HttpReply.Answer answer && (answer.status() == 401 || answer.status() == 403);
        }

        /** Without what must not be written down. */
        @Override
        public String toString() {
            return "Reply[" + reply + "]";
        }
    }

    /** Asks; all tries together end before the deadline. */
    Future<Reply> get(URI uri, Deadline deadline);

    /** In the name that the access says. */
    static SourceHttp of(Vertx vertx, OutboundHttp http, SourceAccess access) {
        if (access instanceof SourceAccess.TokenFile file) {
            return new TokenFileHttp(vertx, http, file.file());
        }
        AuthorizedHttp authorized = new AuthorizedHttp(
                http,
                access instanceof SourceAccess.Keystone keystone
                        ? new KeystoneCredentials(http, keystone.authUrl(), keystone.identity())
                        : credentials(http, (SourceAccess.Client) access));
        return (uri, deadline) ->
                authorized.get(uri, headers(), deadline).map(result -> new Reply(result.reply(), result.secrets()));
    }

    private static ClientCredentials credentials(OutboundHttp http, SourceAccess.Client client) {
        return new ClientCredentials(
                http,
                client.tokenUrl().toString(),
                client.clientId(),
                client.clientSecret(),
                new Audience(client.audienceField(), client.audience()));
    }

    /** What is sent with each request, besides the token. */
    static MultiMap headers() {
        return MultiMap.caseInsensitiveMultiMap().add("Accept", "application/json");
    }
}
