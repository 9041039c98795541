package io.tallygate.gateway.operations;

import io.tallygate.gateway.http.WireTime;
import io.tallygate.store.collect.CollectCounts;
import io.tallygate.store.collect.FileBacklog;
import io.tallygate.store.collect.FileProblem;
import io.tallygate.store.collect.TakenFiles;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * How far a source of files is, in an answer.
 *
 * @param taken none if nothing was taken yet
 * @param problems of files that cannot be taken, the last ones
 */
record FilesJson(FileBacklog backlog, TakenFiles taken, List<FileProblem> problems) {
    private static final String REASON = "files";

    /** Of one source, whatever there is of others. */
    static FilesJson of(FileBacklog backlog, List<TakenFiles> taken, List<FileProblem> problems) {
        String source = backlog.source();
        return new FilesJson(
                backlog,
                taken.stream()
                        .filter(each -> each.source().equals(source))
                        .findFirst()
                        .orElse(new TakenFiles(source, 0, 0, CollectCounts.NONE)),
                problems.stream().filter(each -> each.source().equals(source)).toList());
    }

    /** Puts it into what every source has. */
    JsonObject into(JsonObject source) {
        return source.put("reason", REASON)
                .put("waiting", backlog.incomplete() + backlog.waiting() + backlog.failed())
                .put("underWay", backlog.underWay())
                // A large file is a long time in which nothing else is told.
                .put("configured", source.getBoolean("configured") || backlog.underWay() > 0)
                .put("counts", CollectedSourcesHandler.json(taken.counts()))
                .put(
                        "files",
                        new JsonObject()
                                .put("incomplete", backlog.incomplete())
                                .put("waiting", backlog.waiting())
                                .put("failed", backlog.failed())
                                .put("taken", taken.files())
                                .put("skippedRows", taken.skipped())
                                .put("oldest", WireTime.formatOrNull(backlog.oldest()))
                                .put(
                                        "problems",
                                        new JsonArray(problems.stream()
                                                .map(FilesJson::json)
                                                .toList())));
    }

    private static JsonObject json(FileProblem problem) {
        return new JsonObject()
                .put("name", problem.name())
                .put("problem", problem.problem())
                .put("failedAt", WireTime.format(problem.failedAt()));
    }
}
