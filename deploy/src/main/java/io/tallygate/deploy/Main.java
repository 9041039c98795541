package io.tallygate.deploy;

import io.tallygate.deploy.config.LogLevel;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The program. Exits with 0 when all went well, 1 when something failed, 2 when it was called wrongly. */
public final class Main {
    private static final String LOG_LEVEL = "TALLYGATE_LOG_LEVEL";
    private static final String LOG_FORMAT = "TALLYGATE_LOG_FORMAT";
    private static final String LOG_REQUESTS = "TALLYGATE_LOG_REQUESTS";
    private static final Map<String, List<String>> CHOICES = Map.of(
            LOG_LEVEL, Stream.of(LogLevel.values()).map(Enum::name).toList(),
            LOG_FORMAT, List.of("json", "plain"),
            LOG_REQUESTS, List.of("on", "off"));

    private Main() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] args) {
        // Before any class of TLS is loaded: a client of TLS 1.2 could have the server shake hands again and again.
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
        System.exit(run(System.getenv(), args));
    }

    static int run(Map<String, String> environment, String... args) {
        for (Map.Entry<String, List<String>> choice : CHOICES.entrySet()) {
            String chosen = environment.get(choice.getKey());
            if (chosen != null && !choice.getValue().contains(chosen)) {
                // Logback would take something else without a word.
                System.err.println(
                        "tallygate: " + choice.getKey() + " must be one of " + String.join(", ", choice.getValue()));
                return 2;
            }
        }
        chooseLog(environment, args);
        return TallygateCommand.commandLine(environment).execute(args);
    }

    // Before the first logger: machines read a server's log; people, who asked for no line a request, what else runs.
    private static void chooseLog(Map<String, String> environment, String... args) {
        boolean serves = args.length > 0 && args[0].equals("serve");
        System.setProperty(LOG_FORMAT, environment.getOrDefault(LOG_FORMAT, serves ? "json" : "plain"));
        boolean requests =
                environment.getOrDefault(LOG_REQUESTS, serves ? "on" : "off").equals("on");
        System.setProperty(LOG_REQUESTS, requests ? "INHERITED" : "OFF");
    }
}
