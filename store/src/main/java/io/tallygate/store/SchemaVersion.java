package io.tallygate.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;

/** The version of the schema in the database, as the last migration left it. */
public final class SchemaVersion {
    // Nobody but the owner may read the migrations' own table: they say it in the comment, which everybody may read.
    private static final String READ = """
            select substring(obj_description(oid, 'pg_namespace') from 'schema version (\\d+)')::integer as version
            from pg_namespace where nspname = $1""";

    private final Database database;

    /** Of the given database. */
    public SchemaVersion(Database database) {
        this.database = database;
    }

    /** The version, to be compared with {@link Migrations#VERSION}; null where no migration has said it. */
    public Future<Integer> read() {
        return database.read(connection -> connection
                .preparedQuery(READ)
                .execute(Tuple.of(Migrations.SCHEMA))
                .map(rows -> rows.size() == 0 ? null : rows.iterator().next().getInteger("version")));
    }
}
