package io.tallygate.deploy.bench;

import io.tallygate.deploy.bench.OpenLoop.Ask;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Four times what the gateway can serve, of many tenants; and one tenant that asks as fast as it can beside another that
 * does not. The gateway has its usual bounds.
 */
final class OverloadLines implements Group {
    private static final int TENANTS = 200;
    private static final int VICTIM = 500;
    private static final int HOSTILE_CLIENTS = 64;
    private static final double VICTIM_RATE = 60;
    private static final double SUSTAINED_P99_MS = 250;
    private static final double FIRST_RATE = 50;
    private static final double STEP = 1.25;
    private static final double TIMES = 4;
    private static final double LIGHT = 0.1;
    private static final double LEFT = 0.85;
    private static final double P99_TIMES = 3;
    private static final double REFUSED_MS = 50;
    private static final double RECOVERY_SECONDS = 5;
    private static final double NEIGHBOUR = 1.25;
    private static final int IDLE = 10_000;
    private static final int SLOW = 1_000;
    private static final double CONNECTION_KB = 16;
    private static final int TRIES = 3;
    private static final Duration WARM_UP = Duration.ofSeconds(6);
    private static final Duration SLICE = Duration.ofMillis(500);

    private final Duration time;

    /** Each measurement of this length. */
    OverloadLines(int seconds) {
        time = Duration.ofSeconds(seconds);
    }

    @Override
    public String name() {
        return "overload";
    }

    @Override
    public List<Line> measure(Site site, Rounds rounds) throws IOException {
        try (Gateway gateway = site.boundedGateway();
                OpenLoop load = new OpenLoop()) {
            return new Run(site, rounds, gateway, load).lines();
        }
    }

    private final class Run {
        private final Site site;
        private final Rounds rounds;
        private final Gateway gateway;
        private final OpenLoop load;
        private final UsageUrl url;

        Run(Site site, Rounds rounds, Gateway gateway, OpenLoop load) {
            this.site = site;
            this.rounds = rounds;
            this.gateway = gateway;
            this.load = load;
            this.url = new UsageUrl(gateway.url());
        }

        List<Line> lines() throws IOException {
            List<Ask> asks = new ArrayList<>();
            for (int i = 0; i < TENANTS; i++) {
                asks.add(ask(i));
            }
            double sustained = sustained(asks);
            rounds.say("sustained: " + Numbers.short3(sustained) + " requests a second");
            Map<String, Measurement> inTurn = new LinkedHashMap<>();
            inTurn.put("light", () -> load.run(asks, sustained * LIGHT, time).reading(0));
            inTurn.put("full", () -> load.run(asks, sustained, time).reading(0));
            inTurn.put("overload", () -> overload(asks, sustained));
            List<Line> lines = overloadLines(rounds.run("overload", inTurn), sustained);
            lines.add(neighbour());
            lines.addAll(idle(asks, sustained));
            return lines;
        }

        private Ask ask(int small) throws IOException {
            return load.learn(new Ask(
                    url.tenant(
                            World.small(small),
                            "Daily",
                            site.world().start(),
                            site.world().end()),
                    site.identity().of(World.smallTenant(small)),
                    null));
        }

        // Up in steps, as long as all is answered, and soon.
        private double sustained(List<Ask> asks) throws IOException {
            load.run(asks, FIRST_RATE, WARM_UP);
            double best = FIRST_RATE;
            int failed = 0;
            for (double rate = FIRST_RATE; failed < TRIES; ) {
                rounds.say("looking for the load that is sustained: " + Numbers.short3(rate) + " requests a second");
                LoadCount count = load.run(asks, rate, Duration.ofSeconds(3));
                boolean good = count.allGood()
                        && count.p99(LoadCount.Kind.GOOD) <= SUSTAINED_P99_MS
                        && count.rate() >= rate * 0.95;
                if (good) {
                    best = rate;
                    failed = 0;
                    rate *= STEP;
                } else {
                    // It may have been the machine.
                    failed++;
                }
            }
            return best;
        }

        private Reading overload(List<Ask> asks, double sustained) throws IOException {
            LoadCount count = load.run(asks, sustained * TIMES, time);
            return count.reading(recovery(asks, sustained / 2));
        }

        // Until half the sustained load is answered without a refusal; what is left of the flood is over by then.
        private double recovery(List<Ask> asks, double rate) throws IOException {
            long began = System.nanoTime();
            long latest = began + TimeUnit.MINUTES.toNanos(1);
            boolean well = false;
            while (!well && System.nanoTime() - latest < 0) {
                well = load.run(asks, rate, SLICE).allGood();
            }
            return (System.nanoTime() - began) / 1e9;
        }

