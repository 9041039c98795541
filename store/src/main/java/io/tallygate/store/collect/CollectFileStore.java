package io.tallygate.store.collect;

import io.tallygate.store.Database;
import io.tallygate.store.Rows;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowIterator;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Shares the files of directories out to gateways and keeps what became of them, by the database's clock. The invariants are
 * in {@code V17__collect_files.sql} and {@code V19__complete_through.sql}.
 */
public final class CollectFileStore {
    private static final String OPEN = """
            insert into collect_source as s (source, registration_id, seen_at, trouble) values ($1, $2, clock_timestamp(), $3)
            on conflict (source) do update
            set registration_id = coalesce($2, s.registration_id), seen_at = clock_timestamp(), trouble = $3, ended_at = null
            returning window_seconds""";
    // First of all, by everybody who claims or tells what is there: so nobody waits in a circle.
    private static final String LOCK = "select from collect_source where source = $1 for no key update";
    private static final String SEEN = """
            with told as (
              select unnest($2::text[]) as name, unnest($3::text[]) as seen, unnest($4::boolean[]) as arrived),
            gone as (
              delete from collect_file f
              where source = $1 and taken_at is null and coalesce(leased_until <= clock_timestamp(), true)
                and not exists (select from told where told.name = f.name)),
            well as (
              update collect_source set failures = 0 where source = $1 and failures > 0)
            insert into collect_file as f (source, name, seen, arrived)
            select $1, name, seen, arrived from told
            on conflict (source, name) do update
            set seen = excluded.seen, arrived = excluded.arrived, seen_at = clock_timestamp(),
              next_attempt_at = clock_timestamp(), attempts = 0, failed_at = null, problem = null, taken_at = null,
              sha256 = null
            where (f.seen, f.arrived) is distinct from (excluded.seen, excluded.arrived)""";
    private static final String TAKEN_OF = """
            select name from collect_file
            join unnest($2::text[], $3::text[]) as known (name, seen) using (name, seen)
            where source = $1 and taken_at is not null""";
    private static final String CLAIM = """
            update collect_file
            set lease_token = nextval('collect_lease'), leased_until = clock_timestamp() + make_interval(secs => $3),
              attempts = attempts + 1
            where source = $1 and name = (
              select name from collect_file
              where source = $1 and name = any ($2::text[]) and taken_at is null and arrived
                and next_attempt_at <= clock_timestamp() and coalesce(leased_until <= clock_timestamp(), true)
                and exists (select from collect_source s where s.source = $1 and s.ended_at is null)
              order by next_attempt_at, name
              limit 1)
            returning name, seen, lease_token, attempts""";
    private static final String RENEW = """
            update collect_file set leased_until = clock_timestamp() + make_interval(secs => $4)
            where source = $1 and name = $2 and lease_token = $3 and leased_until > clock_timestamp()""";
    // Whoever began it first has given it its name. While somebody is at it nobody else is.
    private static final String BEGIN = """
            insert into collect_content as c (source, sha256, name, size, begun_by)
            select source, $4, name, $5, lease_token from collect_file
            where source = $1 and name = $2 and lease_token = $3 and leased_until > clock_timestamp()
            on conflict (source, sha256) do update set begun_by = excluded.begun_by
            where c.collected_at is not null or not exists (
              select from collect_file f
              where f.source = c.source and f.lease_token = c.begun_by and f.lease_token <> excluded.begun_by
                and f.leased_until > clock_timestamp())
            returning name, collected_at is not null as collected""";
    private static final String COLLECTED_AS =
            "select name from collect_content where source = $1 and sha256 = $2 and collected_at is not null";
    private static final String TAKE = """
            update collect_file
            set lease_token = null, leased_until = null, failed_at = null, problem = null, attempts = 0,
              next_attempt_at = clock_timestamp(), taken_at = case when seen = $4 then clock_timestamp() end,
              sha256 = case when seen = $4 then $5::bytea end
            where source = $1 and name = $2 and lease_token = $3""";
    private static final String COLLECT = """
            with collected as (
              update collect_content
              set collected_at = clock_timestamp(), row_count = $3, skipped = $4, accepted = $5, duplicate = $6, conflict = $7,
                quarantined = $8, rejected = $9, problem = $10
              where source = $1 and sha256 = $2 and collected_at is null
              returning source)
            update collect_source s set failures = 0, succeeded_at = clock_timestamp()
            from collected where s.source = collected.source""";
    private static final String GIVE_BACK = """
            update collect_file
            set lease_token = null, leased_until = null, next_attempt_at = clock_timestamp() + make_interval(secs => $4)
            where source = $1 and name = $2 and lease_token = $3""";
    // If it is another file by now, nothing is known to be wrong with that one.
    private static final String FAILED = """
            update collect_file
            set lease_token = null, leased_until = null,
              failed_at = case when seen = $5 then clock_timestamp() end, problem = case when seen = $5 then $6 end,
              next_attempt_at = clock_timestamp() + case when seen = $5 then make_interval(secs => $4) else '0' end
            where source = $1 and name = $2 and lease_token = $3""";
    private static final String SOURCE_FAILED = """
            update collect_source set failures = failures + 1, failure = $2, failed_at = clock_timestamp()
            where source = $1""";

