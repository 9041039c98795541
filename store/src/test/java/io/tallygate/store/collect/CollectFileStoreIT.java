package io.tallygate.store.collect;

import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallygate.store.testing.StoreWorld;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files of a directory: who gets which, and what is stored of them. */
class CollectFileStoreIT {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final CollectCounts COUNTS = new CollectCounts(7, 5, 1, 0, 0, 0);

    private static StoreWorld world;
    private static CollectFileStore store;
    private static FileProgressStore progress;

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
    void open() {
        world.postgres.execute("truncate collect_source cascade");
        await(store.open("files", 1));
    }

    private static SeenFile file(String name) {
        return new SeenFile(name, "1", true);
    }

    private static Set<String> see(SeenFile... files) {
        return await(store.seen("files", List.of(files)));
    }

    private static Optional<FileLease> claim(String... names) {
        return await(store.claim("files", List.of(names), MINUTE));
    }

    private static Buffer sha(int content) {
        return Buffer.buffer(new byte[31]).appendByte((byte) content);
    }

    private static boolean take(FileLease lease, int content) {
        return await(store.taken(lease, sha(content), 1, COUNTS, null));
    }

    private static FileContent begin(FileLease lease, int content) {
        return await(store.begin(lease, sha(content), 10)).orElseThrow();
    }

    private static FileBacklog backlog() {
        return await(progress.backlog()).get(0);
    }

    private static void pass(String time) {
        world.postgres.execute("update collect_file set leased_until = leased_until - interval '" + time
                + "', next_attempt_at = next_attempt_at - interval '" + time + "'");
    }

    @Test
    void filesAreClaimedInTheirOrderByWhoCanReadThemAndWhenAllOfThemIsThere() {
        assertThat(see(new SeenFile("half", "1", false), file("b"), file("a"))).isEmpty();
        FileLease first = claim("half", "a", "b").orElseThrow();
        assertThat(first).isEqualTo(new FileLease("files", "b", "1", first.token(), 1));
        assertThat(claim("half", "b")).as("another gateway").isEmpty();
        assertThat(claim("half", "a", "b").orElseThrow().name()).isEqualTo("a");
        FileBacklog backlog = backlog();
        assertThat(List.of(backlog.incomplete(), backlog.waiting(), backlog.underWay(), backlog.failed()))
                .containsExactly(1L, 2L, 2L, 0L);
        assertThat(backlog.oldest()).isNotNull();

        assertThat(begin(first, 1)).isEqualTo(new FileContent("b", false));
        assertThat(take(first, 1)).isTrue();
        assertThat(see(file("b"), file("a"))).containsExactly("b");
        assertThat(backlog().incomplete()).as("it is gone").isZero();
        assertThat(await(progress.taken())).containsExactly(new TakenFiles("files", 1, 1, COUNTS));
        assertThat(await(store.collectedAs("files", sha(1)))).contains("b");
        assertThat(await(store.collectedAs("files", sha(2)))).isEmpty();
    }

    @Test
    void whoDiesLeavesItToOthersAndMarksNothingMore() {
        see(file("a"));
        FileLease lost = claim("a").orElseThrow();
        begin(lost, 1);
        pass("2 minutes");
        assertThat(await(store.renew(lost, MINUTE))).isFalse();
        FileLease again = claim("a").orElseThrow();
        assertThat(again.attempts()).isEqualTo(2);
        assertThat(take(lost, 1)).isFalse();
        assertThat(await(store.begin(lost, sha(2), 3))).isEmpty();
        assertThat(await(store.giveBack(lost, MINUTE))).isFalse();
        assertThat(await(store.failed(lost, "broken", MINUTE))).isFalse();
        assertThat(await(store.collectedAs("files", sha(1)))).isEmpty();

        assertThat(await(store.renew(again, MINUTE))).isTrue();
        assertThat(begin(again, 1)).as("begun, and not ended").isEqualTo(new FileContent("a", false));
        assertThat(take(again, 1)).isTrue();
    }

    @Test
    void aContentKeepsTheNameUnderWhichItWasBegunFirst() {
        see(file("a"), file("b"));
        FileLease a = claim("a").orElseThrow();
        FileLease b = claim("b").orElseThrow();
        assertThat(begin(a, 1).name()).isEqualTo("a");
        assertThat(await(store.begin(b, sha(1), 10))).as("not both at once").isEmpty();
        assertThat(begin(a, 1)).as("once more").isEqualTo(new FileContent("a", false));
        await(store.giveBack(a, Duration.ZERO));
        assertThat(begin(b, 1)).as("a was not read to its end").isEqualTo(new FileContent("a", false));
        assertThat(take(b, 1)).isTrue();
        a = claim("a").orElseThrow();
        assertThat(begin(a, 1)).isEqualTo(new FileContent("a", true));
        assertThat(take(a, 1)).as("its content is collected already").isTrue();
        assertThat(await(progress.taken())).containsExactly(new TakenFiles("files", 1, 1, COUNTS));

        see(file("c"));
        FileLease c = claim("c").orElseThrow();
        assertThat(begin(c, 1)).isEqualTo(new FileContent("a", true));
        assertThat(await(store.known(c, sha(1)))).isTrue();
        assertThat(see(file("c"))).containsExactly("c");
    }

