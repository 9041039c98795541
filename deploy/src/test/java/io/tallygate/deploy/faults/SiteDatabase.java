package io.tallygate.deploy.faults;

import io.tallygate.deploy.demo.DatabaseAccess;
import io.tallygate.deploy.demo.DemoDirectory;
import io.tallygate.deploy.demo.EmbeddedDatabase;
import java.io.IOException;

/** The Postgres of a site. */
interface SiteDatabase extends AutoCloseable {
    DatabaseAccess access();

    @Override
    void close() throws IOException;

    /** One that lives in this directory, and is started again when it dies. */
    static SiteDatabase embedded(DemoDirectory directory) throws IOException {
        EmbeddedDatabase database = EmbeddedDatabase.start(directory);
        return new SiteDatabase() {
            @Override
            public DatabaseAccess access() {
                return database.access();
            }

            @Override
            public void close() throws IOException {
                database.close();
            }
        };
    }
}