        private List<Line> overloadLines(Samples samples, double sustained) {
            String what = Numbers.short3(sustained * TIMES) + " requests/s of " + TENANTS + " tenants";
            List<Line> lines = new ArrayList<>();
            lines.add(Line.of(
                            "overload.throughput",
                            what + ": answered",
                            "answers/s",
                            Better.HIGHER,
                            samples.rates("overload"))
                    .against("at " + Numbers.short3(sustained) + " requests/s", samples.rates("full"))
                    .to(Target.atLeast(LEFT)));
            lines.add(Line.of(
                            "overload.p99",
                            what + ": p99 of what is admitted",
                            "ms",
                            Better.LOWER,
                            samples.of("overload", "p99"))
                    .against("at a tenth of what is sustained", samples.of("light", "p99"))
                    .to(Target.atMost(P99_TIMES)));
            lines.add(Line.of(
                            "overload.refusal",
                            what + ": p99 of refusals",
                            "ms",
                            Better.LOWER,
                            samples.of("overload", "refusal"))
                    .to(Target.figureAtMost(REFUSED_MS)));
            lines.add(Line.of(
                            "overload.wrong",
                            what + ": wrong answers, or none",
                            "",
                            Better.LOWER,
                            samples.of("overload", "wrong"))
                    .to(Target.figureAtMost(0)));
            lines.add(Line.of(
                            "overload.recovery",
                            what + ": until all is well again",
                            "s",
                            Better.LOWER,
                            samples.of("overload", "recovery"))
                    .to(Target.figureAtMost(RECOVERY_SECONDS)));
            return lines;
        }

        private Line neighbour() throws IOException {
            List<Ask> victim = List.of(ask(VICTIM));
            Map<String, Measurement> inTurn = new LinkedHashMap<>();
            inTurn.put("alone", () -> load.run(victim, VICTIM_RATE, time).reading(0));
            inTurn.put("beside", () -> {
                try (Flood flood = Flood.start(hostileUrl(), hostileToken(), HOSTILE_CLIENTS)) {
                    // Its burst is over then.
                    flood.await(Duration.ofSeconds(3));
                    return load.run(victim, VICTIM_RATE, time).reading(0);
                }
            });
            Samples samples = rounds.run("a tenant beside one that asks as fast as it can", inTurn);
            String wrong = Numbers.short3(
                    Numbers.most(samples.of("beside", "wrong")) + Numbers.most(samples.of("beside", "refused")));
            return Line.of(
                            "overload.neighbour",
                            "tenant beside another with " + HOSTILE_CLIENTS + " clients that never wait: p99",
                            "ms",
                            Better.LOWER,
                            samples.of("beside", "p99"))
                    .against("alone", samples.of("alone", "p99"))
                    .to(Target.atMost(NEIGHBOUR))
                    .noting(wrong + " of its answers refused or wrong");
        }

        // Once: what they hold does not vary. They are closed after half a minute, so it must be short.
        private List<Line> idle(List<Ask> asks, double sustained) throws IOException {
            rounds.say(IDLE + " idle connections and " + SLOW + " slow ones");
            double alone = load.run(asks, sustained * LIGHT, time).p99(LoadCount.Kind.GOOD);
            double before = gateway.process().heapAfterCollectionMb();
            try (IdleConnections connections =
                    IdleConnections.open(gateway.file().port(), IDLE, SLOW)) {
                connections.drip();
                double after = gateway.process().heapAfterCollectionMb();
                connections.drip();
                LoadCount beside = load.run(asks, sustained * LIGHT, time);
                connections.drip();
                return List.of(
                        Line.of(
                                        "overload.idle.heap",
                                        IDLE + " idle connections and " + SLOW + " slow ones: heap a connection",
                                        "kB",
                                        Better.LOWER,
                                        List.of(Math.max(0, after - before) * 1024 / (IDLE + SLOW)))
                                .to(Target.figureAtMost(CONNECTION_KB)),
                        Line.of(
                                        "overload.idle.p99",
                                        "a tenth of what is sustained beside them: p99",
                                        "ms",
                                        Better.LOWER,
                                        List.of(beside.p99(LoadCount.Kind.GOOD)))
                                .against("without them", List.of(alone))
                                .to(Target.atMost(NEIGHBOUR))
                                .noting(beside.allGood() ? "all good" : "not all good"));
            }
        }

        private String hostileUrl() {
            return url.tenant(
                    World.subscription(World.SUBSCRIPTIONS - 1),
                    "Daily",
                    site.world().start(),
                    site.world().end());
        }

        private String hostileToken() {
            return site.identity().of(World.tenant(World.SUBSCRIPTIONS - 1));
        }
    }
}
