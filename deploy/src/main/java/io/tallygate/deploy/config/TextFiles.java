package io.tallygate.deploy.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the loader reads the configuration file and the files that it names from. */
@FunctionalInterface
public interface TextFiles {
    /** The file's text as UTF-8. */
    String read(Path file) throws IOException;

    /** The files of the machine. */
    static TextFiles disk() {
        return Files::readString;
    }
}
