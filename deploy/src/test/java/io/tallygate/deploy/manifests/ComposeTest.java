package io.tallygate.deploy.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.tallygate.deploy.config.Configuration;
import io.tallygate.deploy.config.ServeConfig;
import io.tallygate.deploy.config.Setting.Purpose;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The site of containers: what the Compose specification and the program say of it, without Docker. */
final class ComposeTest {
    private static final Path ROOT = Path.of("compose");
    private static final Path CONFIG = ROOT.resolve("tallygate.yaml");
    private static final Path MOUNTED = Path.of("/etc/tallygate/tallygate.yaml");

    private final JsonNode compose = Yaml.document(ROOT.resolve("compose.yaml"));

    ComposeTest() throws IOException {}

    @Test
    void itIsWhatTheSpecificationSays() throws IOException {
        try (InputStream file = ComposeTest.class.getResourceAsStream("compose-spec.json")) {
            ObjectNode schema = (ObjectNode) new ObjectMapper().readTree(file);
            // It says 2019-09, and names its parts as older drafts did.
            schema.findParents("id").forEach(part -> ((ObjectNode) part).remove("id"));
            // The specification has it since 2022; this copy of its schema is of 2021.
            ((ObjectNode) compose).remove("name");
            assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V201909)
                            .getSchema(schema)
                            .validate(compose))
                    .isEmpty();
        }
    }

    @Test
    void whatItNamesIsThere() {
        Set<String> secrets = names(compose.path("secrets"));
        Set<String> services = names(compose.path("services"));
        Set<String> volumes = names(compose.path("volumes"));
        for (JsonNode service : compose.path("services")) {
            assertThat(secrets(service)).isSubsetOf(secrets);
            assertThat(names(service.path("depends_on"))).isSubsetOf(services);
            for (JsonNode volume : service.path("volumes")) {
                String source = volume.asText().split(":", 2)[0];
                if (source.startsWith(".")) {
                    boolean others = source.startsWith("../observability/");
                    assertThat(others || Files.exists(ROOT.resolve(source)))
                            .as(source)
                            .isTrue();
                } else {
                    assertThat(volumes).contains(source);
                }
            }
        }
    }

    @Test
    void gatewaysAndMigrationTakeTheConfiguration() throws Exception {
        for (String name : Set.of("gateway-1", "gateway-2", "migrate")) {
            JsonNode service = compose.path("services").path(name);
            Set<String> files = secrets(service).stream()
                    .map(secret -> "/run/secrets/" + secret)
                    .collect(Collectors.toSet());
            Map<String, String> environment = new TreeMap<>();
            service.path("environment")
                    .properties()
                    .forEach(each ->
                            environment.put(each.getKey(), each.getValue().asText()));
            Deployed deployed = new Deployed(CONFIG, MOUNTED, file -> files.contains(file.toString()));
            boolean serves = !name.equals("migrate");
            Configuration configuration = deployed.load(environment, serves ? Purpose.SERVE : Purpose.MIGRATE);
            assertThat(configuration.warnings()).isEmpty();
            assertThat(files).as("nobody gets a secret that it does not read").isEqualTo(deployed.read());
            if (serves) {
                ServeConfig config = ServeConfig.from(configuration);
                assertThat(Duration.parse("PT"
                                + service.path("stop_grace_period").asText().toUpperCase(Locale.ROOT)))
                        .isGreaterThanOrEqualTo(config.stopTimeout().plusSeconds(5));
                proxied(name, config);
            }
        }
    }

    private static void proxied(String name, ServeConfig config) throws IOException {
        assertThat(Files.readString(Path.of("haproxy/haproxy.cfg")))
                .contains("server " + name + " " + name + ":" + config.http().port() + " port "
                        + config.management().port());
        // Asked every second, gone after two bad answers; one more for an answer that is slow.
        assertThat(config.shutdown().delay()).isGreaterThan(Duration.ofSeconds(3));
    }

    @Test
    void secretsAreMadeByTheScript() throws IOException {
        String script = Files.readString(ROOT.resolve("up"));
        for (String secret : names(compose.path("secrets"))) {
            String stem = secret.replaceFirst("\\.(crt|key|pem|p12)$", "");
            assertThat(script).as(secret).contains(stem);
            assertThat(compose.path("secrets").path(secret).path("file").asText())
                    .isEqualTo("secrets/" + secret);
        }
        assertThat(Files.isExecutable(ROOT.resolve("up"))).isTrue();
    }

    private static Set<String> secrets(JsonNode service) {
        Set<String> names = new TreeSet<>();
        service.path("secrets")
                .forEach(secret -> names.add(
                        secret.isTextual()
                                ? secret.asText()
                                : secret.path("source").asText()));
        return names;
    }

    // Of an object, its keys; of a list, its elements.
    private static Set<String> names(JsonNode node) {
        Set<String> names = new TreeSet<>();
        node.fieldNames().forEachRemaining(names::add);
        if (node.isArray()) {
            node.forEach(each -> names.add(each.asText()));
        }
        return names;
    }
}
