package io.tallygate.deploy.observe;

import io.tallygate.store.Migrations;
import io.tallygate.store.SchemaVersion;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.URL;
import java.time.Instant;
import java.util.jar.Manifest;

/** What runs: the answer of {@code /info}. */
public final class ProgramInfo {
    private static final String UNKNOWN = "unknown";

    private ProgramInfo() {}

    /** The version in the jar's manifest; {@code dev} where there is no jar. */
    public static String version() {
        String version = ProgramInfo.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }

    /** The commit that the jar was built of, or {@code unknown}. */
    public static String commit() {
        try {
            URL self = ProgramInfo.class.getProtectionDomain().getCodeSource().getLocation();
            URL manifest = new URL("jar:" + self + "!/META-INF/MANIFEST.MF");
            try (InputStream opened = manifest.openStream()) {
                String commit = new Manifest(opened).getMainAttributes().getValue("Implementation-Commit");
                return commit == null ? UNKNOWN : commit;
            }
        } catch (IOException notPackaged) {
            return UNKNOWN;
        }
    }

    /** All that there is to say; the database's version is null while it cannot be asked, and where nobody said it. */
    static Future<JsonObject> json(SchemaVersion schema) {
        return schema.read().otherwiseEmpty().map(ProgramInfo::json);
    }

    private static JsonObject json(Integer databaseVersion) {
        return new JsonObject()
                .put("name", "tallygate")
                .put("version", version())
                .put("commit", commit())
                .put(
                        "schema",
                        new JsonObject().put("program", Migrations.VERSION).put("database", databaseVersion))
                .put("java", Runtime.version().toString())
                .put(
                        "started",
                        Instant.ofEpochMilli(
                                        ManagementFactory.getRuntimeMXBean().getStartTime())
                                .toString());
    }
}
