package io.tallygate.deploy.manifests;

import io.tallygate.deploy.config.ConfigException;
import io.tallygate.deploy.config.ConfigLoader;
import io.tallygate.deploy.config.Configuration;
import io.tallygate.deploy.config.Setting.Purpose;
import io.tallygate.deploy.config.TextFiles;
import io.tallygate.gateway.testing.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** A configuration as it is where it is deployed: the file that is mounted there, the environment, files of secrets. */
final class Deployed {
    private static final TestCertificate CERTIFICATE = TestCertificate.create();

    private final Set<String> read = new TreeSet<>();
    private final Path source;
    private final Path mounted;
    private final Predicate<Path> isThere;

    /**
     * Not loaded yet.
     *
     * @param source the file in this project
     * @param mounted where it is when it runs
     * @param isThere whether the process sees another file
     */
    Deployed(Path source, Path mounted, Predicate<Path> isThere) {
        this.source = source;
        this.mounted = mounted;
        this.isThere = isThere;
    }

    /** What {@code --check-config} loads; fails with every problem. */
    Configuration load(Map<String, String> environment, Purpose purpose) throws ConfigException {
        return new ConfigLoader(environment, new Mounted()).load(Optional.of(mounted), purpose);
    }

    /** The files that were read, but the configuration. */
    Set<String> read() {
        return read;
    }

    private final class Mounted implements TextFiles {
        @Override
        public String read(Path file) throws IOException {
            if (file.equals(mounted)) {
                return Files.readString(source);
            }
            if (!isThere.test(file)) {
                throw new NoSuchFileException(file.toString());
            }
            read.add(file.toString());
            String name = String.valueOf(file.getFileName());
            if (name.endsWith(".key")) {
                return CERTIFICATE.keyPem();
            }
            return name.endsWith(".crt") || name.endsWith(".pem")
                    ? CERTIFICATE.certificatePem()
                    : "a-secret-of-more-than-thirty-two-characters";
        }
    }
}
