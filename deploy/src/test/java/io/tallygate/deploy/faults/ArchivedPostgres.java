package io.tallygate.deploy.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tallygate.deploy.demo.DatabaseAccess;
import io.tallygate.store.testing.FreePort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A server of the machine's own Postgres, with its tools: its log is archived, and it can be put back to a backup. */
final class ArchivedPostgres implements SiteDatabase {
    private final Path binaries;
    private final Path directory;
    private final DatabaseAccess access = new DatabaseAccess("127.0.0.1", FreePort.next(), "tallygate", "postgres", "");

    private ArchivedPostgres(Path binaries, Path directory) {
        this.binaries = binaries;
        this.directory = directory;
    }

    static ArchivedPostgres start(Path binaries) throws IOException {
        Path directory = Files.createTempDirectory("tallygate-archived");
        ArchivedPostgres postgres = new ArchivedPostgres(binaries, directory);
        if (isRoot()) {
            postgres.shell("root", "chown postgres " + directory);
        }
        postgres.run("initdb --username=postgres --auth=trust --data-checksums -D data", "mkdir archive");
        postgres.configure("""
                port = %d
                listen_addresses = '127.0.0.1'
                unix_socket_directories = ''
                fsync = off
                archive_mode = on
                archive_command = 'test ! -f %2$s/archive/%%f && cp %%p %2$s/archive/%%f'
                """.formatted(postgres.access.port(), directory));
        postgres.startServer();
        postgres.run(postgres.tool("createdb") + " tallygate");
        return postgres;
    }

    @Override
    public DatabaseAccess access() {
        return access;
    }

    /** While it is in use. */
    void baseBackup() {
        run(tool("pg_basebackup") + " --checkpoint=fast -D base", "pg_verifybackup base");
    }

    /** Waits until all that was written so far is in the archive. */
    void archive() {
        String segment = sql("select pg_walfile_name(pg_current_wal_lsn())");
        sql("select pg_switch_wal()");
        await("the log is archived")
                .atMost(Duration.ofSeconds(60))
                .until(() -> Files.exists(directory.resolve("archive").resolve(segment)));
    }

    /** From now on the archive gets nothing: as if the machine were lost before it did. */
    void loseTheArchive() {
        sql("alter system set archive_command = '/bin/false'");
        sql("select pg_reload_conf()");
    }

    /** Loses the server, and puts it back from the base backup and the archive, to the archive's end. */
    void restore() throws IOException {
        run("pg_ctl -D data -m immediate -w stop", "rm -rf data", "cp -a base data", "touch data/recovery.signal");
        configure("restore_command = 'cp " + directory + "/archive/%f %p'\n");
        startServer();
        await("recovered")
                .atMost(Duration.ofSeconds(60))
                .until(() -> sql("select pg_is_in_recovery()").equals("f"));
    }

    /** Dumps the database as a role that sees all rows, and makes it anew from that. */
    void dumpAndRestore() {
        sql("create role dumper login bypassrls");
        sql("grant pg_read_all_data to dumper");
        String dump = tool("pg_dump").replace("-U postgres", "-U dumper") + " --format=custom --file=dump tallygate";
        run(
                dump,
                "if " + dump.replace("-U dumper", "-U tallygate_owner").replace("=dump", "=refused")
                        + "; then exit 9; fi");
        sql(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'tallygate' and pid <> pg_backend_pid()");
        run(
                tool("psql") + " -d postgres -c 'alter database tallygate rename to lost'",
                tool("createdb") + " tallygate",
                tool("pg_restore") + " --exit-on-error --dbname=tallygate dump",
                tool("vacuumdb") + " --analyze-only tallygate");
    }

    @Override
    public void close() throws IOException {
        run("pg_ctl -D data -m immediate -w stop");
        shell(isRoot() ? "root" : null, "rm -rf " + directory);
    }

    private void startServer() {
        run("pg_ctl -D data -l log -w -t 60 start");
    }

    private String tool(String name) {
        return name + " -h 127.0.0.1 -p " + access.port() + " -U postgres";
    }

    private String sql(String statement) {
        return run(tool("psql") + " -d tallygate -XAtc \"" + statement + "\"").strip();
    }

    private void configure(String lines) throws IOException {
        Files.writeString(
                directory.resolve("data/postgresql.conf"), lines, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
    }

    private String run(String... commands) {
        return shell(isRoot() ? "postgres" : null, String.join(" && ", commands));
    }

    private String shell(String user, String script) {
        List<String> command =
                new ArrayList<>(user == null || user.equals("root") ? List.of() : List.of("runuser", "-u", user, "--"));
        command.addAll(List.of("bash", "-c", "cd " + directory + " && PATH=" + binaries + ":$PATH && " + script));
        try {
            // The server that is started keeps what it inherits.
            Path output = Files.createTempFile("tallygate", ".out");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            int exitCode = process.waitFor();
            String said = Files.readString(output);
            Files.delete(output);
            assertThat(exitCode).as("%s: %s", script, said).isZero();
            return said;
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }
}
