package io.tallygate.deploy.faults;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.TestWorld;
import io.tallygate.store.directory.SubscriptionId;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reports usage for as long as it runs, and keeps its own book of what was sent and what was acknowledged. A batch whose
 * answer was lost is sent again, to the other gateway, until every record of it has an outcome.
 */
final class Reporter implements Runnable {
    private static final int BATCH = 40;

    private final World world;
    private final Random dice;
    private final String name;
    private final boolean mayBackfill;
    private final int resources;
    private final Map<String, BigDecimal> sent = new ConcurrentHashMap<>();
    private final Map<String, BigDecimal> acknowledged = new ConcurrentHashMap<>();
    private final List<Batch> posted = new ArrayList<>();
    private volatile boolean stopped;
    private int count;

    Reporter(World world, long seed, String name) {
        this(world, seed, name, true, 1);
    }

    /** Without backfill whatever it reports is accepted, also where all hours of usage are sealed. */
    Reporter(World world, long seed, String name, boolean mayBackfill) {
        this(world, seed, name, mayBackfill, 1);
    }

    /** Of so many resources of each subscription. */
    Reporter(World world, long seed, String name, boolean mayBackfill, int resources) {
        this.resources = resources;
        this.mayBackfill = mayBackfill;
        this.world = world;
        this.dice = new Random(seed);
        this.name = name;
    }

    private record Batch(String lines, boolean backfill) {}

    void stop() {
        stopped = true;
    }

    /** Posts all of it again, with the same ids. */
    void postAgain() {
        posted.forEach(batch -> postUntilKnown(batch.lines(), batch.backfill()));
    }

    /** By id: everything that was ever sent. */
    Map<String, BigDecimal> sent() {
        return sent;
    }

    /** By id: everything that was answered {@code Accepted} or, sent again, {@code Duplicate}. */
    Map<String, BigDecimal> acknowledged() {
        return acknowledged;
    }

    @Override
    public void run() {
        while (!stopped) {
            boolean backfill = dice.nextInt(4) > 0 && mayBackfill;
            List<String> lines = new ArrayList<>();
            for (int i = 0; i < BATCH; i++) {
                lines.add(line());
            }
            Batch batch = new Batch(String.join("", lines), backfill);
            posted.add(batch);
            postUntilKnown(batch.lines(), batch.backfill());
            Moments.pass(30);
        }
    }

    private String line() {
        String id = name + "-" + ++count;
        SubscriptionId subscription = world.subscriptions.get(dice.nextInt(world.subscriptions.size()));
        BigDecimal quantity = BigDecimal.valueOf(dice.nextInt(1_000_000) - 20_000, dice.nextInt(16));
        Instant hour = world.firstHour.plus(dice.nextInt(World.USED_HOURS), ChronoUnit.HOURS);
        sent.put(id, quantity);
        return TestWorld.event(
                        id,
                        subscription,
                        World.METERS.get(dice.nextInt(World.METERS.size())),
                        quantity.toPlainString(),
                        hour)
                .replace("virtualMachines/vm", "virtualMachines/vm" + dice.nextInt(resources));
    }

    private void postUntilKnown(String lines, boolean backfill) {
        String path = "/usage/records?outcomes=all" + (backfill ? "&reportedAt=usage-hour" : "");
        Optional<Api.Answer> answer;
        do {
            answer = world.operator(dice).post(path, "application/x-ndjson", lines);
            if (!complete(answer)) {
                Moments.pass(200);
            }
        } while (!complete(answer));
        for (String line : answer.orElseThrow().body().strip().split("\n", -1)) {
            enter(HttpCaller.Answer.parse(line));
        }
    }

    private static boolean complete(Optional<Api.Answer> answer) {
        return answer.isPresent()
                && answer.get().status() == 200
                && answer.get().body().contains("\"totals\"");
    }

    private void enter(JsonNode line) {
        String outcome = line.path("outcome").asText();
        if (outcome.equals("Accepted") || outcome.equals("Duplicate")) {
            String id = line.path("id").asText();
            acknowledged.put(id, sent.get(id));
        }
    }
}
