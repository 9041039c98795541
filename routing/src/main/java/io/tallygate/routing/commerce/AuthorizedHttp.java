package io.tallygate.routing.commerce;

import io.tallygate.routing.commerce.ClientCredentials.Access;
import io.tallygate.routing.commerce.ClientCredentials.NoToken;
import io.tallygate.routing.commerce.ClientCredentials.Token;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.util.List;

/** Posts with a bearer token, and once again with a new one if the endpoint did not take it. */
final class AuthorizedHttp {
    private final CommerceHttp http;
    private final ClientCredentials credentials;

    AuthorizedHttp(CommerceHttp http, ClientCredentials credentials) {
        this.http = http;
        this.credentials = credentials;
    }

    /**
     * A reply, and what must not be written down of it.
     *
     * @param access with which it was got
     */
    record Result(HttpReply reply, Access access, List<String> secrets) {
        private boolean refused() {
            return reply instanceof HttpReply.Answer answer && (answer.status() == 401 || answer.status() == 403);
        }

        /** Without what must not be written down. */
        @Override
        public String toString() {
            return "Result[" + reply + "]";
        }
    }

    /** Posts the body; all tries together end before the deadline. The future fails only for a defect. */
    Future<Result> post(URI uri, MultiMap headers, Buffer body, Deadline deadline) {
        return credentials
                .access(deadline)
                .compose(access -> attempt(uri, headers, body, deadline, access))
                .compose(first -> again(uri, headers, body, deadline, first));
    }

    private Future<Result> attempt(URI uri, MultiMap headers, Buffer body, Deadline deadline, Access access) {
        if (access instanceof NoToken none) {
            return Future.succeededFuture(new Result(none.failure(), access, List.of()));
        }
        Token token = (Token) access;
        MultiMap authorized =
                MultiMap.caseInsensitiveMultiMap().addAll(headers).add("Authorization", "Bearer " + token.value());
        return http.post(uri, authorized, body, deadline)
                .map(reply -> new Result(reply, access, credentials.secrets(token)));
    }

    private Future<Result> again(URI uri, MultiMap headers, Buffer body, Deadline deadline, Result first) {
        if (!first.refused()) {
            return Future.succeededFuture(first);
        }
        // The marketplace documents 403, too, for tokens that are invalid or have expired.
        credentials.invalidate((Token) first.access());
        return credentials.access(deadline).compose(access -> attempt(uri, headers, body, deadline, access));
    }
}
