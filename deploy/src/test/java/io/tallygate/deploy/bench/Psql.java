package io.tallygate.deploy.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** {@code psql} against one database. */
final class Psql {
    private final Map<String, String> environment;

    /** Finds the database by these variables, {@code PGHOST} and so on. */
    Psql(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Runs commands in one transaction, each a statement or one as {@code \copy}. */
    Command.Finished run(String... commands) throws IOException {
        List<String> words =
                new ArrayList<>(List.of(Tools.postgres("psql"), "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1"));
        Arrays.stream(commands).forEach(command -> words.addAll(List.of("-c", oneLine(command))));
        return new Command(words, environment).run();
    }

    // A command that begins with a backslash ends with its line.
    private static String oneLine(String command) {
        return command.startsWith("\\") ? command.replace('\n', ' ') : command;
    }
}
