package io.tallygate.store.collect;

import io.tallygate.store.Database;
import io.tallygate.store.Rows;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Reads how far the sources of files are. */
public final class FileProgressStore {
    private static final String BACKLOG = """
            select s.source, s.registration_id is not null as registered, f.*, clock_timestamp() as now
            from collect_source s cross join lateral (
              select count(*) filter (where not arrived) as incomplete,
                count(*) filter (where arrived and problem is null) as waiting,
                count(*) filter (where leased_until > clock_timestamp()) as under_way,
                count(*) filter (where arrived and problem is not null) as failed, min(seen_at) as oldest
              from collect_file where source = s.source and taken_at is null) f
            where s.window_seconds is null
            order by s.source""";
    private static final String TAKEN = """
            select source, count(*) as files, sum(skipped)::bigint as skipped, sum(row_count)::bigint as row_count,
              sum(accepted)::bigint as accepted, sum(duplicate)::bigint as duplicate, sum(conflict)::bigint as conflict,
              sum(quarantined)::bigint as quarantined, sum(rejected)::bigint as rejected
            from collect_content
            where collected_at is not null
            group by source
            order by source""";
    private static final String PROBLEMS = """
            select source, name, problem, failed_at
            from (
              select *, row_number() over (partition by source order by failed_at desc, name) as place
              from collect_file where problem is not null and taken_at is null) failed
            where place <= $1
            order by source, place""";

    private final Database database;

    /** Reads from the given database. */
    public FileProgressStore(Database database) {
        this.database = database;
    }

    /** Of all sources of files that were ever opened, by their names; cheap, however many files were taken. */
    public Future<List<FileBacklog>> backlog() {
        return database.read(connection ->
                connection.preparedQuery(BACKLOG).execute().map(rows -> all(rows, FileProgressStore::backlog)));
    }

    /** Of the sources of which files were taken, by their names. */
    public Future<List<TakenFiles>> taken() {
        return database.read(connection ->
                connection.preparedQuery(TAKEN).execute().map(rows -> all(rows, FileProgressStore::taken)));
    }

    /**
     * Files that could not be taken, by their sources, the last ones first.
     *
     * @param most how many of a source
     */
    public Future<List<FileProblem>> problems(int most) {
        return database.read(connection -> connection
                .preparedQuery(PROBLEMS)
                .execute(Tuple.of(most))
                .map(rows -> all(rows, FileProgressStore::problem)));
    }

    private static FileBacklog backlog(Row row) {
        return new FileBacklog(
                row.getString("source"),
                row.getBoolean("registered"),
                row.getLong("incomplete"),
                row.getLong("waiting"),
                row.getLong("under_way"),
                row.getLong("failed"),
                Rows.instant(row, "oldest"),
                Rows.instant(row, "now"));
    }

    private static TakenFiles taken(Row row) {
        return new TakenFiles(
                row.getString("source"), row.getLong("files"), row.getLong("skipped"), CollectCounts.of(row));
    }

    private static FileProblem problem(Row row) {
        return new FileProblem(
                row.getString("source"),
                row.getString("name"),
                row.getString("problem"),
                Rows.instant(row, "failed_at"));
    }

    private static <T> List<T> all(Iterable<Row> rows, Function<Row, T> read) {
        List<T> all = new ArrayList<>();
        rows.forEach(row -> all.add(read.apply(row)));
        return List.copyOf(all);
    }
}
