package io.tallygate.deploy.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;

/** Where the loader reads the configuration file and the files that it names from. */
@FunctionalInterface
public interface TextFiles {
    /** The file's text as UTF-8. */
    String read(Path file) throws IOException;

    /** The same of a file that holds a secret. */
    default String readSecret(Path file) throws IOException {
        return read(file);
    }

    /** Whether every user of the machine may read the file; false where that cannot be told. */
    default boolean isOpenToAll(Path file) {
        return false;
    }

    /** The files of the machine. */
    static TextFiles disk() {
        return new TextFiles() {
            @Override
            public String read(Path file) throws IOException {
                return Files.readString(file);
            }

            @Override
            public boolean isOpenToAll(Path file) {
                try {
                    return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
                } catch (IOException | UnsupportedOperationException untold) {
                    return false;
                }
            }
        };
    }
}
