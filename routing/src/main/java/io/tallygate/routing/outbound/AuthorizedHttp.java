package io.tallygate.routing.outbound;

import io.tallygate.routing.outbound.TokenIssuer.Access;
import io.tallygate.routing.outbound.TokenIssuer.NoToken;
import io.tallygate.routing.outbound.TokenIssuer.Token;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.util.List;
import java.util.function.Function;

/** Asks with a token, and once again with a new one if the endpoint did not take it. */
public final class AuthorizedHttp {
    private final OutboundHttp http;
    private final TokenIssuer issuer;
    private final KeptToken kept;

    /** Sends by the one, with tokens of the other. */
    public AuthorizedHttp(OutboundHttp http, TokenIssuer issuer) {
        this.http = http;
        this.issuer = issuer;
        this.kept = new KeptToken(issuer);
    }

    /**
     * A reply, and what must not be written down of it.
     *
     * @param access with which it was got
     */
    public record Result(HttpReply reply, Access access, List<String> secrets) {
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
    public Future<Result> post(URI uri, MultiMap headers, Buffer body, Deadline deadline) {
        return send(authorized -> http.post(uri, authorized, body, deadline), headers, deadline);
    }

    /** Asks; all tries together end before the deadline. The future fails only for a defect. */
    public Future<Result> get(URI uri, MultiMap headers, Deadline deadline) {
        return send(authorized -> http.get(uri, authorized, deadline), headers, deadline);
    }

    private Future<Result> send(Function<MultiMap, Future<HttpReply>> request, MultiMap headers, Deadline deadline) {
        return kept.access(deadline)
                .compose(access -> attempt(request, headers, access))
                .compose(first -> again(request, headers, deadline, first));
    }

    private Future<Result> attempt(Function<MultiMap, Future<HttpReply>> request, MultiMap headers, Access access) {
        if (access instanceof NoToken none) {
            return Future.succeededFuture(new Result(none.failure(), access, List.of()));
        }
        Token token = (Token) access;
        return request.apply(MultiMap.caseInsensitiveMultiMap().addAll(headers).addAll(issuer.header(token)))
                .map(reply -> new Result(reply, access, issuer.secrets(token)));
    }

    private Future<Result> again(
            Function<MultiMap, Future<HttpReply>> request, MultiMap headers, Deadline deadline, Result first) {
        if (!first.refused()) {
            return Future.succeededFuture(first);
        }
        // The marketplace documents 403, too, for tokens that are invalid or have expired.
        kept.invalidate((Token) first.access());
        return kept.access(deadline).compose(access -> attempt(request, headers, access));
    }
}
