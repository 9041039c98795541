package io.tallygate.deploy.files;

import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.gateway.collect.CollectObserver;
import io.tallygate.gateway.collect.DirectoryConfig;
import io.tallygate.gateway.collect.SourceException;
import io.tallygate.gateway.ingest.UsageRecordParser;
import io.tallygate.store.collect.CollectCounts;
import io.tallygate.store.collect.CollectFileStore;
import io.tallygate.store.collect.CollectStore;
import io.tallygate.store.collect.FileBacklog;
import io.tallygate.store.collect.FileProblem;
import io.tallygate.store.collect.FileProgressStore;
import io.tallygate.store.testing.StoreWorld;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that arrive in a directory, and what of them is stored. */
class DirectoryCollectorIT {
    private static final AtomicInteger TESTS = new AtomicInteger();

    private static StoreWorld world;
    private static CollectFileStore store;
    private static FileProgressStore progress;

    // A source each, so that no test sees another's records.
    private final String name = "in" + TESTS.incrementAndGet();
    private final Map<SourceException.Kind, Integer> failures = new ConcurrentHashMap<>();
    private final Instant hour = world.hour.minus(3, ChronoUnit.HOURS);

    @TempDir
    private Path directory;

    private Path in;
    private Path done;

    @BeforeAll
    static void start() {
        world = new StoreWorld();
        store = new CollectFileStore(world.database);
        progress = new FileProgressStore(world.database);
        world.postgres.execute("""
                insert into registration (subscription_id, resource_group, name, location, billing_model, multi_tenant)
                values (gen_random_uuid(), 'group', 'stamp', 'local', 'PayAsYouUse', true)""");
    }

    @AfterAll
    static void close() {
        world.close();
    }

    @BeforeEach
    void open() throws IOException {
        in = Files.createDirectory(directory.resolve("in"));
        done = Files.createDirectory(directory.resolve("done"));
        await(store.open(name, 1));
    }

    private DirectoryCollector collector(String marker, Path takenInto) {
        return new DirectoryCollector(
                world.vertx,
                new DirectoryConfig(
                        name,
                        "stamp",
                        in,
                        Optional.empty(),
                        Optional.ofNullable(marker),
                        Optional.ofNullable(takenInto)),
                store,
                world.records,
                new UsageRecordParser(Clock.systemUTC(), Duration.ofDays(365)),
                new CollectObserver() {
                    @Override
                    public void collected(String source, CollectCounts counts) {}

                    @Override
                    public void failed(String source, SourceException.Kind kind) {
                        failures.merge(kind, 1, Integer::sum);
                    }
                });
    }

    private void collect() {
        await(collector(null, null).runDue());
    }

    private String row(int resource, String quantity) {
        return FocusText.row(world.subscription, hour, Integer.toString(resource), quantity);
    }

    private void arrive(String file, String... rows) throws IOException {
        Path hidden = Files.writeString(in.resolve("." + file), FocusText.HEADER + String.join("", rows));
        Files.move(hidden, in.resolve(file));
    }

    private void pass() {
        world.postgres.execute("update collect_file set next_attempt_at = clock_timestamp()");
    }

    private List<String> stored() {
        return world.postgres.query("select resource_uri, sum(quantity) from usage_record r"
                + " join instance i using (subscription_id, instance_id) where source = 'collect:" + name
                + "' group by 1 order by 1");
    }

    private CollectCounts counts() {
        return await(progress.taken()).stream()
                .filter(taken -> taken.source().equals(name))
                .findFirst()
                .orElseThrow()
                .counts();
    }

