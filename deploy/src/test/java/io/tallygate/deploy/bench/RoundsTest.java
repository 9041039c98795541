package io.tallygate.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoundsTest {
    private final List<String> taken = new ArrayList<>();

    @Test
    void floorAndFigureAreTakenInTurnAfterAWarmUpThatDoesNotCount() throws IOException {
        Rounds rounds = new Rounds(3, new Progress(new PrintStream(OutputStream.nullOutputStream()))).warmingUpFor(0);
        Map<String, Measurement> both = new LinkedHashMap<>();
        both.put("floor", () -> reading("floor"));
        both.put("figure", () -> reading("figure"));

        Samples samples = rounds.run("both", both);

        assertThat(taken).containsExactly("floor", "figure", "floor", "figure", "floor", "figure", "floor", "figure");
        assertThat(samples.rates("floor")).containsExactly(3.0, 5.0, 7.0);
        assertThat(samples.rates("figure")).containsExactly(4.0, 6.0, 8.0);
    }

    private Reading reading(String who) {
        taken.add(who);
        return Reading.rate(taken.size());
    }
}
