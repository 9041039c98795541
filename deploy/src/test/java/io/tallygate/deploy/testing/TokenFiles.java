package io.tallygate.deploy.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files with access tokens, as commands take them. */
public final class TokenFiles {
    private TokenFiles() {}

    /** The path of a file that holds this token. */
    public static String of(String token) {
        try {
            Path file = Files.createTempFile(Files.createDirectories(Path.of("target")), "token", ".txt");
            return Files.writeString(file, token + "\n").toAbsolutePath().toString();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
