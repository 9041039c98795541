package io.tallygate.deploy.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Reads files through another, and remembers those with a secret that every user of the machine may read. */
final class SecretFiles implements TextFiles {
    private final TextFiles files;
    private final Set<Path> open = new TreeSet<>();

    SecretFiles(TextFiles files) {
        this.files = files;
    }

    @Override
    public String read(Path file) throws IOException {
        return files.read(file);
    }

    @Override
    public String readSecret(Path file) throws IOException {
        String text = files.readSecret(file);
        note(file);
        return text;
    }

    @Override
    public boolean isOpenToAll(Path file) {
        return files.isOpenToAll(file);
    }

    /** Takes note of a file that turned out to hold a secret. */
    void note(Path file) {
        if (files.isOpenToAll(file)) {
            open.add(file);
        }
    }

    /** A sentence for each file that others should not be able to read. */
    List<String> warnings() {
        return open.stream()
                .map(file -> file + " holds a secret, and every user of this machine may read it: chmod o-r")
                .toList();
    }
}
