package io.tallygate.deploy.manifests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the Dockerfile says. */
final class Images {
    static final Path FILE = Path.of("docker/Dockerfile");

    private Images() {}

    /** The user that the program runs as. */
    static long user() throws IOException {
        return Long.parseLong(find("(?m)^USER (\\d+):\\1$"));
    }

    /** The first group of a pattern. */
    static String find(String pattern) throws IOException {
        Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(FILE));
        if (!matcher.find()) {
            throw new AssertionError(FILE + " has no " + pattern);
        }
        return matcher.group(1);
    }
}
