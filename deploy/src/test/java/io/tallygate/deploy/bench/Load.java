package io.tallygate.deploy.bench;

import io.tallygate.store.usage.ResourceInstance;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Writes a world as if it had been sealed and routed: instances by the store's own code, aggregates by the statements that
 * seal. The records behind them are not there; no read looks at them.
 */
final class Load {
    private static final List<String> PREPARE = List.of(
            "create schema bench",
            "create table bench.slot (slot integer, subscription_id uuid, meter_key integer, instance_id bigint)",
            "set work_mem = '256MB'",
            "set maintenance_work_mem = '512MB'",
            // Only while loading: a checkpoint follows.
            "set synchronous_commit = off");
    private static final String PARTITIONS =
            "select ensure_partitions(month) from generate_series(date_trunc('month', $START, 'UTC'),"
                    + " $END + interval '1 month', interval '1 month') as month";
    private static final String HOURLY = """
            insert into usage_hourly (reported_time, seq, subscription_id, meter_key, instance_id, usage_time, quantity,
              record_count)
            select hour, row_number() over (partition by hour order by subscription_id, meter_key, instance_id),
              subscription_id, meter_key, instance_id, hour, quantity, 1
            from (
              select s.*, $START + make_interval(days => d, hours => (7 * s.slot + 5 * i) % 24) as hour,
                (((31 * s.slot + 17 * d + 7 * i) % 99991 + 1) * 0.001)::numeric as quantity
              from bench.slot s
              cross join generate_series(0, $DAYS - 1) d
              cross join lateral generate_series(0, $HOURS) i) as used
            order by hour, subscription_id, meter_key, instance_id""";
    private static final String DAILY = """
            insert into usage_daily (reported_time, seq, subscription_id, meter_key, instance_id, usage_time, quantity,
              record_count)
            select day, row_number() over (partition by day order by subscription_id, meter_key, instance_id),
              subscription_id, meter_key, instance_id, day, sum(quantity), sum(record_count)
            from (select date_trunc('day', reported_time, 'UTC') as day, * from usage_hourly) as hours
            group by day, subscription_id, meter_key, instance_id
            order by day, subscription_id, meter_key, instance_id""";
    private static final List<String> FINISH = List.of(
            """
            insert into usage_by_day (subscription_id, usage_day, meter_key, quantity, record_count)
            select subscription_id, usage_time, meter_key, sum(quantity), sum(record_count)
            from usage_daily
            group by subscription_id, usage_time, meter_key
            order by usage_time, subscription_id, meter_key""",
            """
            insert into usage_report_day (subscription_id, usage_day, reported_day)
            select distinct subscription_id, usage_time, reported_time from usage_daily""",
            """
            insert into usage_window (reported_hour, record_count, late_record_count, aggregate_count, summary_count)
            select hour, coalesce(sum(record_count), 0), 0, count(record_count), 0
            from generate_series($START, $END - interval '1 hour', interval '1 hour') as hour
            left join usage_hourly on reported_time = hour
            group by hour""",
            """
            insert into routed_exclusion (reported_time, subscription_id, meter_key, reason, quantity, record_count)
            select reported_time, subscription_id, meter_key, 'notBilled', sum(quantity), sum(record_count)
            from usage_hourly group by reported_time, subscription_id, meter_key""",
            "update window_state set first_hour = $START, closed_through = $END, sealed_through = $END",
            "update routing_state set routed_through = $END",
            "vacuum (analyze)",
            "checkpoint");

    private final BenchServer server;
    private final Progress progress;

    /** Loads into databases of this server. */
    Load(BenchServer server, Progress progress) {
        this.server = server;
        this.progress = progress;
    }