    @Test
    void aFileThatChangesIsAnotherFile() {
        see(file("a"));
        FileLease lease = claim("a").orElseThrow();
        begin(lease, 1);
        SeenFile changed = new SeenFile("a", "2", true);
        see(changed);
        assertThat(take(lease, 1)).as("what was read is stored").isTrue();
        assertThat(await(store.collectedAs("files", sha(1)))).contains("a");
        assertThat(see(changed)).isEmpty();
        FileLease next = claim("a").orElseThrow();
        assertThat(next.seen()).isEqualTo("2");
        assertThat(begin(next, 2)).isEqualTo(new FileContent("a", false));
        see(new SeenFile("a", "3", true));
        await(store.failed(next, "line 1", Duration.ofHours(1)));
        assertThat(backlog().failed()).as("of the one before").isZero();
        assertThat(claim("a")).isPresent();
    }

    @Test
    void aFileThatFailedWaitsUntilItChanges() {
        see(file("a"), file("b"));
        await(store.failed(claim("a").orElseThrow(), "line 7: no number", Duration.ofHours(1)));
        assertThat(claim("a")).isEmpty();
        assertThat(claim("a", "b")).as("others go on").isPresent();
        assertThat(await(progress.problems(10)))
                .extracting(FileProblem::name, FileProblem::problem)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("a", "line 7: no number"));
        assertThat(see(file("a"), file("b"))).isEmpty();
        assertThat(backlog().failed()).isEqualTo(1);
        pass("61 minutes");
        await(store.failed(claim("a").orElseThrow(), "still", Duration.ofHours(1)));
        see(new SeenFile("a", "2", true), file("b"));
        assertThat(backlog().failed()).isZero();
        assertThat(claim("a").orElseThrow().attempts()).isEqualTo(1);
    }

    @Test
    void aDirectoryThatCannotBeReadIsAFailureOfTheSourceUntilItCan() {
        CollectStore sources = new CollectStore(world.database);
        await(store.sourceFailed("files", "no such directory"));
        assertThat(await(sources.sources()).get(0).failures()).isEqualTo(1);
        see();
        CollectedSource source = await(sources.sources()).get(0);
        assertThat(source.failures()).isZero();
        assertThat(source.failure()).isEqualTo("no such directory");
        assertThat(source.completeThrough()).isNull();
        assertThat(source.begins()).isNull();
    }

    @Test
    void aSourceStaysWhatItIs() {
        CollectStore windows = new CollectStore(world.database);
        Duration hour = Duration.ofHours(1);
        assertThatThrownBy(() -> await(windows.open("files", 1, world.hour.minus(1, ChronoUnit.HOURS), hour)))
                .hasMessageContaining("was collected of files so far");
        await(windows.open("cloud", 1, world.hour.minus(1, ChronoUnit.HOURS), hour));
        assertThatThrownBy(() -> await(store.open("cloud", 1))).hasMessageContaining("in windows so far");
    }

    @Test
    void whateverHappensAContentIsCollectedOnceUnderOneName() {
        long seed = System.nanoTime();
        Random dice = new Random(seed);
        Map<FileLease, Integer> leases = new HashMap<>();
        Map<Integer, String> names = new HashMap<>();
        for (int step = 0; step < 60; step++) {
            SeenFile[] files = Stream.of("a", "b", "c")
                    .map(name -> new SeenFile(name, Integer.toString(dice.nextInt(3)), true))
                    .toArray(SeenFile[]::new);
            if (dice.nextInt(4) == 0) {
                see(files);
            }
            List<Future<Optional<FileLease>>> claims = new ArrayList<>();
            for (int gateway = 0; gateway < 2; gateway++) {
                claims.add(store.claim("files", List.of("a", "b", "c"), MINUTE));
            }
            Set<String> claimed = new HashSet<>();
            for (Future<Optional<FileLease>> claim : claims) {
                await(claim).ifPresent(lease -> {
                    assertThat(claimed.add(lease.name())).as("seed %d", seed).isTrue();
                    leases.put(lease, dice.nextInt(3));
                });
            }
            for (FileLease lease : List.copyOf(leases.keySet())) {
                int content = leases.get(lease);
                Optional<FileContent> begun = await(store.begin(lease, sha(content), 1));
                if (begun.isEmpty()) {
                    await(store.giveBack(lease, Duration.ZERO));
                    leases.remove(lease);
                    continue;
                }
                assertThat(names.computeIfAbsent(content, first -> begun.get().name()))
                        .as("seed %d", seed)
                        .isEqualTo(begun.get().name());
                switch (dice.nextInt(5)) {
                    case 0 -> take(lease, content);
                    case 1 -> await(store.giveBack(lease, Duration.ZERO));
                    case 2 -> await(store.failed(lease, "broken", Duration.ZERO));
                    case 3 -> pass("1 hour");
                    default -> await(store.renew(lease, MINUTE));
                }
            }
        }
        assertThat(await(progress.taken()).stream().mapToLong(TakenFiles::files).sum())
                .as("seed %d", seed)
                .isBetween(1L, 3L);
    }
}
