package io.tallygate.deploy.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * How to reach the demo's database as superuser. The password is generated and lies in the data directory with mode
 * 0600; everybody logs in by SCRAM, over the loopback address.
 *
 * @param host the loopback address
 * @param database the name of the gateway's database, which exists
 */
public record DatabaseAccess(String host, int port, String database, String superuser, String password) {
    private static final String HBA = """
            # Written by tallygate demo at each start: passwords for everyone, loopback only.
            host all all 127.0.0.1/32 scram-sha-256
            host all all ::1/128 scram-sha-256
            """;

    /** The JDBC URL of the gateway's database, without user and password. */
    public String jdbcUrl() {
        return jdbcUrl(database);
    }

    /** Never the password. */
    @Override
    public String toString() {
        return superuser + "@" + host + ":" + port + "/" + database;
    }

    /** Sets the password, requires it from then on, and creates the database; what is done already stays as it is. */
    void prepare(Path data) throws IOException {
        try (Connection connection = DriverManager.getConnection(jdbcUrl("postgres"), superuser, password);
                Statement statement = connection.createStatement()) {
            Path hba = data.resolve("pg_hba.conf");
            if (!Files.readString(hba, StandardCharsets.UTF_8).equals(HBA)) {
                // initdb trusts everyone; the password is base64url and needs no quoting.
                statement.execute("ALTER ROLE " + superuser + " PASSWORD '" + password + "'");
                PrivateFile.write(hba, HBA);
                statement.execute("SELECT pg_reload_conf()");
            }
            if (!exists(statement)) {
                statement.execute("CREATE DATABASE " + database);
            }
        } catch (SQLException e) {
            throw new IOException("The embedded Postgres could not be prepared: " + e.getMessage(), e);
        }
    }

    private boolean exists(Statement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + database + "'")) {
            return rows.next();
        }
    }

    private String jdbcUrl(String name) {
        return "jdbc:postgresql://" + host + ":" + port + "/" + name;
    }
}
