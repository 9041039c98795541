package io.tallygate.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;

/** Whether the role that is connected is one that the walls hold for, on a Postgres that has them. */
final class OrdinaryRole {
    private static final String ROLE = """
            select current_setting('server_version') as version,
              current_setting('server_version_num')::integer / 10000 as major, current_user as role,
              r.rolsuper or r.rolbypassrls or pg_has_role(current_user, n.nspowner, 'member')
                or exists (select from pg_class where relnamespace = n.oid and relowner = r.oid) as mighty,
              exists (
                select from pg_roles t where t.rolname = $2 and pg_has_role(current_user, t.oid, 'member')) as walled
            from pg_roles r, pg_namespace n
            where r.rolname = current_user and n.nspname = $1""";

    private final RoleNames roles;

    OrdinaryRole(RoleNames roles) {
        this.roles = roles;
    }

    /** Fails, saying what is wrong, unless it is ordinary and can become the tenant role, and Postgres is not too old. */
    Future<Void> require(SqlConnection connection) {
        return connection
                .preparedQuery(ROLE)
                .execute(Tuple.of(Migrations.SCHEMA, roles.tenant()))
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw new IllegalStateException(
                                "The schema `" + Migrations.SCHEMA + "` is missing: run `tallygate migrate` first");
                    }
                    check(rows.iterator().next());
                    return null;
                });
    }

    private static void check(Row role) {
        Migrations.requireVersion(role.getInteger("major"), role.getString("version"));
        String name = "The role `" + role.getString("role") + "` ";
        if (role.getBoolean("mighty")) {
            throw new IllegalStateException(name + "is a superuser, passes by row level security, or owns the schema or"
                    + " a part of it: use the application role");
        }
        if (!role.getBoolean("walled")) {
            throw new IllegalStateException(
                    name + "cannot become the role of tenants' reads: run `tallygate migrate` first");
        }
    }
}
