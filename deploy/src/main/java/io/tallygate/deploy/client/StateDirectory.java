package io.tallygate.deploy.client;

import java.nio.file.Path;
import java.util.Map;

/** Where Tallygate keeps what it must remember between runs: {@code ${XDG_STATE_HOME:-~/.local/state}/tallygate}. */
public final class StateDirectory {
    private StateDirectory() {}

    /**
     * The directory, which need not exist.
     *
     * @param environment the process's environment
     */
    public static Path of(Map<String, String> environment) {
        String stateHome = environment.getOrDefault("XDG_STATE_HOME", "");
        // The XDG specification: a relative path is invalid and ignored.
        Path base = stateHome.startsWith("/")
                ? Path.of(stateHome)
                : Path.of(System.getProperty("user.home"), ".local", "state");
        return base.resolve("tallygate");
    }
}