    private final Database database;

    /** Works in the given database. */
    public CollectFileStore(Database database) {
        this.database = database;
    }

    /**
     * Makes a source of files known, or notes that it still is in a gateway's configuration. One that was ended goes on.
     *
     * @throws IllegalStateException (the future) if it was collected in windows before
     */
    public Future<Void> open(String source, long registrationId) {
        return open(Tuple.of(source, registrationId, null));
    }

    /**
     * Likewise for one that is configured and not collected.
     *
     * @param trouble why it is not collected
     */
    public Future<Void> wait(String source, String trouble) {
        return open(Tuple.of(source, null, trouble));
    }

    private Future<Void> open(Tuple values) {
        return database.repeatableTransaction(
                transaction -> transaction
                        .preparedQuery(OPEN)
                        .execute(values)
                        .compose(
                                rows -> rows.iterator().next().getInteger("window_seconds") == null
                                        ? Future.succeededFuture()
                                        : Future.failedFuture(
                                                new IllegalStateException(
                                                        "The source " + values.getString(0)
                                                                + " was collected in windows so far, which cannot change to files: give it another name"))));
    }

    /**
     * Tells what is in the directory: all that is not known to be taken. What waited and is not there any more is forgotten;
     * what looks otherwise than before is another file.
     *
     * @param files in the order in which they are to be taken
     * @return the names of those that are taken as they are
     */
    public Future<Set<String>> seen(String source, List<SeenFile> files) {
        Tuple values =
                namesAndLooks(source, files).addArrayOfBoolean(Rows.array(files, SeenFile::arrived, Boolean[]::new));
        return locked(
                source,
                transaction -> transaction
                        .preparedQuery(SEEN)
                        .execute(values)
                        .compose(told -> takenOf(transaction, source, files)));
    }

    /** The names of those that are taken as they are. */
    public Future<Set<String>> takenOf(String source, List<SeenFile> files) {
        return database.read(connection -> takenOf(connection, source, files));
    }

    private static Future<Set<String>> takenOf(SqlConnection connection, String source, List<SeenFile> files) {
        return connection
                .preparedQuery(TAKEN_OF)
                .execute(namesAndLooks(source, files))
                .map(rows -> {
                    Set<String> names = new HashSet<>();
                    rows.forEach(row -> names.add(row.getString("name")));
                    return names;
                });
    }

    private static Tuple namesAndLooks(String source, List<SeenFile> files) {
        return Tuple.of(
                source,
                Rows.array(files, SeenFile::name, String[]::new),
                Rows.array(files, SeenFile::seen, String[]::new));
    }

    /**
     * Claims the file that is due for the longest time.
     *
     * @param names those that this gateway can read
     * @param lease how long it is under way without a word
     * @return empty if none of them is due
     */
    public Future<Optional<FileLease>> claim(String source, List<String> names, Duration lease) {
        Tuple values = Tuple.of(source, names.toArray(String[]::new), Rows.seconds(lease));
        return locked(
                source,
                transaction -> transaction
                        .preparedQuery(CLAIM)
                        .execute(values)
                        .map(rows -> first(rows).map(row -> lease(source, row))));
    }

    private static FileLease lease(String source, Row row) {
        return new FileLease(
                source,
                row.getString("name"),
                row.getString("seen"),
                row.getLong("lease_token"),
                row.getInteger("attempts"));
    }

