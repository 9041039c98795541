package io.tallygate.gateway.collect;

import io.tallygate.gateway.collect.SourceException.Kind;
import io.tallygate.routing.outbound.BearerToken;
import io.tallygate.routing.outbound.Deadline;
import io.tallygate.routing.outbound.OutboundHttp;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Asks with the bearer token in a file, which something else renews. */
final class TokenFileHttp implements SourceHttp {
    private final Vertx vertx;
    private final OutboundHttp http;
    private final Path file;

    /** Reads the file with each request. */
    TokenFileHttp(Vertx vertx, OutboundHttp http, Path file) {
        this.vertx = vertx;
        this.http = http;
        this.file = file;
    }

    @Override
    public Future<Reply> get(URI uri, Deadline deadline) {
        return token(deadline)
                .compose(token -> ask(uri, token, deadline).compose(first -> again(uri, token, deadline, first)));
    }

    private Future<Reply> ask(URI uri, String token, Deadline deadline) {
        return http.get(uri, SourceHttp.headers().add("Authorization", "Bearer " + token), deadline)
                .map(reply -> new Reply(reply, List.of(token)));
    }

    // It may have been renewed in this very moment.
    private Future<Reply> again(URI uri, String refused, Deadline deadline, Reply first) {
        return first.refused()
                ? token(deadline)
                        .compose(token ->
                                token.equals(refused) ? Future.succeededFuture(first) : ask(uri, token, deadline))
                : Future.succeededFuture(first);
    }

    private Future<String> token(Deadline deadline) {
        String path = file.toString();
        return vertx.fileSystem()
                .props(path)
                .compose(props -> props.size() > BearerToken.MAX_LENGTH
                        ? Future.failedFuture(unusable("is larger than any token"))
                        : vertx.fileSystem().readFile(path))
                .timeout(Math.max(1, deadline.leftMillis()), TimeUnit.MILLISECONDS)
                .recover(unreadable -> Future.failedFuture(
                        unreadable instanceof SourceException ? unreadable : unusable("cannot be read")))
                .map(this::read);
    }

    private String read(Buffer content) {
        String token = content.toString(StandardCharsets.UTF_8).strip();
        if (!BearerToken.isOne(token)) {
            throw unusable(token.isEmpty() ? "is empty" : "holds something else");
        }
        return token;
    }

    private SourceException unusable(String why) {
        return new SourceException(
                Kind.Unauthorized,
                "tokenFile: expected a readable file with a bearer token and nothing else, but " + file + " " + why);
    }
}
