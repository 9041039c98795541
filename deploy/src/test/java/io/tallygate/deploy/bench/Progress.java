package io.tallygate.deploy.bench;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Says what is going on, with the time since the beginning. */
final class Progress {
    private final PrintStream out;
    private final long began = System.nanoTime();

    Progress(PrintStream out) {
        this.out = out;
    }

    void say(String text) {
        Duration since = Duration.ofNanos(System.nanoTime() - began);
        out.println(String.format(Locale.ROOT, "%2d:%02d  %s", since.toMinutes(), since.toSecondsPart(), text));
    }
}
