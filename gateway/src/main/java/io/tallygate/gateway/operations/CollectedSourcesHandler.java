package io.tallygate.gateway.operations;

import io.tallygate.gateway.http.Answer;
import io.tallygate.gateway.http.QueryParameters;
import io.tallygate.gateway.http.WireTime;
import io.tallygate.routing.registration.Registration;
import io.tallygate.routing.registration.RegistrationStore;
import io.tallygate.store.collect.CollectCounts;
import io.tallygate.store.collect.CollectStore;
import io.tallygate.store.collect.CollectedSource;
import io.tallygate.store.collect.FileBacklog;
import io.tallygate.store.collect.FileProblem;
import io.tallygate.store.collect.FileProgressStore;
import io.tallygate.store.collect.TakenFiles;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code GET /sources}: what is collected from other clouds and directories, how far that is, and what is in the way. */
public final class CollectedSourcesHandler {
    private static final int SHOWN_PROBLEMS = 10;

    private final CollectStore windows;
    private final FileProgressStore files;
    private final RegistrationStore registrations;

    /** Reads from the given stores. */
    public CollectedSourcesHandler(CollectStore windows, FileProgressStore files, RegistrationStore registrations) {
        this.windows = windows;
        this.files = files;
        this.registrations = registrations;
    }

    /** All sources that were ever collected, by their names. */
    public Future<Answer> list(RoutingContext ctx) {
        new QueryParameters(ctx.queryParams()).only();
        Future<List<CollectedSource>> sources = windows.sources();
        Future<Map<Long, String>> names = resourceIds(registrations);
        Future<Map<String, FilesJson>> directories = directories();
        return Future.all(sources, names, directories)
                .map(read -> Answer.ok(new JsonObject()
                        .put(
                                "value",
                                new JsonArray(sources.result().stream()
                                        .map(source -> json(source, names.result(), directories.result()))
                                        .toList()))));
    }

    private Future<Map<String, FilesJson>> directories() {
        Future<List<FileBacklog>> backlog = files.backlog();
        Future<List<TakenFiles>> taken = files.taken();
        Future<List<FileProblem>> problems = files.problems(SHOWN_PROBLEMS);
        return Future.all(backlog, taken, problems)
                .map(read -> backlog.result().stream()
                        .collect(Collectors.toMap(
                                FileBacklog::source, each -> FilesJson.of(each, taken.result(), problems.result()))));
    }

    /** The resource ids of all registrations. */
    static Future<Map<Long, String>> resourceIds(RegistrationStore registrations) {
        return registrations
                .all()
                .map(all ->
                        all.stream().collect(Collectors.toMap(Registration::registrationId, Registration::resourceId)));
    }

    private static JsonObject json(
            CollectedSource source, Map<Long, String> registrations, Map<String, FilesJson> directories) {
        JsonObject json = json(source, registrations);
        FilesJson files = directories.get(source.source());
        return files == null ? json : files.into(json);
    }

    private static JsonObject json(CollectedSource source, Map<Long, String> registrations) {
        return new JsonObject()
                .put("source", source.source())
                .put(
                        "registrationId",
                        source.registrationId() == null ? null : registrations.get(source.registrationId()))
                .put("begins", WireTime.formatOrNull(source.begins()))
                .put("completeThrough", WireTime.formatOrNull(source.completeThrough()))
                .put("plannedThrough", WireTime.formatOrNull(source.plannedThrough()))
                .put("lagSeconds", lag(source))
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

    // Of files nobody knows.
    private static Long lag(CollectedSource source) {
        return source.completeThrough() == null
                ? null
                : Math.max(
                        0,
                        Duration.between(source.completeThrough(), source.now()).toSeconds());
    }

    /** The outcomes of records, and the rows that they are of. */
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
