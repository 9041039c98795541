package io.tallygate.deploy.config;

import io.tallygate.deploy.config.Setting.Purpose;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A configuration that has just what is required, and files that are not on a disk. */
final class Sample {
    static final String TENANT = "6f0c8d1e-2b1f-4c5e-9b43-2f9a51d0c1a7";
    static final String SUBSCRIPTION = "b2a5a0c6-6a0e-4c43-8a57-0d7c3d3b9e10";
    static final String SECRET = "a-secret-of-more-than-thirty-two-characters";
    static final String CERTIFICATE = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
    static final String KEY = "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n";
    static final Path FILE = Path.of("/etc/tallygate/tallygate.yaml");

    private Sample() {}

    /** The required settings in the environment, with others that replace or add to them. */
    static Map<String, String> environment(String... namesAndValues) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "TALLYGATE_DATABASE_URL", "postgresql://db.example.com:5432/tallygate",
                "TALLYGATE_DATABASE_USER", "tallygate_app",
                "TALLYGATE_DATABASE_PASSWORD", "app-password",
                "TALLYGATE_DATABASE_OWNER_USER", "tallygate_owner",
                "TALLYGATE_DATABASE_OWNER_PASSWORD", "owner-password",
                "TALLYGATE_OPERATOR_TENANT_ID", TENANT,
                "TALLYGATE_OPERATOR_SUBSCRIPTION_ID", SUBSCRIPTION,
                "TALLYGATE_AUTH_AUDIENCES", "https://usage.example.com",
                "TALLYGATE_AUTH_ISSUERS", "[{\"issuer\": \"https://login.example.com\", \"tenants\": \"*\"}]",
                "TALLYGATE_CONTINUATION_SECRET", SECRET));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            environment.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return environment;
    }

    /** The required settings without one. */
    static Map<String, String> environmentWithout(String name) {
        Map<String, String> environment = environment();
        environment.remove(name);
        return environment;
    }

    /** Loads with a configuration file of this text. */
    static Configuration load(String text, Map<String, String> environment, Purpose purpose) throws ConfigException {
        return new ConfigLoader(environment, files(Map.of(FILE, text))).load(Optional.of(FILE), purpose);
    }

    /** What is wrong, a line each. */
    static List<String> problems(String text, Map<String, String> environment) {
        try {
            load(text, environment, Purpose.SERVE);
            return List.of();
        } catch (ConfigException e) {
            return e.problems().stream().map(ConfigProblem::toString).toList();
        }
    }

    /** Files with these texts, and a certificate, a key and a secret beside the configuration. */
    static TextFiles files(Map<Path, String> more) {
        Map<Path, String> files = new HashMap<>(more);
        files.put(Path.of("/etc/tallygate/tls.crt"), CERTIFICATE);
        files.put(Path.of("/etc/tallygate/tls.key"), KEY);
        for (String file : List.of("secret.txt", "application.password", "owner.password", "continuation.secret")) {
            files.put(Path.of("/etc/tallygate").resolve(file), SECRET + "-from-a-file\n");
        }
        return path -> {
            String text = files.get(path);
            if (text == null) {
                throw new NoSuchFileException(path.toString());
            }
            return text;
        };
    }
}
