package io.tallygate.store.collect;

import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallygate.store.testing.StoreWorld;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Windows of a source: who gets which, and what is complete. */
class CollectStoreIT {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final CollectCounts COUNTS = new CollectCounts(7, 6, 1, 0, 0, 0);

    private final StoreWorld world = new StoreWorld();
    private final CollectStore store = new CollectStore(world.database);
    private final CollectPlan plan = plan(MINUTE);

    @BeforeEach
    void open() {
        world.postgres.execute("""
                insert into registration (subscription_id, resource_group, name, location, billing_model, multi_tenant)
                values (gen_random_uuid(), 'group', 'stamp', 'local', 'PayAsYouUse', true)""");
        await(store.open("stamp", 1, hour(-5), HOUR));
    }

    @AfterEach
    void close() {
        world.close();
    }

    private static CollectPlan plan(Duration lease) {
        return new CollectPlan("stamp", HOUR, Duration.ZERO, false, 2, lease);
    }

    private Instant hour(int hours) {
        return world.hour.plus(hours, ChronoUnit.HOURS);
    }

    private CollectLease claimed() {
        return await(store.claim(plan)).orElseThrow();
    }

    private CollectedSource source() {
        return await(store.sources()).get(0);
    }

    private void pass(String time) {
        world.postgres.execute("update collect_window set leased_until = leased_until - interval '" + time
                + "', next_attempt_at = next_attempt_at - interval '" + time + "'");
        world.postgres.execute("update collect_source set paused_until = paused_until - interval '" + time
                + "', wished_until = wished_until - interval '" + time + "'");
    }

    @Test
    void whatIsFinalIsClaimedInOrderAndSoManyAtATime() {
        CollectLease first = claimed();
        CollectLease second = claimed();
        assertThat(first)
                .isEqualTo(new CollectLease("stamp", hour(-5), hour(-4), first.token(), 1))
                .isNotEqualTo(second);
        assertThat(second.from()).isEqualTo(hour(-4));
        assertThat(await(store.claim(plan))).as("two at a time").isEmpty();

        assertThat(await(store.collected(second, COUNTS, null))).isTrue();
        assertThat(source().completeThrough()).as("the first is not stored").isEqualTo(hour(-5));
        assertThat(claimed().from()).isEqualTo(hour(-3));
        assertThat(await(store.collected(first, COUNTS, "too old"))).isTrue();
        CollectedSource source = source();
        assertThat(source.completeThrough()).isEqualTo(hour(-3));
        assertThat(source.plannedThrough())
                .as("the hour that goes on is no window")
                .isEqualTo(hour(0));
        assertThat(source.counts()).isEqualTo(new CollectCounts(14, 12, 2, 0, 0, 0));
        assertThat(source.waiting()).isEqualTo(3);
        assertThat(source.underWay()).isEqualTo(1);
        assertThat(source.succeededAt()).isNotNull();
    }

    @Test
    void allWindowsAreCollectedOnceHoweverManyGatewaysThereAre() {
        Set<Instant> collected = new HashSet<>();
        while (true) {
            List<Future<Optional<CollectLease>>> claims = new ArrayList<>();
            for (int gateway = 0; gateway < 8; gateway++) {
                claims.add(store.claim(plan));
            }
            List<CollectLease> got =
                    claims.stream().flatMap(claim -> await(claim).stream()).toList();
            if (got.isEmpty()) {
                break;
            }
            assertThat(got).hasSizeBetween(1, 2);
            got.forEach(lease -> {
                assertThat(collected.add(lease.from())).isTrue();
                assertThat(await(store.collected(lease, COUNTS, null))).isTrue();
            });
        }
        assertThat(collected).containsExactlyInAnyOrder(hour(-5), hour(-4), hour(-3), hour(-2), hour(-1));
        assertThat(source().completeThrough()).isEqualTo(hour(0));
    }

