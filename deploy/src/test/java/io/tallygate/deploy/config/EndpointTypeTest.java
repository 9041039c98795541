package io.tallygate.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.TextNode;
import io.tallygate.deploy.config.Setting.Purpose;
import io.tallygate.routing.commerce.AdapterType;
import io.tallygate.routing.commerce.EndpointConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EndpointTypeTest {
    private static final AdapterType SHOP = new AdapterType(
            "shop",
            Set.of("url", "clientSecret"),
            Set.of("scope", "size"),
            Map.of("size", new AdapterType.Form(Pattern.compile("big|small"), "big or small")),
            (vertx, config) -> null);
    private static final AdapterType DISK =
            new AdapterType("disk", Set.of("directory"), Set.of(), (vertx, config) -> null);
    private static final String SECRET = Sample.SECRET + "-from-a-file";

    @Test
    void whatIsNotGivenHasDefaults() throws Exception {
        assertThat(read("""
                [{"name": "default", "adapter": "shop", "url": "https://shop.example.com/api", "clientSecret": "s"}]"""))
                .containsExactly(new EndpointConfig(
                        "default",
                        SHOP,
                        Map.of("url", "https://shop.example.com/api", "clientSecret", "s"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        4,
                        0,
                        Duration.ofSeconds(20),
                        new EndpointConfig.Breaker(5, Duration.ofSeconds(30))));
    }

    @Test
    void everythingReachesItsField() throws Exception {
        assertThat(read("""
                [{"name": "default", "adapter": "shop", "url": "http://127.0.0.1:1/", "clientSecretFile": "secret.txt",
                  "scope": "bill", "caFile": "tls.crt", "settle": "0s", "maxAge": "P60D", "dedupeWindow": "PT24H",
                  "batchLimit": "7", "concurrency": "8", "rate": "9", "deadline": "PT2S", "breakerFailures": "3",
                  "breakerReset": "500ms"},
                 {"name": "archive-2", "adapter": "disk", "directory": "out/usage"}]"""))
                .containsExactly(
                        new EndpointConfig(
                                "default",
                                SHOP,
                                Map.of("url", "http://127.0.0.1:1/", "clientSecret", SECRET, "scope", "bill"),
                                Optional.of(Sample.CERTIFICATE),
                                Optional.of(Duration.ZERO),
                                Optional.of(Duration.ofDays(60)),
                                Optional.of(Duration.ofHours(24)),
                                Optional.of(7),
                                8,
                                9,
                                Duration.ofSeconds(2),
                                new EndpointConfig.Breaker(3, Duration.ofMillis(500))),
                        new EndpointConfig(
                                "archive-2",
                                DISK,
                                Map.of("directory", "/etc/tallygate/out/usage"),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                4,
                                0,
                                Duration.ofSeconds(20),
                                new EndpointConfig.Breaker(5, Duration.ofSeconds(30))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]"})
    void noneAtAllIsAllowed(String text) throws Exception {
        assertThat(read(text)).isEmpty();
    }

    @Test
    void allProblemsAreReportedTogetherEachWithItsPlace() {
        assertProblems(
                """
                [{"adapter": "shop", "url": "shop", "clientSecret": "s", "concurency": "4"},
                 {"name": "default", "adapter": "shopp"},
                 {"name": "default", "adapter": "disk", "rate": "fast", "deadline": "1d"},
                 "default"]""",
                "element 1: name is required",
                "element 1: concurency is no field of it; did you mean concurrency?",
                "element 1: url: expected an absolute https URL without user, query and fragment; http is for loopback"
                        + " addresses only",
                "element 2: adapter: expected one of disk, shop",
                "element 3: name: is that of an endpoint before",
                "element 3: directory is required for the adapter disk",
                "element 3: rate: expected a whole number from 0 to 100000",
                "element 3: deadline: expected a duration from PT0.1S to PT10M, such as PT10S, 10s or 5m",
                "element 4: expected {name, adapter, …}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Default", "1a", "a_b", "-a", "a.b", "abcdefghijklmnopqrstuvwxyz123456", " a"})
    void aNameIsShortAndPlain(String name) {
        assertProblems(
                "[{\"name\": \"" + name + "\", \"adapter\": \"disk\", \"directory\": \"/x\"}]",
                "element 1: name: expected a small letter, then small letters, digits and hyphens, 31 characters at"
                        + " most");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://shop.example.com/",
                "http://127.example.com/",
                "http://[::2]/",
                "https://user@shop.example.com/",
                "https:///path",
                "/path",
                "file:///etc/passwd",
                "https://shop.example.com/#x",
                "https://shop.example.com/?key=x"
            })
    void aUrlIsAbsoluteAndHttps(String url) {
        assertThatThrownBy(() -> read(shop("\"url\": \"" + url + "\", \"clientSecret\": \"s\"")))
                .hasMessageStartingWith("element 1: url: expected an absolute https URL");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:8080", "http://127.1.2.3/", "http://[::1]:9/", "https://a/b"})
    void loopbackNeedsNoTls(String url) throws Exception {
        assertThat(read(shop("\"url\": \"" + url + "\", \"clientSecret\": \"s\"")))
                .extracting(endpoint -> endpoint.options().get("url"))
                .containsExactly(url);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"clientSecret\": \"s\", \"clientSecretFile\": \"secret.txt\" | clientSecret is given twice: expected the"
                        + " value or the file that holds it, not both",
                "\"scope\": \"x\"                        | clientSecret is required for the adapter shop",
                "\"clientSecret\": \"s\", \"size\": \"huge\" | size: expected big or small",
                "\"clientSecret\": \"\"                  | clientSecret: is empty: expected a text, or leave it out",
                "\"clientSecret\": \"a\\nb\"              | clientSecret: expected a text without line breaks and other"
                        + " control characters",
                "\"clientSecret\": [\"s\"]               | clientSecret: expected one value, not a list or a section",
                "\"clientSecret\": \"s\", \"scopeFile\": \"secret.txt\" | scopeFile is no field of it",
                "\"clientSecret\": \"s\", \"directory\": \"/x\" | directory is no field of it",
                "\"clientSecret\": \"s\", \"caFile\": \"secret.txt\" | caFile: expected a PEM file with a certificate (BEGIN"
                        + " CERTIFICATE)"
            })
    void optionsAreThoseOfTheAdapter(String options, String problem) {
        assertProblems(shop("\"url\": \"https://x\", " + options), "element 1: " + problem);
    }

    @Test
    void aSecretFileThatIsNotThere() {
        assertProblems(
                shop("\"url\": \"https://x\", \"clientSecretFile\": \"other.txt\""),
                "element 1: clientSecretFile: the file it names cannot be read (NoSuchFileException; relative paths start"
                        + " at /etc/tallygate)");
    }

    @Test
    void aMemoryOfKeysThatIsShorterThanAnAttemptWouldSendNothing() {
        assertProblems(
                shop("\"url\": \"https://x\", \"clientSecret\": \"s\", \"deadline\": \"1m\", \"dedupeWindow\": \"2m\""),
                "element 1: dedupeWindow: expected more than twice the deadline and 5 s, which is PT2M5S");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2h", "PT3H"})
    void usageThatSettlesLaterThanItIsTakenWasNeverSent(String settle) {
        assertProblems(
                shop("\"url\": \"https://x\", \"clientSecret\": \"s\", \"maxAge\": \"2h\", \"settle\": \"" + settle
                        + "\""),
                "element 1: settle: expected less than maxAge, which is PT2H");
    }

    @Test
    void somethingElseThanAList() {
        assertProblems(
                "{\"name\": \"default\"}",
                "expected a list of {name, adapter, …}; in the environment and in a file of its own as a JSON list");
    }

    @Test
    void theSettingIsNeverShown() throws ConfigException {
        assertThat(Sample.load("", Sample.environment("TALLYGATE_DELIVERY_ENDPOINTS", "[]"), Purpose.SERVE)
                        .describe())
                .contains("delivery.endpoints: (secret)  # environment TALLYGATE_DELIVERY_ENDPOINTS");
        assertThat(Sample.problems(
                        "delivery.endpoints: [{name: default, adapter: nonsense, url: secret}]", Sample.environment()))
                .isNotEmpty()
                .noneMatch(problem -> problem.contains("secret"));
    }

    private static String shop(String options) {
        return "[{\"name\": \"default\", \"adapter\": \"shop\", " + options + "}]";
    }

    private static void assertProblems(String json, String... problems) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOfSatisfying(
                        InvalidValueException.class,
                        wrong -> assertThat(wrong.messages()).containsExactlyInAnyOrder(problems));
    }

    private static List<EndpointConfig> read(String json) throws InvalidValueException {
        return EndpointType.endpoints(List.of(SHOP, DISK))
                .reader()
                .read(new RawValue(TextNode.valueOf(json), Path.of("/etc/tallygate"), Sample.files(Map.of())));
    }
}
