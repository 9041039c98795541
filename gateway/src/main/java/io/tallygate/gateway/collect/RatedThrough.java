package io.tallygate.gateway.collect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.tallygate.gateway.collect.SourceException.Kind;
import io.tallygate.gateway.http.WireTime;
import io.tallygate.routing.outbound.Deadline;
import io.vertx.core.Future;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How far CloudKitty has come itself. A window that it has not rated yet looks like one in which nothing was used; and to
 * who is not its administrator it gives the usage of one project, as if that were all. Only an administrator may ask this.
 */
final class RatedThrough {
    private static final int LIMIT = 1_000;
    private static final int MOST = 500_000;

    private final SourceHttp http;
    private final String scopes;
    private final Duration deadline;

    /**
     * By its states of scopes.
     *
     * @param url CloudKitty's
     * @param deadline of one page of them
     */
    RatedThrough(SourceHttp http, URI url, Duration deadline) {
        this.http = http;
        this.scopes = url + "/v2/scope";
        this.deadline = deadline;
    }

    /** Fails, NotProcessed, unless usage of before that time is rated there: of one project at least, for all have their turn. */
    Future<Void> require(Instant time) {
        return latest(time, 0, Instant.MIN)
                .compose(latest -> latest.isBefore(time)
                        ? Future.failedFuture(new SourceException(
                                Kind.NotProcessed,
                                latest.equals(Instant.MIN)
                                        ? "it has rated nothing yet"
                                        : "it has rated usage to " + latest))
                        : Future.succeededFuture());
    }

    // A project that is gone stays where it was for ever. So who is ahead counts, and not who is behind.
    private Future<Instant> latest(Instant enough, int offset, Instant before) {
        if (offset > MOST) {
            return Future.failedFuture(new SourceException(Kind.Malformed, "more than " + MOST + " scopes"));
        }
        URI asked = URI.create(scopes + "?offset=" + offset + "&limit=" + LIMIT);
        return http.get(asked, Deadline.in(deadline)).map(RatedThrough::results).compose(results -> {
            Instant latest = before;
            for (JsonNode scope : results) {
                Instant state = state(scope).orElse(Instant.MIN);
                latest = state.isAfter(latest) ? state : latest;
            }
            return results.size() < LIMIT || !latest.isBefore(enough)
                    ? Future.succeededFuture(latest)
                    : latest(enough, offset + LIMIT, latest);
        });
    }

    private static JsonNode results(SourceHttp.Reply reply) {
        if (CloudKittySource.nothing(reply)) {
            return JsonNodeFactory.instance.arrayNode();
        }
        JsonNode results = SourceAnswer.object(reply).path("results");
        if (!results.isArray()) {
            throw new SourceException(Kind.Malformed, "`results` is missing: expected an array");
        }
        return results;
    }

    // The begin of the last period that is rated; older ones call it its state.
    private static Optional<Instant> state(JsonNode scope) {
        String newer = scope.path("last_processed_timestamp").asText();
        return WireTime.parse(newer.isEmpty() ? scope.path("state").asText() : newer);
    }
}
