package io.tallygate.deploy.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.TestApplications;
import io.tallygate.store.Migrations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import javax.net.ssl.SSLContext;

/** The real demo, running in this process: opens what only this package may do with one to the tests of others. */
public final class RunningDemo implements AutoCloseable {
    private final DemoDirectory directory;
    private final ShutdownOrder shutdown = new ShutdownOrder();

    private RunningDemo(DemoDirectory directory) {
        this.directory = directory;
    }

    /** Starts it with its data in this directory, on free ports; answers when all of the sample world can be read. */
    public static RunningDemo start(Path root) throws Exception {
        RunningDemo demo = new RunningDemo(new DemoDirectory(root));
        try {
            new Demo(demo.directory, TestApplications.demoGateway(), Clock.systemUTC(), demo.shutdown)
                    .start(0, null, 1);
            return demo;
        } catch (Exception failed) {
            demo.close();
            throw failed;
        }
    }

    /** Where it is, who there is, and their tokens: as {@code --info} tells it. */
    public JsonNode info() {
        try {
            return DemoCaller.parse(Files.readString(directory.infoFile()));
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    /** Trusts the authority that signed its certificates. */
    public SSLContext tls() {
        try {
            return new CertificateAuthority(directory, Clock.systemUTC())
                    .serverCertificate()
                    .clientContext();
        } catch (IOException | GeneralSecurityException failed) {
            throw new AssertionError(failed);
        }
    }

    /** Runs SQL as superuser: to let time pass that nobody can wait for. */
    public void execute(String sql) {
        try {
            DatabaseAccess access = new DatabaseAccess(
                    "127.0.0.1",
                    RememberedPort.read(directory.file("postgres.port")),
                    "tallygate",
                    "postgres",
                    directory.secret("postgres-superuser"));
            try (Connection connection =
                            DriverManager.getConnection(access.jdbcUrl(), access.superuser(), access.password());
                    Statement statement = connection.createStatement()) {
                statement.execute("set search_path = " + Migrations.SCHEMA + ", public");
                statement.execute(sql);
            }
        } catch (IOException | SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    @Override
    public void close() {
        shutdown.close();
    }
}
