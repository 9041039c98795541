package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.tallygate.store.MigrationConfig;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class TallygateCommandTest {
    private static final Map<String, String> MIGRATION = Map.of(
            "TALLYGATE_DATABASE_URL", "postgresql://db/name",
            "TALLYGATE_DATABASE_USER", "app",
            "TALLYGATE_DATABASE_PASSWORD", "hunter2",
            "TALLYGATE_DATABASE_OWNER_USER", "owner",
            "TALLYGATE_DATABASE_OWNER_PASSWORD", "hunter3");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void helpNamesTheCommands() {
        assertThat(run(TallygateCommand.commandLine(Map.of()), "--help")).isZero();
        assertThat(out.toString()).contains("serve ", "migrate ", "TALLYGATE_JAVA_OPTS");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void linesOfTheHelpFitATerminal() {
        CommandLine tallygate = TallygateCommand.commandLine(Map.of());
        tallygate.getSubcommands().values().forEach(command -> out.append(command.getUsageMessage()));
        out.append(tallygate.getUsageMessage());

        assertThat(out.toString().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void versionIsShown() {
        assertThat(run(TallygateCommand.commandLine(Map.of()), "--version")).isZero();
        assertThat(out.toString()).startsWith("tallygate ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "serve --nonsense", "serve file.yaml"})
    void aWrongCallIsTwo(String line) {
        String[] args = line.isEmpty() ? new String[0] : line.split(" ");

        assertThat(run(TallygateCommand.commandLine(Map.of()), args)).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains("tallygate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TALLYGATE_LOG_LEVEL", "TALLYGATE_LOG_FORMAT", "TALLYGATE_LOG_REQUESTS"})
    void aLogThatThereIsNotIsTwo(String variable) {
        assertThat(Main.run(Map.of(variable, "LOUD"), "--version")).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "serve --check-config", "migrate", "migrate --check-config"})
    void aWrongConfigurationIsOneAndNamesEveryProblem(String line) {
        assertThat(run(TallygateCommand.commandLine(Map.of("TALLYGATE_HTTP_PORT", "x")), line.split(" ")))
                .isEqualTo(1);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains("problems:", "  database.url: is required", "  http.port (environment");
    }

    @Test
    void checkConfigShowsWhatIsInForceWithoutSecretsAndDoesNothing() {
        List<MigrationConfig> migrated = new ArrayList<>();

        assertThat(run(migrate(MIGRATION, migrated::add), "--check-config")).isZero();
        assertThat(migrated).isEmpty();
        assertThat(out.toString())
                .contains("database.url: postgresql://db/name  # environment TALLYGATE_DATABASE_URL")
                .contains("database.owner.password: (secret)")
                .doesNotContain("hunter");
    }

    @Test
    void migrateRunsTheMigrations() {
        List<MigrationConfig> migrated = new ArrayList<>();

        assertThat(run(migrate(MIGRATION, migrated::add))).isZero();
        assertThat(migrated)
                .containsExactly(
                        new MigrationConfig("postgresql://db/name", null, null, "owner", "hunter3", "app", "hunter2"));
        assertThat(out.toString()).startsWith("The schema is up to date");
    }

    @Test
    void aFailureIsOneAndSaysWhy() {
        MigrateCommand.Migrator failing = (config, told) -> {
            throw new IllegalStateException("the database is away");
        };
        CommandLine command = TallygateCommand.commandLine(MIGRATION);
        CommandLine migrate = new CommandLine(new MigrateCommand(MIGRATION, failing))
                .setExecutionExceptionHandler(command.getExecutionExceptionHandler());

        assertThat(run(migrate)).isEqualTo(1);
        assertThat(err.toString()).isEqualToNormalizingNewlines("tallygate migrate: the database is away\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 503})
    void healthEndsWithZeroOnlyIfTheGatewayIsReady(int status) throws Exception {
        HttpServer gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        gateway.createContext("/health/ready", exchange -> {
            exchange.sendResponseHeaders(status, 2);
            exchange.getResponseBody().write("{}".getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        gateway.start();
        String port = Integer.toString(gateway.getAddress().getPort());
        CommandLine command = TallygateCommand.commandLine(Map.of("TALLYGATE_MANAGEMENT_PORT", port));

        assertThat(run(command, "health")).isEqualTo(status == 200 ? 0 : 1);
        assertThat(out.toString()).isEqualToNormalizingNewlines("{}\n");
        gateway.stop(0);
        assertThat(run(command, "health", "--live")).isEqualTo(1);
        assertThat(err.toString())
                .contains("tallygate health: http://127.0.0.1:" + port + "/health/live does not answer");
    }

    private static CommandLine migrate(Map<String, String> environment, Predicate<MigrationConfig> to) {
        return new CommandLine(new MigrateCommand(environment, (config, told) -> to.test(config) ? 1 : 0));
    }

    private int run(CommandLine command, String... args) {
        return command.setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }
}
