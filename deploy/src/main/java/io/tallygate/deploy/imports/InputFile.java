package io.tallygate.deploy.imports;

import io.tallygate.store.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * A file to import.
 *
 * @param sha256 of its bytes, in lower-case hexadecimal: part of the identity of what is in it
 * @param size in bytes
 */
record InputFile(Path path, String sha256, long size) {
    /**
     * Reads a file once, to hash it.
     *
     * @throws IOException if it is no readable file
     */
    static InputFile of(Path path) throws IOException {
        if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
            throw new IOException(path + " is not a readable file");
        }
        MessageDigest digest = Sha256.begin();
        long size;
        try (InputStream in = new DigestInputStream(Files.newInputStream(path), digest)) {
            size = in.transferTo(OutputStream.nullOutputStream());
        }
        return new InputFile(path, HexFormat.of().formatHex(digest.digest()), size);
    }

    /** The file's name without its directories. */
    String name() {
        return String.valueOf(path.getFileName());
    }
}
