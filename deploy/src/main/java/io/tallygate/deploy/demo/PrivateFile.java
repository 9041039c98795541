package io.tallygate.deploy.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Files and directories that only their owner may read (on file systems that know owners). */
final class PrivateFile {
    private PrivateFile() {}

    /** Creates the directory and its parents; one that is there already keeps its permissions. */
    static Path directory(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return directory;
        }
        return Files.createDirectories(directory, attributes(directory, "rwx------"));
    }

    /** Writes the text as UTF-8 with mode 0600; readers see the old file or the new one, never a part. */
    static void write(Path file, String text) throws IOException {
        Path target = file.toAbsolutePath();
        Path directory = directory(target.getParent());
        Path temporary =
                Files.createTempFile(directory, "." + target.getFileName(), ".tmp", attributes(directory, "rw-------"));
        try {
            Files.writeString(temporary, text, StandardCharsets.UTF_8);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static FileAttribute<?>[] attributes(Path path, String permissions) {
        boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
