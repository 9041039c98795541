package io.tallygate.gateway.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tallygate.store.StoreUnavailableException;
import io.tallygate.store.aggregate.Instance;
import io.tallygate.store.aggregate.Page;
import io.tallygate.store.aggregate.PagePosition;
import io.tallygate.store.aggregate.UsageAggregate;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a stream writes, waits and ends, whatever its reader and the database do at whatever moment. */
@Timeout(60)
class UsageStreamTest {
    private static final Instant HOUR = Instant.parse("2026-03-01T00:00:00Z");
    private static final int PIECES = 5;
    private static final int ROWS = 30;
    // Some eight rows are written at a time.
    private static final String FILLING = "x".repeat(8 << 10);
    private static final Duration LONG = Duration.ofMinutes(10);

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final FakeResponse reader = new FakeResponse();
    private final AtomicInteger reads = new AtomicInteger();
    private Future<Void> database = Future.succeededFuture();
    private final List<Integer> asked = new ArrayList<>();
    private Instance instance = instance(1000);
    private int defectiveRow = -1;

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private Future<Page<UsageAggregate, PagePosition>> page(PagePosition after, int size) {
        reads.incrementAndGet();
        asked.add(size);
        int first = after.seq() + 1;
        List<UsageAggregate> rows = IntStream.range(first, Math.min(first + Math.min(size, ROWS), PIECES * ROWS + 1))
                .mapToObj(this::row)
                .toList();
        PagePosition last = rows.get(rows.size() - 1).position();
        Page<UsageAggregate, PagePosition> page = new Page<>(rows, last.seq() == PIECES * ROWS ? null : last);
        return database.map(there -> page);
    }

    private static Instance instance(int size) {
        return new Instance(null, null, new byte[32], new byte[size]);
    }

    private UsageAggregate row(int seq) {
        return new UsageAggregate(new PagePosition(HOUR, seq), null, null, null, null, null, instance);
    }

    private RowText text() {
        return new RowText() {
            @Override
            public void begin(ByteText out) {
                out.add("begin\n");
            }

            @Override
            public void add(ByteText out, UsageAggregate row, String tokenOrNull) {
                if (row.position().seq() == defectiveRow) {
                    throw new IllegalStateException("defective row");
                }
                out.add(row.position().seq() + FILLING + "\n");
            }
        };
    }

    private static String everyRowOnce() {
        return IntStream.rangeClosed(1, PIECES * ROWS)
                .mapToObj(seq -> seq + FILLING + "\n")
                .collect(Collectors.joining("", "begin\n", ""));
    }

    private Future<Void> send(Duration patience) {
        UsageStream.Content content = new UsageStream.Content(
                Map.of("Content-Type", "text/plain"),
                Map.of("x-said", "twice"),
                BodyCoding.none(),
                this::page,
                new PagePosition(HOUR, 0),
                text(),
                position -> "",
                0);
        Promise<Void> sent = Promise.promise();
        StreamLimits limits = new StreamLimits(10, 10, patience);
        context.runOnContext(now -> new UsageStream(vertx, reader.response(), content, limits)
                .send()
                .onComplete(sent));
        return sent.future();
    }

    private static void awaitEnd(Future<Void> sent) {
        await().until(sent::isComplete);
    }

    private void assertWhole(Future<Void> sent) {
        awaitEnd(sent);
        assertThat(sent.cause()).isNull();
        assertThat(reader.reset).isFalse();
        assertThat(reader.ended).isTrue();
        assertThat(reader.body.toString()).isEqualTo(everyRowOnce());
        assertThat(reader.trailers.get("x-row-count")).isEqualTo(Integer.toString(PIECES * ROWS));
        assertThat(reader.headers.get("Content-Type")).isEqualTo("text/plain");
        assertThat(reader.headers.get("Trailer")).isEqualTo("x-row-count, x-content-sha256, x-said");
        assertThat(reader.headers.get("x-said")).isEqualTo("twice");
        assertThat(reader.trailers.get("x-said")).isEqualTo("twice");
    }

    @Test
    void whoReadsAtOnceGetsEveryRowOnce() {
        assertWhole(send(LONG));
        assertThat(reads).hasValue(PIECES);
    }

    @Test
    void piecesHaveFewRowsWhereRowsAreLong() {
        assertWhole(send(LONG));
        assertThat(asked).startsWith(100).allSatisfy(rows -> assertThat(rows).isLessThanOrEqualTo(2000));
        asked.clear();
        instance = instance(200 << 10);
        awaitEnd(send(LONG));
        assertThat(asked.subList(1, asked.size())).isNotEmpty().containsOnly(10);
    }

    /** The queue is full and drains again within each write, as it does when the network takes all at once. */
    @Test
    void aQueueThatDrainsInTheMiddleOfWritingMakesNoRowCountTwice() {
        AtomicInteger writes = new AtomicInteger();
        reader.onWrite = () -> {
            if (writes.incrementAndGet() == 1) {
                reader.full = true;
                context.runOnContext(later -> reader.drain());
            } else {
                reader.drain();
            }
        };
        assertWhole(send(LONG));
    }

