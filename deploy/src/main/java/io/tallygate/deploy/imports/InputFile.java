package io.tallygate.deploy.imports;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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
        MessageDigest digest = newSha256();
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

    /** A new SHA-256 digest. */
    static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