    @Test
    void whoLosesALeaseMarksNothing() {
        CollectLease lost = claimed();
        pass("2 minutes");
        CollectLease again = claimed();
        assertThat(again.from()).isEqualTo(lost.from());
        assertThat(again.attempts()).isEqualTo(2);

        assertThat(await(store.renew(lost, MINUTE))).isFalse();
        assertThat(await(store.giveBack(lost, MINUTE))).isFalse();
        assertThat(await(store.collected(lost, COUNTS, null))).isFalse();
        assertThat(source().waiting()).isEqualTo(5);
        assertThat(source().underWay()).isEqualTo(1);
        assertThat(await(store.renew(again, MINUTE))).isTrue();
        assertThat(await(store.collected(again, COUNTS, null))).isTrue();
        assertThat(await(store.collected(again, COUNTS, null))).as("twice").isFalse();
        assertThat(source().counts()).isEqualTo(COUNTS);
    }

    @Test
    void aWindowThatIsGivenBackWaitsAndIsNoFailure() {
        CollectLease lease = claimed();
        assertThat(await(store.giveBack(lease, MINUTE))).isTrue();
        assertThat(claimed().from()).as("others go on").isEqualTo(hour(-4));
        assertThat(source().failures()).isZero();
        pass("61 seconds");
        assertThat(collectAll()).contains(hour(-5)).hasSize(5);
    }

    private List<Instant> collectAll() {
        List<Instant> collected = new ArrayList<>();
        for (Optional<CollectLease> next = await(store.claim(plan));
                next.isPresent();
                next = await(store.claim(plan))) {
            collected.add(next.get().from());
            assertThat(await(store.collected(next.get(), COUNTS, null))).isTrue();
        }
        return collected;
    }

    @Test
    void aWindowThatAlwaysFailsKeepsNoOtherFromBeingCollected() {
        Instant bad = claimed().from();
        pass("2 minutes");
        for (int attempt = 0; attempt < 30 && source().waiting() > 1; attempt++) {
            pass("1 hour");
            await(store.claim(plan))
                    .ifPresent(lease -> await(
                            lease.from().equals(bad)
                                    ? store.failed(lease, "broken", Duration.ofMinutes(10), null)
                                    : store.collected(lease, COUNTS, null).mapEmpty()));
        }
        assertThat(source().waiting()).isEqualTo(1);
        assertThat(source().completeThrough()).isEqualTo(bad);
    }

    @Test
    void whatASourceWishesIsNotForgottenForWhatGoesWellOrWrongMeanwhile() {
        CollectLease first = claimed();
        CollectLease second = claimed();
        await(store.failed(first, "too many requests", Duration.ZERO, Duration.ofHours(1)));
        await(store.collected(second, COUNTS, null));
        assertThat(pause()).isEqualTo(3600);
        assertThat(await(store.claim(plan))).isEmpty();
    }

    @Test
    void aSourceIsAlwaysCollectedInTheSameWindowsAndNeverFromTheFuture() {
        claimed();
        assertThatThrownBy(() -> await(store.open("stamp", 1, hour(-5), Duration.ofDays(1))))
                .hasMessageContaining("windows of PT1H so far, which cannot change to PT24H");
        assertThatThrownBy(() -> await(store.open("another", 1, hour(2), HOUR))).hasMessageContaining("in the future");
        assertThat(await(store.sources())).hasSize(1);
    }

    @Test
    void nothingOfADayIsAskedForBeforeItIsOverWhereThatIsWanted() {
        CollectPlan byDay = new CollectPlan("stamp", HOUR, Duration.ZERO, true, 2, MINUTE);
        await(store.claim(byDay));
        assertThat(source().plannedThrough())
                .isEqualTo(Stream.of(hour(-5), world.hour.truncatedTo(ChronoUnit.DAYS))
                        .max(Instant::compareTo)
                        .orElseThrow());
    }

