package io.tallygate.gateway.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tallygate.store.directory.TenantId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StreamLimitsTest {

    private final Vertx vertx = Vertx.vertx();
    private final List<Integer> started = Collections.synchronizedList(new ArrayList<>());
    private final List<Promise<Integer>> work =
            IntStream.range(0, 6).mapToObj(i -> Promise.<Integer>promise()).toList();

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static StreamLimits limits(int streams, int reads) {
        return new StreamLimits(streams, reads, Duration.ofSeconds(1));
    }

    private List<Future<Integer>> startAll(StreamLimits limits) {
        return IntStream.range(0, work.size())
                .mapToObj(i -> limits.read(vertx, () -> {
                    started.add(i);
                    return work.get(i).future();
                }))
                .toList();
    }

    private void awaitStarted(Integer... expected) {
        await().untilAsserted(() -> assertThat(started).contains(expected).hasSize(expected.length));
    }

    private static TenantId tenant() {
        return new TenantId(UUID.randomUUID());
    }

    @Test
    void thereAreNoMoreStreamsThanAllowed() {
        StreamLimits limits = limits(2, 1);
        TenantId first = tenant();
        assertThat(limits.begin(first)).isTrue();
        assertThat(limits.begin(tenant())).isTrue();
        assertThat(limits.begin(tenant())).isFalse();
        assertThat(limits.begin(tenant())).as("what was refused is not counted").isFalse();
        limits.end(first);
        assertThat(limits.begin(tenant())).isTrue();
        assertThat(limits.begin(tenant())).isFalse();
    }

    @Test
    void noTenantHasMoreThanAQuarterOfThem() {
        StreamLimits limits = limits(8, 1);
        TenantId greedy = tenant();
        assertThat(limits.perTenant()).isEqualTo(2);
        assertThat(limits.begin(greedy)).isTrue();
        assertThat(limits.begin(greedy)).isTrue();
        assertThat(limits.begin(greedy)).isFalse();
        for (int i = 0; i < 6; i++) {
            assertThat(limits.begin(tenant())).isTrue();
        }
        assertThat(limits.begin(tenant())).isFalse();
        limits.end(greedy);
        limits.end(greedy);
        assertThat(limits.begin(greedy)).isTrue();
        assertThat(limits.begin(greedy)).isTrue();
        assertThat(limits.begin(greedy)).isFalse();
        assertThat(limits(1, 1).perTenant()).as("one at least").isEqualTo(1);
    }

    @Test
    void readsComeInTurnAndNoMoreThanAllowedAtOnce() {
        List<Future<Integer>> reads = startAll(limits(10, 2));
        awaitStarted(0, 1);
        work.get(1).complete(1);
        awaitStarted(0, 1, 2);
        work.get(2).complete(2);
        awaitStarted(0, 1, 2, 3);
        work.get(0).complete(0);
        awaitStarted(0, 1, 2, 3, 4);
        assertThat(reads.get(0).isComplete()).isTrue();
        assertThat(reads.get(3).isComplete()).isFalse();
        for (int i = 3; i < work.size(); i++) {
            work.get(i).complete(i);
        }
        await().until(() -> reads.stream().allMatch(Future::succeeded));
        assertThat(reads).extracting(Future::result).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(started.subList(2, 6)).containsExactly(2, 3, 4, 5);
    }

    @Test
    void aFailureGivesItsPlaceBack() {
        List<Future<Integer>> reads = startAll(limits(10, 1));
        awaitStarted(0);
        IllegalStateException failure = new IllegalStateException("broken");
        work.get(0).fail(failure);
        awaitStarted(0, 1);
        assertThat(reads.get(0).cause()).isSameAs(failure);
    }

    @Test
    void whatIsThrownGivesItsPlaceBack() {
        StreamLimits limits = limits(10, 1);
        Supplier<Future<Integer>> defect = () -> {
            throw new IllegalStateException("thrown");
        };
        for (int i = 0; i < 3; i++) {
            Future<Integer> read = limits.read(vertx, defect);
            assertThatThrownBy(
                            () -> read.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS))
                    .hasMessageContaining("thrown");
        }
    }

    @Test
    void theWorkAndItsEndAreOnTheContextOfTheCaller() throws Exception {
        StreamLimits limits = limits(10, 1);
        Context first = vertx.getOrCreateContext();
        Promise<Void> blocker = Promise.promise();
        first.runOnContext(now -> limits.read(vertx, blocker::future));
        for (int i = 0; i < 4; i++) {
            Promise<Boolean> same = Promise.promise();
            vertx.<Void>executeBlocking(() -> null).onComplete(elsewhere -> {
                Context caller = vertx.getOrCreateContext();
                limits.read(vertx, () -> Future.succeededFuture(Vertx.currentContext() == caller))
                        .onSuccess(began -> same.complete(began && Vertx.currentContext() == caller));
            });
            blocker.tryComplete();
            assertThat(same.future().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS))
                    .isTrue();
        }
    }

    @Test
    void manyReadersOnManyLoopsAreNeverMoreAtOnce() throws Exception {
        StreamLimits limits = limits(10, 3);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Future<Integer>> reads = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            reads.add(limits.read(vertx, () -> {
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                return vertx.timer(1, TimeUnit.MILLISECONDS).map(passed -> running.decrementAndGet());
            }));
        }
        Future.all(reads).toCompletionStage().toCompletableFuture().get(50, TimeUnit.SECONDS);
        assertThat(most.get()).isBetween(1, 3);
    }
}
