package io.tallygate.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigFileTest {

    @Test
    void keysAreSectionsOrDottedNamesInAnyMixture() throws ConfigException {
        ConfigFile file = ConfigFile.parse("c.yaml", """
                # a comment
                http.port: 1
                http:
                  tls.certificate: a
                  tls:
                    key: b
                """);

        assertThat(file.problems()).isEmpty();
        assertThat(file.entries())
                .hasSize(3)
                .hasEntrySatisfying(
                        "http.port", entry -> assertThat(entry.origin()).isEqualTo("c.yaml:2"))
                .hasEntrySatisfying(
                        "http.tls.certificate",
                        entry -> assertThat(entry.origin()).isEqualTo("c.yaml:4"))
                .hasEntrySatisfying(
                        "http.tls.key",
                        entry -> assertThat(entry.value().textValue()).isEqualTo("b"));
    }

    @Test
    void jsonIsReadToo() throws ConfigException {
        ConfigFile file = ConfigFile.parse("c.JSON", "{\n\t\"http\": {\n\t\t\"port\": 1\n\t}\n}");

        assertThat(file.entries().get("http.port").value().textValue()).isEqualTo("1");
        assertThat(file.entries().get("http.port").origin()).isEqualTo("c.JSON:3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0123", "1e3", "1_000", "true", "0x10", "1.10", "yes"})
    void aScalarIsTheTextThatWasWritten(String text) throws ConfigException {
        assertThat(ConfigFile.parse("c.yaml", "database.password: " + text)
                        .entries()
                        .get("database.password")
                        .value()
                        .textValue())
                .isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "---\n", "http:\n", "http:\n  # port: 1\ndatabase: {}\n"})
    void emptySectionsSayNothing(String text) throws ConfigException {
        assertThat(ConfigFile.parse("c.yaml", text)).isEqualTo(ConfigFile.EMPTY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{htp: {port: 1}} | htp (c.yaml:1): is no setting",
                "{http: {prot: 1}} | http.prot (c.yaml:1): is no setting; did you mean http.port?",
                "{http: 1} | http (c.yaml:1): is a section: expected settings below it",
                "{http: [1]} | http (c.yaml:1): is a section: expected settings below it",
                "{http: {port: 1}, http.port: 1} | http.port (c.yaml:1): is there twice, see c.yaml:1",
                "{http: {port: *one}} | http.port (c.yaml:1): YAML aliases and tags",
                "{http: {port: !one 1}} | http.port (c.yaml:1): YAML aliases and tags",
                "[a] | c.yaml: expected sections with settings"
            })
    void explainsWhatIsNoSetting(String text, String problem) throws ConfigException {
        assertThat(ConfigFile.parse("c.yaml", text).problems())
                .singleElement()
                .asString()
                .startsWith(problem);
    }

    @Test
    void goesOnBehindAnUnknownSection() throws ConfigException {
        ConfigFile file = ConfigFile.parse("c.yaml", "other: {a: [1, {b: 2}]}\nhttp: {port: 1, x: {y: 2}, host: z}");

        assertThat(file.problems()).extracting(ConfigProblem::key).containsExactly("other", "http.x");
        assertThat(file.entries()).containsOnlyKeys("http.port", "http.host");
    }

    @Test
    void aReferenceInsideAListDoesNotHideWhatFollows() throws ConfigException {
        ConfigFile file = ConfigFile.parse("c.yaml", "http: {trustedProxies: [*x, [a, b], c], port: 1}\nusage: {a: 1}");

        assertThat(file.problems()).extracting(ConfigProblem::key).containsExactly("http.trustedProxies", "usage.a");
        assertThat(file.entries()).containsOnlyKeys("http.port");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'http:\n  port: 1\n  port: 2' | c.yaml:3: Duplicate field 'port'",
                "'http:\n  port: 1\n host: 2' | c.yaml:3: not well-formed",
                "'http: {port: 1' | c.yaml:1: not well-formed"
            })
    void aBrokenFileNamesTheLine(String text, String message) {
        assertThatThrownBy(() -> ConfigFile.parse("c.yaml", text))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void aSecondDocumentIsRefused() throws ConfigException {
        assertThat(ConfigFile.parse("c.yaml", "http: {port: 1}\n---\nhttp: {port: 2}")
                        .problems())
                .hasSize(1);
    }
}