    @Test
    void aSourceThatFailsIsLeftAloneForLongerEachTimeAndThenAskedOnce() {
        for (int failure = 1; failure < CollectStore.FAILURES_BEFORE_PAUSE; failure++) {
            await(store.failed(claimed(), "broken " + failure, Duration.ZERO, null));
        }
        assertThat(source().pausedUntil()).isNull();
        await(store.failed(claimed(), "broken", Duration.ZERO, null));
        assertThat(source().failure()).isEqualTo("broken");
        assertThat(pause()).isEqualTo(30);
        assertThat(await(store.claim(plan))).isEmpty();

        pass("31 seconds");
        CollectLease probe = claimed();
        assertThat(await(store.claim(plan))).as("one at a time").isEmpty();
        await(store.failed(probe, "broken", Duration.ZERO, null));
        assertThat(pause()).isEqualTo(60);
        for (int more = 0; more < 12; more++) {
            pass("1 hour");
            await(store.failed(claimed(), "broken", Duration.ZERO, null));
        }
        assertThat(pause()).isEqualTo(900);

        pass("1 hour");
        assertThat(await(store.collected(claimed(), COUNTS, null))).isTrue();
        assertThat(source().failures()).isZero();
        assertThat(source().failure()).as("told as the last one").isEqualTo("broken");
        assertThat(await(store.claim(plan))).isPresent();
        assertThat(await(store.claim(plan))).isPresent();
    }

    @Test
    void aSourceThatWantsToBeLeftAloneIs() {
        await(store.failed(claimed(), "too many requests", Duration.ZERO, Duration.ofSeconds(90)));
        assertThat(pause()).isEqualTo(90);
        assertThat(await(store.claim(plan))).isEmpty();
        pass("91 seconds");
        claimed();
        assertThat(await(store.claim(plan))).as("it has not failed so often").isPresent();
    }

    // From the moment of the failure on, whenever it is asked for.
    private long pause() {
        return Duration.between(source().failedAt(), source().pausedUntil()).toSeconds();
    }

