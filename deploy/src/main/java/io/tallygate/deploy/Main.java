package io.tallygate.deploy;

import java.util.Map;

/** The program. Exits with 0 when all went well, 1 when something failed, 2 when it was called wrongly. */
public final class Main {
    private static final String LOG_LEVEL = "TALLYGATE_LOG_LEVEL";

    private Main() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] args) {
        // Before any class of TLS is loaded: a client of TLS 1.2 could have the server shake hands again and again.
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
        System.exit(run(System.getenv(), args));
    }

    static int run(Map<String, String> environment, String... args) {
        if (!LogLevels.isOne(environment.getOrDefault(LOG_LEVEL, "INFO"))) {
            // Logback would take DEBUG without a word.
            System.err.println("tallygate: " + LOG_LEVEL + " must be one of TRACE, DEBUG, INFO, WARN, ERROR, OFF");
            return 2;
        }
        return TallygateCommand.commandLine(environment).execute(args);
    }
}
