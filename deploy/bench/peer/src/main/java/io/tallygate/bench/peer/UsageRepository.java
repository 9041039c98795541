package io.tallygate.bench.peer;

import io.r2dbc.spi.Readable;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Flux;

/** The gateway's statement, read by R2DBC. */
@Repository
class UsageRepository {
    private static final int FETCH_SIZE = 1000;
    private static final String SELECT = """
            select a.reported_time, a.seq, a.subscription_id, a.usage_time, a.quantity, m.meter_id, m.name, m.unit,
              i.digest, i.instance_data
            from (
              select * from %s a
              where a.reported_time >= :after and a.reported_time < :end and (a.reported_time, a.seq) > (:after, :seq)%s
              order by a.reported_time, a.seq%s) a
            join meter m using (meter_key)
            join instance i using (subscription_id, instance_id)
            order by a.reported_time, a.seq""";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'+00:00'");

    private final DatabaseClient database;

    UsageRepository(DatabaseClient database) {
        this.database = database;
    }

    /** The first rows, at most {@code limit}. */
    Flux<UsageAggregate> page(UsageQuery query, int limit) {
        return rows(query, bound(query, " limit :limit").bind("limit", limit));
    }

    /** All rows, through a portal from which {@value #FETCH_SIZE} at a time are fetched as the reader asks for them. */
    Flux<UsageAggregate> all(UsageQuery query) {
        return rows(query, bound(query, "").filter(statement -> statement.fetchSize(FETCH_SIZE)));
    }

    private DatabaseClient.GenericExecuteSpec bound(UsageQuery query, String limit) {
        String subscription = query.subscription() == null ? "" : " and a.subscription_id = :subscription";
        DatabaseClient.GenericExecuteSpec sql = database.sql(
                        SELECT.formatted(query.granularity().table, subscription, limit))
                .bind("after", query.after().reportedTime())
                .bind("seq", query.after().seq())
                .bind("end", query.end());
        return query.subscription() == null ? sql : sql.bind("subscription", query.subscription());
    }

    private static Flux<UsageAggregate> rows(UsageQuery query, DatabaseClient.GenericExecuteSpec sql) {
        return sql.map(row -> aggregate(query, row)).all();
    }

    private static UsageAggregate aggregate(UsageQuery query, Readable row) {
        Instant reportedTime = row.get("reported_time", Instant.class);
        UUID subscription = row.get("subscription_id", UUID.class);
        Instant usageTime = row.get("usage_time", Instant.class);
        String meterId = row.get("meter_id", String.class);
        UUID name = AggregateName.of(
                query.granularity(), reportedTime, subscription, meterId, row.get("digest", byte[].class), usageTime);
        return new UsageAggregate(
                new Position(reportedTime, row.get("seq", Integer.class)),
                "/subscriptions/" + subscription + "/providers/" + query.type() + "/" + name,
                name,
                query.type(),
                new UsageAggregate.Properties(
                        subscription,
                        TIME.format(usageTime.atOffset(ZoneOffset.UTC)),
                        TIME.format(usageTime.plus(query.granularity().length).atOffset(ZoneOffset.UTC)),
                        row.get("instance_data", String.class),
                        row.get("quantity", BigDecimal.class).stripTrailingZeros(),
                        meterId,
                        row.get("name", String.class),
                        row.get("unit", String.class)));
    }
}