    @Test
    void aQueueThatDrainsAgainAndAgainMakesNoRowCountTwice() {
        reader.onWrite = () -> {
            reader.full = true;
            context.runOnContext(soon -> reader.drain());
            context.runOnContext(later -> reader.drain());
        };
        assertWhole(send(LONG));
    }

    /** Waiting that was over once ended the stream later. */
    @Test
    void aReaderWhoTakesALittleNowAndThenIsNotCutOff() {
        reader.onWrite = () -> {
            reader.full = true;
            vertx.timer(50, TimeUnit.MILLISECONDS).onSuccess(passed -> reader.drain());
        };
        // Each time far less than this, in all more.
        assertWhole(send(Duration.ofMillis(900)));
    }

    @Test
    void aReaderWhoTakesNothingIsCutOff() {
        reader.onWrite = () -> reader.full = true;
        Future<Void> sent = send(Duration.ofMillis(50));
        awaitEnd(sent);
        assertThat(sent.succeeded()).isTrue();
        assertThat(reader.reset).isTrue();
        assertThat(reader.ended).isFalse();
    }

    @Test
    void aReaderWhoTakesNothingOfTheLastPieceIsCutOff() {
        reader.onWrite =
                () -> reader.full = reader.body.length() == everyRowOnce().length();
        awaitEnd(send(Duration.ofMillis(50)));
        assertThat(reader.reset).isTrue();
        assertThat(reader.ended).isFalse();
    }

    @Test
    void nothingIsReadForAReaderWhoHasGone() {
        AtomicInteger writes = new AtomicInteger();
        reader.onWrite = () -> {
            if (writes.incrementAndGet() == 2) {
                reader.goAway();
            }
        };
        awaitEnd(send(LONG));
        assertThat(reader.ended).isFalse();
        assertThat(writes).hasValue(2);
        assertThat(reads).as("the first piece and the one read ahead").hasValueLessThanOrEqualTo(2);
    }

    @Test
    void nothingIsReadForAReaderWhoHasGoneAlready() {
        reader.closed = true;
        awaitEnd(send(LONG));
        assertThat(reads).hasValue(0);
    }

    @Test
    void aReaderWhoGoesBeforeTheFirstRowEndsTheStreamAtOnce() {
        Promise<Void> slow = Promise.promise();
        database = slow.future();
        Future<Void> sent = send(LONG);
        await().until(() -> reads.get() == 1);
        context.runOnContext(now -> reader.goAway());
        awaitEnd(sent);
        assertThat(sent.succeeded()).isTrue();
        slow.complete();
        assertThat(reader.headWritten).isFalse();
        assertThat(reader.body).isEmpty();
    }

    @Test
    void aFailureBeforeTheFirstRowIsToldAtOnceAndNothingIsSent() {
        database = Future.failedFuture(new StoreUnavailableException(new IOException("away")));
        Future<Void> sent = send(LONG);
        awaitEnd(sent);
        assertThat(sent.cause()).isInstanceOf(StoreUnavailableException.class);
        assertThat(reads).hasValue(1);
        assertThat(reader.headers).isEmpty();
        assertThat(reader.headWritten).isFalse();
    }

    @Test
    void aDatabaseThatIsAwayForAMomentIsWaitedFor() {
        reader.onWrite = () -> {
            database = Future.failedFuture(new StoreUnavailableException(new IOException("away")));
            reader.onWrite = () -> {};
            vertx.timer(10, TimeUnit.MILLISECONDS).onSuccess(passed -> database = Future.succeededFuture());
        };
        assertWhole(send(LONG));
    }

    @Test
    void aDatabaseThatStaysAwayFailsTheStream() {
        reader.onWrite = () -> database = Future.failedFuture(new StoreUnavailableException(new IOException("away")));
        Future<Void> sent = send(Duration.ofMillis(1));
        awaitEnd(sent);
        assertThat(sent.cause()).isInstanceOf(StoreUnavailableException.class);
        assertThat(reader.ended).isFalse();
    }

    @Test
    void aFailureThatDoesNotPassIsNotWaitedFor() {
        reader.onWrite = () -> database = Future.failedFuture(new IllegalStateException("no such table"));
        Future<Void> sent = send(LONG);
        awaitEnd(sent);
        assertThat(sent.cause()).hasMessage("no such table");
        assertThat(reader.ended).isFalse();
    }

    @Test
    void aDefectFailsTheStreamWhereverItIs() {
        for (int row : new int[] {1, ROWS + 1, PIECES * ROWS}) {
            defectiveRow = row;
            Future<Void> sent = send(LONG);
            awaitEnd(sent);
            assertThat(sent.cause()).hasMessage("defective row");
            assertThat(reader.ended).isFalse();
        }
    }

    @Test
    void aDefectAfterWaitingForTheReaderFailsTheStreamToo() {
        defectiveRow = ROWS;
        reader.onWrite = () -> {
            reader.full = true;
            context.runOnContext(later -> reader.drain());
        };
        Future<Void> sent = send(LONG);
        awaitEnd(sent);
        assertThat(sent.cause()).hasMessage("defective row");
    }
}