    @Test
    void whateverHappensWindowsHaveNoGapAndWhatIsCompleteNeverGoesBack() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<CollectLease> leases = new ArrayList<>();
        Instant complete = hour(-5);
        for (int step = 0; step < 150; step++) {
            if (leases.isEmpty() || random.nextInt(3) == 0) {
                await(store.claim(plan)).ifPresent(leases::add);
            } else {
                CollectLease lease = leases.get(random.nextInt(leases.size()));
                switch (random.nextInt(5)) {
                    case 0 -> await(store.collected(lease, COUNTS, null));
                    case 1 -> await(store.giveBack(lease, Duration.ZERO));
                    case 2 -> await(store.failed(lease, "broken", Duration.ZERO, null));
                    case 3 -> await(store.renew(lease, MINUTE));
                    default -> pass("1 hour");
                }
            }
            CollectedSource source = source();
            assertThat(source.completeThrough()).as("seed %d", seed).isAfterOrEqualTo(complete);
            assertThat(source.underWay()).as("seed %d", seed).isLessThanOrEqualTo(2);
            complete = source.completeThrough();
        }
        assertThat(world.postgres.query("""
                select 'gap' from (
                  select window_start, lag(window_end, 1, '%s') over (order by window_start) as before from collect_window) w
                where window_start <> before""".formatted(hour(-5))))
                .as("seed %d", seed)
                .isEmpty();
    }

    @Test
    void aWindowThatIsPulledAgainIsClaimedOnceAndStaysCollected() {
        CollectDesk desk = new CollectDesk(world.database);
        for (int hour = -5; hour < 0; hour++) {
            assertThat(await(store.collected(claimed(), COUNTS, hour == -5 ? "too old" : null)))
                    .isTrue();
        }
        assertThat(source().problem()).isEqualTo("too old");
        assertThat(source().problemFrom()).isEqualTo(hour(-5));
        assertThat(await(desk.pull("stamp", hour(-5), StoreWorld.OPERATOR))
                        .orElseThrow()
                        .state())
                .isEqualTo(CollectedWindow.State.waiting);
        assertThat(await(desk.pull("stamp", hour(-9), StoreWorld.OPERATOR))).isEmpty();
        CollectLease again = claimed();
        assertThat(again.from()).isEqualTo(hour(-5));
        assertThat(await(store.claim(plan))).isEmpty();
        assertThat(source().completeThrough()).isEqualTo(hour(0));
        assertThat(await(desk.windows("stamp", null, CollectedWindow.Filter.open, 9))
                        .orElseThrow())
                .extracting(CollectedWindow::state)
                .containsExactly(CollectedWindow.State.underWay);

        assertThat(await(store.collected(again, COUNTS, null))).isTrue();
        assertThat(await(store.claim(plan))).isEmpty();
        assertThat(source().counts().accepted()).isEqualTo(6 * COUNTS.accepted());
        assertThat(source().problem()).isNull();

        String stored = "select stored_through from collect_window where window_start = '" + hour(-5) + "'";
        List<String> now = world.postgres.query(stored);
        world.postgres.execute("update collect_window set stored_through = stored_through - interval '3 hours'");
        await(desk.pull("stamp", hour(-5), StoreWorld.OPERATOR));
        assertThat(await(store.collected(claimed(), CollectCounts.NONE, null))).isTrue();
        assertThat(world.postgres.query(stored)).as("nothing came").isNotEqualTo(now);
        await(desk.pull("stamp", hour(-5), StoreWorld.OPERATOR));
        assertThat(await(store.collected(claimed(), COUNTS, null))).isTrue();
        assertThat(world.postgres.query(stored)).as("more came").isEqualTo(now);

        await(desk.pull("stamp", hour(-5), StoreWorld.OPERATOR));
        await(store.failed(claimed(), "it is not kept any more", Duration.ZERO, null));
        assertThat(await(store.claim(plan))).as("not for ever").isEmpty();
        assertThat(source().problem()).isEqualTo("it is not kept any more");
        assertThat(source().completeThrough()).isEqualTo(hour(0));
    }

    @Test
    void aSourceThatIsEndedIsNotClaimedUntilItIsOpenedAgain() {
        CollectDesk desk = new CollectDesk(world.database);
        CollectLease lease = claimed();
        world.postgres.execute("update collect_source set seen_at = null");
        assertThat(await(desk.end("stamp", StoreWorld.OPERATOR)))
                .as("a gateway is at a window")
                .isEqualTo(CollectDesk.Ending.Collected);
        assertThat(await(store.collected(lease, COUNTS, null))).isTrue();
        assertThat(await(desk.end("stamp", StoreWorld.OPERATOR)))
                .as("one was a moment ago")
                .isEqualTo(CollectDesk.Ending.Collected);
        world.postgres.execute("update collect_source set seen_at = seen_at - interval '4 minutes'");
        assertThat(await(desk.end("stamp", StoreWorld.OPERATOR))).isEqualTo(CollectDesk.Ending.Ended);
        assertThat(await(desk.end("unknown", StoreWorld.OPERATOR))).isEqualTo(CollectDesk.Ending.Absent);

        assertThat(await(store.claim(plan))).as("whoever still has it").isEmpty();
        assertThat(source().endedAt()).isNotNull();
        await(store.wait("stamp", hour(-1), HOUR, "no registration"));
        assertThat(source().trouble()).isEqualTo("no registration");
        assertThat(source().registrationId()).isEqualTo(1);
        assertThat(source().endedAt()).isNull();
        assertThat(claimed().from()).isEqualTo(hour(-4));
    }

    @Test
    void whereASourceBeginsStaysAsItWas() {
        claimed();
        await(store.open("stamp", 1, hour(-100), HOUR));
        assertThat(source().begins()).isEqualTo(hour(-5));
        assertThat(source().registrationId()).isEqualTo(1);
    }
}
