package io.tallygate.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.TextNode;
import io.tallygate.deploy.config.Setting.Purpose;
import io.tallygate.gateway.collect.ConfiguredSource;
import io.tallygate.gateway.collect.DirectoryConfig;
import io.tallygate.gateway.collect.FileFormat;
import io.tallygate.gateway.collect.SourceAccess;
import io.tallygate.gateway.collect.SourceConfig;
import io.tallygate.gateway.collect.SourceOrigin;
import io.tallygate.gateway.collect.SourceType;
import io.tallygate.routing.outbound.KeystoneCredentials.ApplicationCredential;
import io.tallygate.routing.outbound.KeystoneCredentials.Identity;
import io.tallygate.routing.outbound.KeystoneCredentials.Password;
import io.tallygate.store.aggregate.AggregationGranularity;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SourceReaderTest {
    private static final String ID = "b2a5a0c6-6a0e-4c43-8a57-0d7c3d3b9e10";
    private static final SubscriptionId OPERATOR = new SubscriptionId(UUID.fromString(ID));
    private static final String WHERE = "\"registration\": \"north\", \"url\": \"https://stamp.example.com\","
            + " \"operatorSubscriptionId\": \"" + ID + "\"";
    private static final String CLIENT =
            "\"tokenUrl\": \"https://login.example.com/token\", \"clientId\": \"c\", \"clientSecret\": \"s\"";

    @Test
    void whatIsNotGivenHasDefaults() throws Exception {
        assertThat(read(stack(CLIENT + ", \"scope\": \"x/.default\"")))
                .containsExactly(new SourceConfig(
                        "north",
                        "north",
                        AggregationGranularity.Hourly,
                        Duration.ofHours(2),
                        Optional.empty(),
                        2,
                        Duration.ofMinutes(1),
                        Optional.empty(),
                        new SourceOrigin.Stamp(
                                SourceType.azureStackHub,
                                URI.create("https://stamp.example.com"),
                                OPERATOR,
                                new SourceAccess.Client(
                                        URI.create("https://login.example.com/token"),
                                        "c",
                                        "s",
                                        "scope",
                                        "x/.default"))));
    }

    @Test
    void everythingReachesItsField() throws Exception {
        assertThat(read("""
                [{"name": "south-1", "type": "tallygate", "registration": "/subscriptions/x", "url": "http://127.0.0.1:1/a/",
                  "operatorSubscriptionId": "%s", "granularity": "daily", "lag": "PT6H", "begins": "2026-11-01",
                  "concurrency": "7", "deadline": "9s", "caFile": "tls.crt", "tokenUrl": "https://adfs.example.com/token",
                  "clientId": "c", "clientSecretFile": "secret.txt", "resource": "https://x"},
                 {"name": "other", "type": "tallygate", %s, "tokenFile": "run/token"}]""".formatted(ID, WHERE)))
                .containsExactly(
                        new SourceConfig(
                                "south-1",
                                "/subscriptions/x",
                                AggregationGranularity.Daily,
                                Duration.ofHours(6),
                                Optional.of(Instant.parse("2026-11-01T00:00:00Z")),
                                7,
                                Duration.ofSeconds(9),
                                Optional.of(Sample.CERTIFICATE),
                                new SourceOrigin.Stamp(
                                        SourceType.tallygate,
                                        URI.create("http://127.0.0.1:1/a"),
                                        OPERATOR,
                                        new SourceAccess.Client(
                                                URI.create("https://adfs.example.com/token"),
                                                "c",
                                                Sample.SECRET + "-from-a-file",
                                                "resource",
                                                "https://x"))),
                        new SourceConfig(
                                "other",
                                "north",
                                AggregationGranularity.Hourly,
                                Duration.ZERO,
                                Optional.empty(),
                                2,
                                Duration.ofMinutes(1),
                                Optional.empty(),
                                new SourceOrigin.Stamp(
                                        SourceType.tallygate,
                                        URI.create("https://stamp.example.com"),
                                        OPERATOR,
                                        new SourceAccess.TokenFile(Path.of("/etc/tallygate/run/token")))));
    }

    @Test
    void openStackHasFieldsOfItsOwn() throws Exception {
        String where =
                "\"type\": \"cloudKitty\", \"registration\": \"r\", \"url\": \"https://rating.example.com:8889/\","
                        + " \"authUrl\": \"https://keystone.example.com/identity/v3/\"";
        List<SourceConfig> read = asked("""
                [{"name": "one", %1$s, "applicationCredentialId": "id", "applicationCredentialSecretFile": "secret.txt",
                  "region": "RegionOne", "meters": {"volume.size": "m1"}, "tenants": {"default": "%2$s"}},
                 {"name": "two", %1$s, "user": "u", "password": "p", "project": "admin", "projectDomain": "Ops"}]""".formatted(where, ID));
        assertThat(read).extracting(SourceConfig::lag).containsOnly(Duration.ofHours(3));
        assertThat(read)
                .extracting(SourceConfig::origin)
                .containsExactly(
                        openStack(
                                new ApplicationCredential("id", Sample.SECRET + "-from-a-file"),
                                Optional.of("RegionOne"),
                                Map.of("volume.size", "m1"),
                                Map.of("default", new TenantId(OPERATOR.value()))),
                        openStack(
                                new Password("u", "Default", "p", "admin", "Ops"),
                                Optional.empty(),
                                Map.of(),
                                Map.of()));
        assertProblems(
                """
                [{"name": "one", %1$s, "tokenFile": "t", "password": "p", "tenants": {"default": "x"}, "meters": "m"},
                 {"name": "two", %1$s, "user": "u", "applicationCredentialSecret": "p"}]""".formatted(where),
                "element 1: tokenFile is no field of it",
                "element 1: applicationCredentialId is required, or user",
                "element 1: applicationCredentialSecret is required",
                "element 1: password goes with user alone",
                "element 1: meters: expected names with a value each",
                "element 1: tenants: default: expected a UUID, such as 6f0c8d1e-2b1f-4c5e-9b43-2f9a51d0c1a7",
                "element 2: applicationCredentialSecret does not go with user: expected one or the other",
                "element 2: password is required",
                "element 2: project is required");
    }

    private static SourceOrigin openStack(
            Identity identity, Optional<String> region, Map<String, String> meters, Map<String, TenantId> tenants) {
        return new SourceOrigin.CloudKitty(
                URI.create("https://rating.example.com:8889"),
                new SourceAccess.Keystone(URI.create("https://keystone.example.com/identity"), identity),
                region,
                meters,
                tenants);
    }

    @Test
    void providersAreLeftOutOfAStampAlone() throws Exception {
        String source = "[{\"name\": \"north\", \"type\": \"%s\", " + WHERE
                + ", \"tokenFile\": \"t\", \"withoutProviders\": [\"" + ID + "\"]}]";
        assertThat(read(source.formatted("azureStackHub")))
                .extracting(config -> ((SourceOrigin.Stamp) ((SourceConfig) config).origin()).withoutProviders())
                .containsExactly(Set.of(OPERATOR));
        assertProblems(
                source.formatted("tallygate"),
                "element 1: withoutProviders is for azureStackHub: a tallygate shows its operator everybody at once");
        assertProblems(
                source.formatted("azureStackHub").replace("[\"" + ID + "\"]", "\"x\""),
                "element 1: withoutProviders: expected a UUID, such as 6f0c8d1e-2b1f-4c5e-9b43-2f9a51d0c1a7");
    }

    @Test
    void allProblemsAreReportedTogetherEachWithItsPlace() {
        assertProblems(
                """
                [{"name": "North", "type": "tallygate", "url": "ftp://x", "operatorSubscriptionId": "1", "lagg": "1h"},
                 {"name": "north", "type": "tallygate", %1$s, "tokenFile": "t"},
                 {"name": "north", "type": "tallygate", %1$s, "tokenFile": "t"},
                 7,
                 {"name": "east", "type": "openStack", "registration": "east", "tokenFile": "t", "lagg": "1h"}]""".formatted(WHERE),
                "element 1: lagg is no field of it; did you mean lag?",
                "element 1: name: expected a small letter, then small letters, digits and hyphens, 31 characters at most",
                "element 1: registration is required",
                "element 1: url: expected an absolute https URL without user, query and fragment; http is for loopback"
                        + " addresses only",
                "element 1: operatorSubscriptionId: expected a UUID, such as 6f0c8d1e-2b1f-4c5e-9b43-2f9a51d0c1a7",
                "element 1: tokenUrl is required",
                "element 1: clientId is required",
                "element 1: clientSecret is required, or tokenFile",
                "element 1: expected one of scope (Entra ID) and resource (AD FS)",
                "element 3: name: is that of a source before",
                "element 4: expected {name, type, …}",
                "element 5: type: expected one of azureStackHub, tallygate, cloudKitty, directory",
                "element 5: lagg is no field of it; did you mean lag?");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"scope\": \"x\", \"resource\": \"y\" | expected one of scope (Entra ID) and resource (AD FS)",
                "\"scope\": \"x\", \"clientSecretFile\": \"secret.txt\" | clientSecret is given twice: expected the value or"
                        + " the file that holds it, not both",
                "\"scope\": \"x\", \"granularity\": \"Hourly\" | granularity: expected hourly or daily",
                "\"scope\": \"x\", \"begins\": \"2026-11-01T10:30:00Z\" | begins: expected a whole UTC hour, with daily usage a"
                        + " UTC day, such as 2026-11-01T00:00:00Z",
                "\"scope\": \"x\", \"granularity\": \"daily\", \"begins\": \"2026-11-01T10:00:00Z\" | begins: expected a whole"
                        + " UTC hour, with daily usage a UTC day, such as 2026-11-01T00:00:00Z",
                "\"scope\": \"x\", \"concurrency\": \"0\" | concurrency: expected a whole number from 1 to 64",
                "\"scope\": \"\" | scope: is empty: expected a text, or leave it out"
            })
    void aWrongFieldIsNamed(String more, String problem) {
        assertProblems(stack(CLIENT + ", " + more), "element 1: " + problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tokenUrl", "clientId", "clientSecret", "scope", "resource"})
    void aTokenFileStandsAlone(String field) {
        assertProblems(
                stack("\"tokenFile\": \"t\", \"" + field + "\": \"https://x\""),
                "element 1: " + field + " does not go with tokenFile: expected one or the other");
    }

    @Test
    void aDirectoryHasFieldsOfItsOwn() throws Exception {
        assertThat(read("""
                [{"name": "files", "type": "directory", "registration": "north", "path": "/var/in"},
                 {"name": "marked", "type": "directory", "registration": "north", "path": "in", "format": "usagePages",
                  "doneMarker": ".done", "takenInto": "in/taken"}]"""))
                .containsExactly(
                        new DirectoryConfig(
                                "files",
                                "north",
                                Path.of("/var/in"),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()),
                        new DirectoryConfig(
                                "marked",
                                "north",
                                Path.of("/etc/tallygate/in"),
                                Optional.of(FileFormat.usagePages),
                                Optional.of(".done"),
                                Optional.of(Path.of("/etc/tallygate/in/taken"))));
        assertProblems(
                "[{\"name\": \"files\", \"type\": \"directory\", \"format\": \"csv\", \"doneMarker\": \"../x\", \"lag\": \"PT1H\"},"
                        + " {\"name\": \"same\", \"type\": \"directory\", \"registration\": \"r\", \"path\": \"in\","
                        + " \"takenInto\": \"./in\"}]",
                "element 1: lag is no field of it",
                "element 1: registration is required",
                "element 1: path is required",
                "element 1: format: expected one of focus, usagePages",
                "element 1: doneMarker: expected a point, then letters, digits, points, _ and -, 32 characters at most, such"
                        + " as .done",
                "element 2: takenInto: expected another directory than path");
    }

    @Test
    void theSettingIsNeverShown() throws ConfigException {
        assertThat(Sample.load("", Sample.environment("TALLYGATE_COLLECT_SOURCES", "[]"), Purpose.SERVE)
                        .describe())
                .contains("collect.sources: (secret)  # environment TALLYGATE_COLLECT_SOURCES");
        assertThat(Sample.problems(
                        "collect.sources: [{name: north, type: nonsense, clientSecret: secret}]", Sample.environment()))
                .isNotEmpty()
                .noneMatch(problem -> problem.contains("secret"));
    }

    private static String stack(String more) {
        return "[{\"name\": \"north\", \"type\": \"azureStackHub\", " + WHERE + ", " + more + "}]";
    }

    private static void assertProblems(String json, String... problems) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOfSatisfying(
                        InvalidValueException.class,
                        wrong -> assertThat(wrong.messages()).containsExactlyInAnyOrder(problems));
    }

    private static List<SourceConfig> asked(String json) throws InvalidValueException {
        return read(json).stream().map(SourceConfig.class::cast).toList();
    }

    private static List<ConfiguredSource> read(String json) throws InvalidValueException {
        return CollectSettings.SOURCES
                .type()
                .reader()
                .read(new RawValue(TextNode.valueOf(json), Path.of("/etc/tallygate"), Sample.files(Map.of())));
    }
}
