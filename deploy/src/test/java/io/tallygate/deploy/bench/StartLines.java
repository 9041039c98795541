package io.tallygate.deploy.bench;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** From starting the process of {@code serve} until {@code /health/ready} says yes. */
final class StartLines implements Group {
    private static final double TARGET_SECONDS = 3;

    @Override
    public String name() {
        return "start";
    }

    @Override
    public List<Line> measure(Site site, Rounds rounds) throws IOException {
        Samples samples = rounds.warmingUpFor(0).run("start", Map.of("serve", () -> {
            try (Gateway gateway = site.gateway(false)) {
                return Reading.seconds(gateway.process().secondsToReady());
            }
        }));
        return List.of(Line.of("start.ready", "start of serve to ready", "s", Better.LOWER, samples.seconds("serve"))
                .to(Target.figureAtMost(TARGET_SECONDS)));
    }
}
