package io.tallygate.gateway.collect;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.gateway.collect.SourceException.Kind;
import io.tallygate.gateway.http.WireTime;
import io.tallygate.routing.outbound.Deadline;
import io.vertx.core.Future;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How far CloudKitty has come itself. A window that it has not rated yet looks like one in which nothing
 * was used; and to who is not its administrator it gives the usage of one project, as if that were all.
 * Only an administrator may ask this.
 */
final class RatedThrough {
    private static final int LIMIT = 1_000;
    private static final int MOST = 500_000;
    private static final Set<String> OF_PROJECTS = Set.of("project_id", "tenant_id");

    private final SourceHttp http;
    private final KeystoneProjects projects;
    private final String address;

    /**
     * By its states of scopes.
     *
     * @param projects that are there: whoever is gone stays where it was for ever
     * @param url CloudKitty's
     */
    RatedThrough(SourceHttp http, KeystoneProjects projects, URI url) {
        this.http = http;
        this.projects = projects;
        this.address = url + "/v2/scope";
    }

    /** The scopes, as far as they are read: whether any is far enough, and those that are not. */
    private static final class Scopes {
        private final Instant time;
        private final List<JsonNode> behind = new ArrayList<>();
        private boolean ahead;

        Scopes(Instant time) {
            this.time = time;
        }

        void add(JsonNode scope) {
            if (!state(scope).isBefore(time)) {
                ahead = true;
            } else if (scope.path("active").asBoolean(true)) {
                behind.add(scope);
            }
        }
    }

    /** Fails, NotProcessed, unless all usage of before that time is rated there. */
    Future<Void> require(Instant time, Deadline deadline) {
        return read(0, new Scopes(time), deadline).compose(scopes -> judge(scopes, deadline));
    }

    private Future<Scopes> read(int offset, Scopes scopes, Deadline deadline) {
        URI asked = URI.create(address + "?offset=" + offset + "&limit=" + LIMIT);
        return http.get(asked, deadline).compose(reply -> {
            if (CloudKittySource.nothing(reply)) {
                return Future.succeededFuture(scopes);
            }
            JsonNode results = SourceAnswer.object(reply).path("results");
            if (!results.isArray() || offset > MOST) {
                throw new SourceException(
                        Kind.Malformed, "`results`: expected an array, of " + MOST + " scopes at most");
            }
            results.forEach(scopes::add);
            return results.size() < LIMIT ? Future.succeededFuture(scopes) : read(offset + LIMIT, scopes, deadline);
        });
    }

    private Future<Void> judge(Scopes scopes, Deadline deadline) {
        if (!scopes.ahead) {
            return notYet("nothing");
        }
        return scopes.behind.isEmpty()
                ? Future.succeededFuture()
                : projects.enabled(deadline)
                        .compose(there -> scopes.behind.stream()
                                .filter(scope -> isThere(scope, there))
                                .findFirst()
                                .map(scope -> notYet(
                                        "not all of " + scope.path("scope_id").asText()))
                                .orElseGet(Future::succeededFuture));
    }

    private static Future<Void> notYet(String what) {
        return Future.failedFuture(new SourceException(Kind.NotProcessed, "it has rated " + what + " so far"));
    }

    private static boolean isThere(JsonNode scope, Set<String> projects) {
        return !OF_PROJECTS.contains(scope.path("scope_key").asText("project_id"))
                || projects.contains(scope.path("scope_id").asText());
    }

    // The begin of the last period that is rated; older ones call it its state.
    private static Instant state(JsonNode scope) {
        String newer = scope.path("last_processed_timestamp").asText();
        return WireTime.parse(newer.isEmpty() ? scope.path("state").asText() : newer)
                .orElse(Instant.MIN);
    }
}
