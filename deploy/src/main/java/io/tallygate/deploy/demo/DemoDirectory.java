package io.tallygate.deploy.demo;

import io.tallygate.gateway.crypto.Base64Url;
import io.tallygate.gateway.crypto.Hmac;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** The layout of a demo's data directory: everything the demo keeps lies in here, secrets with mode 0600. */
public record DemoDirectory(Path root) {

    /** The layout below this path, made absolute. Nothing is created. */
    public DemoDirectory {
        root = root.toAbsolutePath().normalize();
    }

    /** The given directory, or without one {@code $XDG_STATE_HOME/tallygate/demo}, which is {@code ~/.local/state/…}. */
    public static DemoDirectory of(Path given, Map<String, String> environment) {
        if (given != null) {
            return new DemoDirectory(given);
        }
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        // The base directory specification says to ignore a relative path here.
        Path base =
                state.startsWith("/") ? Path.of(state) : Path.of(System.getProperty("user.home"), ".local", "state");
        return new DemoDirectory(base.resolve("tallygate").resolve("demo"));
    }

    /** The certificate authority in PEM, for {@code curl --cacert} and the like. */
    public Path caFile() {
        return root.resolve("ca.pem");
    }

    /** The server's certificate chain in PEM. */
    public Path certificateFile() {
        return root.resolve("server.pem");
    }

    /** The server's private key in PEM (PKCS #8). */
    public Path keyFile() {
        return root.resolve("server-key.pem");
    }

    /** What {@code --info} writes, for as long as the demo runs: {@code token} and {@code import} look here. */
    public Path infoFile() {
        return root.resolve("demo.json");
    }

    /** A file with one {@code Authorization} header, for {@code curl -H @FILE}; the name in lower case. */
    public Path headerFile(String name) {
        return root.resolve("headers").resolve(name.toLowerCase(Locale.ROOT).replace(' ', '-'));
    }

    Path file(String name) {
        return root.resolve(name);
    }

    /** A random secret of 256 bits in base64url that is made at its first use and stays the same. */
    public String secret(String name) throws IOException {
        Path file = root.resolve("secrets").resolve(name);
        if (!Files.exists(file)) {
            PrivateFile.write(file, Base64Url.encode(Hmac.randomBytes(32)));
        }
        return Files.readString(file, StandardCharsets.UTF_8).strip();
    }
}
