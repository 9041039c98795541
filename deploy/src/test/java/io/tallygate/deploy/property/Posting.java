package io.tallygate.deploy.property;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.testing.HttpCaller;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Sends random batches through a gateway: new records, repeated ones, contradicting ones and broken ones. */
final class Posting {
    private static final AtomicInteger IDS = new AtomicInteger();

    private final World world;
    private final Books books;
    private final Progress progress;

    /** What the threads of a run know of each other. */
    static final class Progress {
        final int wanted;
        final AtomicInteger sent = new AtomicInteger();
        final AtomicLong accepted = new AtomicLong();
        final List<Draft> past = new ArrayList<>();
        final Watermark closed;
        final Watermark closing;

        Progress(int wanted, Instant start) {
            this.wanted = wanted;
            this.closed = new Watermark(start.minus(World.PAST_HOURS + 200, ChronoUnit.HOURS));
            this.closing = new Watermark(start.minus(World.PAST_HOURS + 200, ChronoUnit.HOURS));
        }

        boolean isOver() {
            return sent.get() >= wanted;
        }

        double part() {
            return Math.min(1.0, (double) sent.get() / wanted);
        }

        synchronized Draft old(Random dice) {
            // Half of the time one of the latest: it may be on its way, or in the same batch.
            int among = dice.nextBoolean() ? Math.min(30, past.size()) : past.size();
            return past.isEmpty() ? null : past.get(past.size() - 1 - dice.nextInt(among));
        }

        synchronized void remember(Draft draft) {
            past.add(draft);
        }
    }

    /** A record before it is sent. */
    record Draft(String id, Payload payload, String refusal, String brokenEvent) {}

    Posting(World world, Books books, Progress progress) {
        this.world = world;
        this.books = books;
        this.progress = progress;
    }

    /** Sends until enough was sent; now and then the same batch at once through both gateways. */
    void run(int gateway, Random dice, Threads threads) {
        while (!progress.isOver()) {
            List<Draft> batch = new ArrayList<>();
            int size = dice.nextInt(4) == 0 ? 1 : 1 + dice.nextInt(60);
            for (int i = 0; i < size; i++) {
                batch.add(draft(dice));
            }
            boolean backfill = dice.nextInt(3) == 0;
            long seed = dice.nextLong();
            if (dice.nextInt(8) == 0) {
                threads.beside(() -> post(1 - gateway, batch, backfill, new Random(seed + 1)));
            }
            post(gateway, batch, backfill, new Random(seed));
        }
    }

    private Draft draft(Random dice) {
        int kind = dice.nextInt(100);
        Draft old = kind < 25 ? progress.old(dice) : null;
        if (kind >= 25 && kind < 30) {
            return broken(dice);
        }
        Draft draft;
        if (old == null) {
            draft = new Draft("p" + IDS.incrementAndGet(), world.payload(dice), null, null);
        } else if (kind < 15) {
            draft = old;
        } else if (kind < 20) {
            draft = new Draft(old.id(), old.payload().withQuantity(World.quantity(dice)), null, null);
        } else {
            Instant hour = world.start.minus(1 + dice.nextInt(World.PAST_HOURS), ChronoUnit.HOURS);
            draft = new Draft(old.id(), old.payload().withStart(hour), null, null);
        }
        progress.remember(draft);
        return draft;
    }

    private Draft broken(Random dice) {
        Payload payload = world.payload(dice);
        String id = "x" + IDS.incrementAndGet();
        String start = payload.start().toString();
        String end = payload.end().toString();
        return switch (dice.nextInt(6)) {
            case 0 -> new Draft(id, payload, "InvalidQuantity", payload.event(id, dice, "\"NaN\"", start, end));
            case 1 -> new Draft(id, payload, "QuantityOutOfRange", payload.event(id, dice, "1e999999999", start, end));
            case 2 ->
                new Draft(id, payload, "QuantityOutOfRange", payload.event(id, dice, "0.0000000000000001", start, end));
            case 3 -> new Draft(id, payload, "MissingProperty", payload.event(id, dice, "null", start, end));
            case 4 -> {
                String late = payload.start().plus(61, ChronoUnit.MINUTES).toString();
                yield new Draft(id, payload, "UsageTimeNotWithinHour", payload.event(id, dice, "1", start, late));
            }
            default -> {
                Instant ahead = world.start.plus(40, ChronoUnit.HOURS);
                yield new Draft(
                        id,
                        payload,
                        "UsageTimeInFuture",
                        payload.event(
                                id,
                                dice,
                                "1",
                                ahead.toString(),
                                ahead.plusSeconds(1).toString()));
            }
        };
    }

    private void post(int gateway, List<Draft> batch, boolean backfill, Random dice) {
        List<String> events = new ArrayList<>();
        batch.forEach(draft -> events.add(
                draft.brokenEvent() != null
                        ? draft.brokenEvent()
                        : draft.payload().event(draft.id(), dice)));
        progress.sent.addAndGet(batch.size());
        Instant closedBefore = progress.closed.get();
        List<JsonNode> outcomes = send(gateway, events, backfill, dice);
        Instant closedAfter = progress.closing.get();
        assertThat(outcomes).hasSameSizeAs(batch);
        for (int i = 0; i < batch.size(); i++) {
            Draft draft = batch.get(i);
            JsonNode outcome = outcomes.get(i);
            assertThat(outcome.path("id").asText()).isEqualTo(draft.id());
            books.enter(new Sent(
                    draft.id(),
                    draft.payload(),
                    backfill,
                    draft.refusal(),
                    outcome.path("outcome").asText(),
                    outcome.path("code").asText(null),
                    closedBefore,
                    closedAfter));
        }
        progress.accepted.addAndGet(outcomes.stream()
                .filter(outcome -> outcome.path("outcome").asText().equals("Accepted"))
                .count());
    }

    private List<JsonNode> send(int gateway, List<String> events, boolean backfill, Random dice) {
        HttpCaller reporter = world.operator(gateway);
        String query = backfill ? "?reportedAt=usage-hour" : "";
        List<JsonNode> outcomes = new ArrayList<>();
        int form = dice.nextInt(2);
        if (events.size() == 1 && form == 0) {
            outcomesOf(reporter.post("/usage/records" + query, "application/cloudevents+json", events.get(0)))
                    .forEach(outcomes::add);
        } else if (form == 0) {
            String array = "[" + String.join(",", events) + "]";
            outcomesOf(reporter.post("/usage/records" + query, "application/cloudevents-batch+json", array))
                    .forEach(outcomes::add);
        } else {
            String all = query.isEmpty() ? "?outcomes=all" : query + "&outcomes=all";
            HttpCaller.Answer answer =
                    reporter.post("/usage/records" + all, "application/x-ndjson", String.join("\n", events));
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            answer.body()
                    .lines()
                    .map(World::json)
                    .filter(line -> line.has("line"))
                    .forEach(outcomes::add);
            assertThat(answer.lastLine().at("/totals/lines").decimalValue())
                    .isEqualByComparingTo(BigDecimal.valueOf(events.size()));
        }
        return outcomes;
    }

    private static JsonNode outcomesOf(HttpCaller.Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json().path("outcomes");
    }
}