    private FileBacklog backlog() {
        return await(progress.backlog()).stream()
                .filter(each -> each.source().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private List<String> problems() {
        return await(progress.problems(10)).stream()
                .filter(each -> each.source().equals(name))
                .map(FileProblem::problem)
                .toList();
    }

    @Test
    void whatHasArrivedIsTakenOnceAndWhatHasNotWaits() throws IOException {
        arrive("a.csv", row(1, "1.5"), row(1, "1.5"), row(2, "0.000000000000001"));
        arrive("b.csv.part", row(3, "1"));
        Files.writeString(in.resolve("readme.txt"), "nothing");
        Files.writeString(directory.resolve("secret.csv"), FocusText.HEADER + row(4, "1"));
        Files.createSymbolicLink(in.resolve("link.csv"), directory.resolve("secret.csv"));
        Files.createDirectory(in.resolve("below.csv"));
        collect();
        collect();
        assertThat(stored()).containsExactly("/vm/1|3.000000000000000", "/vm/2|0.000000000000001");
        assertThat(backlog().incomplete()).isEqualTo(1);
        Files.move(in.resolve("b.csv.part"), in.resolve("b.csv"));
        collect();
        assertThat(stored()).hasSize(3);
        assertThat(counts()).isEqualTo(new CollectCounts(4, 4, 0, 0, 0, 0));
        assertThat(failures).isEmpty();
    }

    @Test
    void withAMarkerNothingIsTakenBeforeItAndAllGoesWhereItIsToGo() throws IOException {
        DirectoryCollector collector = collector(".done", done);
        arrive("a.csv", row(1, "1"));
        await(collector.runDue());
        assertThat(stored()).isEmpty();
        assertThat(backlog().incomplete()).isEqualTo(1);

        Files.writeString(in.resolve("a.csv.done"), "");
        await(collector.runDue());
        assertThat(stored()).hasSize(1);
        assertThat(names(done)).containsExactly("a.csv", "a.csv.done");
        assertThat(names(in)).isEmpty();

        arrive("a.csv", row(1, "1"), row(2, "1"));
        Files.writeString(in.resolve("a.csv.done"), "");
        await(collector.runDue());
        assertThat(stored()).as("the same name with more").hasSize(2);
        assertThat(names(done)).contains("a.csv", "a.csv.1");
        assertThat(counts()).isEqualTo(new CollectCounts(3, 2, 1, 0, 0, 0));
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void nothingIsStoredOfAFileWithAnotherChecksumUntilItIsRight() throws IOException {
        arrive("a.csv", row(1, "1"));
        Files.writeString(in.resolve("a.csv.sha256"), "0".repeat(64) + "  a.csv\n");
        arrive("good.csv", row(2, "1"));
        collect();
        assertThat(stored()).as("others go on").containsExactly("/vm/2|1.000000000000000");
        assertThat(problems())
                .singleElement()
                .asString()
                .startsWith("its SHA-256 is ")
                .contains("expected " + "0".repeat(64) + " as in a.csv.sha256");
        assertThat(failures).containsEntry(SourceException.Kind.Malformed, 1);
        collect();
        assertThat(failures).as("not looked at again at once").containsEntry(SourceException.Kind.Malformed, 1);

        String sha256 = problems().get(0).replaceAll("^its SHA-256 is ([0-9a-f]{64}).*", "$1");
        Files.writeString(in.resolve("a.csv.sha256"), sha256.toUpperCase(Locale.ROOT) + " *./a.csv\n\n");
        collect();
        assertThat(stored()).hasSize(2);
        assertThat(problems()).isEmpty();
    }

    @Test
    void nothingIsStoredOfAMalformedFileAndItsCorrectionIsTaken() throws IOException {
        arrive("a.csv", row(1, "1"), row(2, "much"));
        collect();
        assertThat(stored()).isEmpty();
        assertThat(problems()).containsExactly("line 3: `ConsumedQuantity`: expected a decimal number, found 'much'");
        pass();
        collect();
        assertThat(failures).containsEntry(SourceException.Kind.Malformed, 2);
        arrive("a2.csv", row(1, "1"));
        Files.delete(in.resolve("a.csv"));
        collect();
        assertThat(stored()).hasSize(1);
        assertThat(backlog().failed()).as("it is gone").isZero();
    }

    @Test
    void theSameUnderAnotherNameAddsNothingAndAChangedFigureIsAConflict() throws IOException {
        arrive("a.csv", row(1, "1"), row(1, "1"));
        collect();
        arrive("copy.csv", row(1, "1"), row(1, "1"));
        collect();
        assertThat(counts()).isEqualTo(new CollectCounts(2, 2, 0, 0, 0, 0));

        Files.delete(in.resolve("a.csv"));
        arrive("a.csv", row(1, "1"), row(1, "7"));
        collect();
        assertThat(stored()).containsExactly("/vm/1|2.000000000000000");
        assertThat(counts()).isEqualTo(new CollectCounts(4, 2, 1, 1, 0, 0));
    }

    @Test
    void whoDiesInTheMiddleLeavesNothingTwice() throws IOException {
        arrive("a.csv", row(1, "1"), row(2, "2"));
        DirectoryCollector first = collector(null, null);
        await(first.runDue());
        // As it was when the records were stored, and nothing else.
        world.postgres.execute("update collect_file set taken_at = null, sha256 = null, lease_token = 1,"
                + " leased_until = clock_timestamp() - interval '1 second' where source = '" + name + "'");
        world.postgres.execute(
                "update collect_content set collected_at = null, row_count = null where source = '" + name + "'");
        Files.move(in.resolve("a.csv"), in.resolve("renamed.csv"));
        await(collector(null, null).runDue());
        assertThat(stored()).hasSize(2);
        assertThat(counts()).isEqualTo(new CollectCounts(2, 0, 2, 0, 0, 0));
    }

    @Test
    void severalGatewaysTakeEachFileOnce() throws IOException {
        int files = 30;
        for (int file = 0; file < files; file++) {
            arrive(file + ".csv", row(file, "1"), row(files + file, "2"));
            // The same again, which may be read at the same time.
            Files.copy(in.resolve(file + ".csv"), in.resolve(file + "-copy.csv"));
        }
        await(Future.join(
                Stream.generate(() -> collector(null, done).runDue()).limit(4).toList()));
        pass();
        await(collector(null, done).runDue());
        assertThat(stored()).hasSize(2 * files).allMatch(row -> row.matches(".*\\|[12]\\.0+"));
        assertThat(counts().accepted()).isEqualTo(2L * files);
        assertThat(counts().conflict()).isZero();
        assertThat(names(in)).isEmpty();
        assertThat(names(done)).hasSize(2 * files);
        assertThat(failures).isEmpty();
    }

    @Test
    void aDirectoryThatIsNotThereIsToldAndNoLongerWhenItIs() throws IOException {
        Files.delete(in);
        collect();
        CollectStore sources = new CollectStore(world.database);
        assertThat(await(sources.sources()))
                .filteredOn(source -> source.source().equals(name))
                .singleElement()
                .satisfies(source -> {
                    assertThat(source.failures()).isEqualTo(1);
                    assertThat(source.failure()).startsWith("Away: cannot be read: NoSuchFileException");
                });
        Files.createDirectory(in);
        collect();
        assertThat(await(sources.sources()))
                .filteredOn(source -> source.source().equals(name))
                .singleElement()
                .satisfies(source -> assertThat(source.failures()).isZero());
    }
}