    /** Keeps the file for so long from now; false if it is somebody else's by now. */
    public Future<Boolean> renew(FileLease lease, Duration duration) {
        return marked(RENEW, of(lease).addDouble(Rows.seconds(duration)));
    }

    /**
     * Says what is in the file, before its first record is stored.
     *
     * @param sha256 of its bytes
     * @param size in bytes
     * @return empty if the file is somebody else's by now, or another one with this content is under way
     */
    public Future<Optional<FileContent>> begin(FileLease lease, Buffer sha256, long size) {
        Tuple values = of(lease).addBuffer(sha256).addLong(size);
        return database.transaction(transaction -> transaction
                .preparedQuery(BEGIN)
                .execute(values)
                .map(rows ->
                        first(rows).map(row -> new FileContent(row.getString("name"), row.getBoolean("collected")))));
    }

    /** The name of the file that this content was taken from. */
    public Future<Optional<String>> collectedAs(String source, Buffer sha256) {
        return database.read(connection -> connection
                .preparedQuery(COLLECTED_AS)
                .execute(Tuple.of(source, sha256))
                .map(rows -> first(rows).map(row -> row.getString("name"))));
    }

    /**
     * All of the file is stored.
     *
     * @param skipped how many of its rows are no usage
     * @param problem why its first refused record was refused; null if none was
     * @return false if the file is somebody else's by now: nothing was changed then
     */
    public Future<Boolean> taken(FileLease lease, Buffer sha256, long skipped, CollectCounts counts, String problem) {
        Tuple content = counts.outcomesAfter(Tuple.of(lease.source(), sha256, counts.rows(), skipped))
                .addString(problem);
        return locked(
                lease.source(),
                transaction -> taken(transaction, lease, sha256)
                        .compose(mine -> mine
                                ? transaction
                                        .preparedQuery(COLLECT)
                                        .execute(content)
                                        .map(true)
                                : Future.succeededFuture(false)));
    }

    /** All of it was stored before, from this or another file; else as {@link #taken}. */
    public Future<Boolean> known(FileLease lease, Buffer sha256) {
        return locked(lease.source(), transaction -> taken(transaction, lease, sha256));
    }

    private static Future<Boolean> taken(SqlConnection transaction, FileLease lease, Buffer sha256) {
        return marked(transaction, TAKE, of(lease).addString(lease.seen()).addBuffer(sha256));
    }

    /** Gives the file back, to be claimed again after so long. Nothing is wrong with it. */
    public Future<Boolean> giveBack(FileLease lease, Duration after) {
        return marked(GIVE_BACK, of(lease).addDouble(Rows.seconds(after)));
    }

    /**
     * The file cannot be taken as it is.
     *
     * @param problem where in it, and what was expected
     * @param after how long to leave it, if it stays as it is
     */
    public Future<Boolean> failed(FileLease lease, String problem, Duration after) {
        return marked(
                FAILED,
                of(lease).addDouble(Rows.seconds(after)).addString(lease.seen()).addString(problem));
    }

    /** The directory itself cannot be read. */
    public Future<Void> sourceFailed(String source, String failure) {
        return database.transaction(transaction -> transaction
                .preparedQuery(SOURCE_FAILED)
                .execute(Tuple.of(source, failure))
                .mapEmpty());
    }

    private <T> Future<T> locked(String source, Function<SqlConnection, Future<T>> work) {
        return database.transaction(transaction ->
                transaction.preparedQuery(LOCK).execute(Tuple.of(source)).compose(locked -> work.apply(transaction)));
    }

    private Future<Boolean> marked(String statement, Tuple values) {
        return database.transaction(transaction -> marked(transaction, statement, values));
    }

    private static Future<Boolean> marked(SqlConnection transaction, String statement, Tuple values) {
        return transaction.preparedQuery(statement).execute(values).map(result -> result.rowCount() == 1);
    }

    private static Optional<Row> first(RowSet<Row> rows) {
        RowIterator<Row> found = rows.iterator();
        return found.hasNext() ? Optional.of(found.next()) : Optional.empty();
    }

    private static Tuple of(FileLease lease) {
        return Tuple.of(lease.source(), lease.name(), lease.token());
    }
}
