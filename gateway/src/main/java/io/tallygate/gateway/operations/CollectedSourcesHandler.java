package io.tallygate.gateway.operations;

import io.tallygate.gateway.http.Answer;
import io.tallygate.gateway.http.QueryParameters;
import io.tallygate.gateway.http.WireTime;
import io.tallygate.routing.registration.Registration;
import io.tallygate.routing.registration.RegistrationStore;
import io.tallygate.store.collect.CollectCounts;
import io.tallygate.store.collect.CollectStore;
import io.tallygate.store.collect.CollectedSource;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code GET /sources}: what is collected from other clouds, how far that is, and what is in the way. */
public final class CollectedSourcesHandler {
    private final CollectStore windows;
    private final RegistrationStore registrations;

    /** Reads from the given stores. */
    public CollectedSourcesHandler(CollectStore windows, RegistrationStore registrations) {
        this.windows = windows;
        this.registrations = registrations;
    }

    /** All sources that were ever collected, by their names. */
    public Future<Answer> list(RoutingContext ctx) {
        new QueryParameters(ctx.queryParams()).only();
        Future<List<CollectedSource>> sources = windows.sources();
        Future<Map<Long, String>> names = resourceIds(registrations);
        return Future.all(sources, names)
                .map(read -> Answer.ok(new JsonObject()
                        .put(
                                "value",
                                new JsonArray(sources.result().stream()
                                        .map(source -> json(source, names.result()))
                                        .toList()))));
    }

    /** The resource ids of all registrations. */
    static Future<Map<Long, String>> resourceIds(RegistrationStore registrations) {
        return registrations
                .all()
                .map(all ->
                        all.stream().collect(Collectors.toMap(Registration::registrationId, Registration::resourceId)));
    }

    private static JsonObject json(CollectedSource source, Map<Long, String> registrations) {
        return new JsonObject()
                .put("source", source.source())
                .put(
                        "registrationId",
                        source.registrationId() == null ? null : registrations.get(source.registrationId()))
                .put("begins", WireTime.format(source.begins()))
                .put("completeThrough", WireTime.format(source.completeThrough()))
                .put("plannedThrough", WireTime.format(source.plannedThrough()))
                .put(
                        "lagSeconds",
                        Math.max(
                                0,
                                Duration.between(source.completeThrough(), source.now())
                                        .toSeconds()))
                .put("waiting", source.waiting())
                .put("underWay", source.underWay())
                .put("counts", json(source.counts()))
                .put("failures", source.failures())
                .put("failure", source.failure())
                .put("failedAt", WireTime.formatOrNull(source.failedAt()))
                .put("succeededAt", WireTime.formatOrNull(source.succeededAt()))
                .put("pausedUntil", WireTime.formatOrNull(source.pausedUntil()))
                .put("configured", source.configured())
                .put("seenAt", WireTime.formatOrNull(source.seenAt()))
                .put("trouble", source.trouble())
                .put("problem", source.problem())
                .put("problemFrom", WireTime.formatOrNull(source.problemFrom()))
                .put("endedAt", WireTime.formatOrNull(source.endedAt()));
    }

    /** Counts as the API has them. */
    static JsonObject json(CollectCounts counts) {
        return new JsonObject()
                .put("rows", counts.rows())
                .put("accepted", counts.accepted())
                .put("duplicate", counts.duplicate())
                .put("conflict", counts.conflict())
                .put("quarantined", counts.quarantined())
                .put("rejected", counts.rejected());
    }
}
