package io.tallygate.deploy.demo;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A JVM of its own with an embedded Postgres, made to be killed. */
final class DatabaseProcess {
    private DatabaseProcess() {}

    public static void main(String[] arguments) throws Exception {
        EmbeddedDatabase database = EmbeddedDatabase.start(new DemoDirectory(Path.of(arguments[0])));
        EmbeddedDatabaseLongIT.update(database, "CREATE TABLE kept AS SELECT 42 AS answer");
        System.out.println("ready");
        new CountDownLatch(1).await();
    }
}
