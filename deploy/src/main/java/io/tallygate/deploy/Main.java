package io.tallygate.deploy;

import java.util.Map;
import java.util.Set;

/** The program. Exits with 0 when all went well, 1 when something failed, 2 when it was called wrongly. */
public final class Main {
    private static final String LOG_LEVEL = "TALLYGATE_LOG_LEVEL";
    private static final String LOG_FORMAT = "TALLYGATE_LOG_FORMAT";
    private static final Set<String> LOG_FORMATS = Set.of("json", "plain");
    private static final Set<String> LOG_LEVELS = Set.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "OFF");

    private Main() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] args) {
        // Before any class of TLS is loaded: a client of TLS 1.2 could have the server shake hands again and again.
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
        System.exit(run(System.getenv(), args));
    }

    static int run(Map<String, String> environment, String... args) {
        if (!LOG_LEVELS.contains(environment.getOrDefault(LOG_LEVEL, "INFO"))) {
            // Logback would take DEBUG without a word.
            System.err.println("tallygate: " + LOG_LEVEL + " must be one of TRACE, DEBUG, INFO, WARN, ERROR, OFF");
            return 2;
        }
        if (!LOG_FORMATS.contains(environment.getOrDefault(LOG_FORMAT, "plain"))) {
            System.err.println("tallygate: " + LOG_FORMAT + " must be json or plain");
            return 2;
        }
        chooseLogFormat(environment, args);
        return TallygateCommand.commandLine(environment).execute(args);
    }

    // Before the first logger: a server's log is read by machines, what else runs in a terminal by people.
    private static void chooseLogFormat(Map<String, String> environment, String... args) {
        boolean serves = args.length > 0 && args[0].equals("serve");
        System.setProperty(LOG_FORMAT, environment.getOrDefault(LOG_FORMAT, serves ? "json" : "plain"));
    }
}