    /** Writes everything into a database that is migrated and empty. */
    void load(String database, World world) throws IOException {
        progress.say("loading " + Numbers.short3(world.dailyRows()) + " daily rows and "
                + Numbers.short3((double) world.dailyRows() * world.hoursADay()) + " hourly ones into " + database);
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement()) {
            for (String sql : PREPARE) {
                statement.execute(sql);
            }
            directory(connection, world);
            instances(connection, world);
            slots(connection, world);
            for (String sql : List.of(PARTITIONS, HOURLY, DAILY)) {
                statement.execute(timed(sql, world));
            }
            for (String sql : FINISH) {
                statement.execute(timed(sql, world));
            }
        } catch (SQLException failed) {
            throw new IOException("Could not load " + database, failed);
        }
        server.warm(database, warmed(database).toArray(String[]::new));
    }

    /** The tables of aggregates and instances with all their partitions and indexes. */
    private List<String> warmed(String database) throws IOException {
        String names = server.ask(database, """
                select string_agg(c.oid::regclass::text, ',' order by c.relname)
                from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where n.nspname = 'tallygate' and c.relkind in ('r', 'i')
                  and (c.relname like 'usage\\_daily\\_%' or c.relname like 'instance%' or c.relname like 'subscription%'
                    or c.relname like 'meter%' or c.relname like 'usage\\_by\\_day%' or c.relname like 'usage\\_report\\_day%')""");
        return List.of(names.split(",", -1));
    }

    private static String timed(String sql, World world) {
        return sql.replace("$START", time(world.start()))
                .replace("$END", time(world.end()))
                .replace("$DAYS", Integer.toString(World.DAYS))
                .replace("$HOURS", world.hoursADay() == 1 ? "0" : "s.slot % 4");
    }

    private static String time(Instant time) {
        return "timestamptz '" + time + "'";
    }

    private static void directory(Connection connection, World world) throws SQLException {
        copy(
                connection,
                "subscription (subscription_id, tenant_id, display_name, owner, state, provider_subscription_id)",
                lines -> {
                    for (World.Tenancy one : world.directory()) {
                        lines.add(
                                one.subscription(),
                                one.tenant(),
                                "Subscription",
                                "owner@example.com",
                                "Enabled",
                                one.provider());
                    }
                });
    }

    private static void instances(Connection connection, World world) throws SQLException {
        copy(
                connection,
                "instance (subscription_id, instance_id, digest, resource_uri, location, tags, additional_info, instance_data)",
                lines -> {
                    for (int number = 0; number < world.slots(); number++) {
                        Slot slot = Slot.of(number);
                        if (slot.isFirst()) {
                            lines.add(instance(slot));
                        }
                    }
                });
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "select setval(pg_get_serial_sequence('instance', 'instance_id'), max(instance_id)) from instance");
        }
    }

    private static Object[] instance(Slot slot) {
        ResourceInstance resource = slot.resource();
        return new Object[] {
            slot.subscription(),
            slot.instance() + 1,
            resource.digest(),
            resource.resourceUri(),
            resource.location(),
            resource.tags(),
            resource.additionalInfo(),
            resource.instanceData()
        };
    }

    private static void slots(Connection connection, World world) throws SQLException {
        Map<String, Integer> meters = meters(connection);
        copy(connection, "bench.slot (slot, subscription_id, meter_key, instance_id)", lines -> {
            for (int number = 0; number < world.slots(); number++) {
                Slot slot = Slot.of(number);
                lines.add(number, slot.subscription(), meters.get(slot.meterId()), slot.instance() + 1);
            }
        });
    }

    private static Map<String, Integer> meters(Connection connection) throws SQLException {
        Map<String, Integer> keys = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select meter_id, meter_key from meter")) {
            while (rows.next()) {
                keys.put(rows.getString(1), rows.getInt(2));
            }
        }
        return keys;
    }

    private interface Source {
        void writeTo(CopyLines lines) throws SQLException;
    }

    /** Lines of {@code COPY … FROM STDIN} in text format. */
    private static final class CopyLines {
        private final CopyIn copy;

        CopyLines(CopyIn copy) {
            this.copy = copy;
        }

        void add(Object... values) throws SQLException {
            StringBuilder line = new StringBuilder();
            for (Object value : values) {
                line.append(line.length() == 0 ? "" : "\t").append(text(value));
            }
            byte[] bytes = line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
            copy.writeToCopy(bytes, 0, bytes.length);
        }

        private static String text(Object value) {
            if (value == null) {
                return "\\N";
            }
            String text = value instanceof Buffer bytes
                    ? "\\x" + HexFormat.of().formatHex(bytes.getBytes())
                    : value.toString();
            return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n");
        }
    }

    private static void copy(Connection connection, String columns, Source source) throws SQLException {
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn("copy " + columns + " from stdin");
        try {
            source.writeTo(new CopyLines(copy));
            copy.endCopy();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }
}
