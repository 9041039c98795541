package io.tallygate.store.aggregate;

import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallygate.store.testing.StoreWorld;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Meters and instances of rows: read when they are not in memory, and then what is committed. */
class DimensionsIT {
    private static final long ROOMY = 1 << 20;
    private static final long NO_ROOM = 1;
    private static final String INSTANCE = """
            insert into instance (subscription_id, instance_id, digest, resource_uri, location, instance_data)
            overriding system value values ('%s', %d, sha256('%s'), '/x', 'local', '%s')""";
    private static final String USAGE = """
            insert into usage_hourly (reported_time, seq, subscription_id, meter_key, instance_id, usage_time, quantity,
              record_count)
            values ('2026-03-01Z', %d, '%s', 1, %d, '2026-03-01Z', 1, 1)""";

    private StoreWorld world;

    @BeforeEach
    void fill() {
        world = new StoreWorld();
        world.postgres.execute("select ensure_partitions('2026-03-01Z')");
        for (int instance = 1; instance <= 50; instance++) {
            world.postgres.execute(instance(instance, "data " + instance));
        }
        // Each instance in two rows, which do not follow each other.
        for (int row = 1; row <= 100; row++) {
            world.postgres.execute(usage(row, (row - 1) % 50 + 1));
        }
    }

    @AfterEach
    void close() {
        world.close();
    }

    private String instance(long id, String data) {
        return INSTANCE.formatted(world.subscription, id, data, data);
    }

    private String usage(int seq, long instance) {
        return USAGE.formatted(seq, world.subscription, instance);
    }

    private Dimensions.Of read(Dimensions dimensions) {
        String sql = "select " + AggregateRows.COLUMNS + " from usage_hourly a order by a.reported_time, a.seq";
        return await(world.database
                .read(connection -> connection.preparedQuery(sql).execute())
                .compose(rows -> dimensions.of(world.database, rows)));
    }

    private List<String> data(Dimensions dimensions) {
        return read(dimensions).instances().stream()
                .map(instance -> new String(instance.data(), StandardCharsets.UTF_8))
                .toList();
    }

    private static List<String> expected() {
        return java.util.stream.IntStream.range(0, 100)
                .mapToObj(row -> "data " + (row % 50 + 1))
                .toList();
    }

    @Test
    void rowsHaveTheirMetersAndInstancesInTheirOrder() {
        Dimensions.Of of = read(new Dimensions(ROOMY));
        assertThat(of.meters()).hasSize(100).containsOnly(of.meters().get(0));
        assertThat(of.meters().get(0).name()).isEqualTo("Static IP Address Usage");
        assertThat(of.instances())
                .allSatisfy(instance -> assertThat(instance.subscription()).isEqualTo(world.subscription));
        assertThat(data(new Dimensions(ROOMY))).isEqualTo(expected());
    }

    @Test
    void rowsOfOneInstanceShareItAlsoWhenItWasNotInMemory() {
        for (long room : new long[] {ROOMY, NO_ROOM}) {
            List<Instance> instances = read(new Dimensions(room)).instances();
            for (int i = 0; i < 50; i++) {
                assertThat(instances.get(i)).isSameAs(instances.get(i + 50));
            }
        }
    }

    @Test
    void whatIsInMemoryIsNotReadAgain() {
        Dimensions dimensions = new Dimensions(ROOMY);
        List<Instance> before = read(dimensions).instances();
        world.postgres.execute("update instance set instance_data = 'changed'");
        List<Instance> after = read(dimensions).instances();
        for (int i = 0; i < before.size(); i++) {
            assertThat(after.get(i)).isSameAs(before.get(i));
        }
    }

    @Test
    void whatHasNoRoomInMemoryIsReadAgain() {
        Dimensions dimensions = new Dimensions(NO_ROOM);
        for (int i = 0; i < 3; i++) {
            assertThat(data(dimensions)).isEqualTo(expected());
        }
        world.postgres.execute("update instance set instance_data = 'changed'");
        // Eviction happens in the background, soon.
        org.awaitility.Awaitility.await()
                .untilAsserted(() -> assertThat(data(dimensions)).containsOnly("changed"));
    }

    @Test
    void someRoomIsForSomeOfThem() {
        Dimensions dimensions = new Dimensions(10L * (300 + 2 * "data 50".length()));
        for (int i = 0; i < 5; i++) {
            assertThat(data(dimensions)).isEqualTo(expected());
        }
    }

    @Test
    void whatWasRolledBackIsNeverInMemory() throws SQLException {
        Dimensions dimensions = new Dimensions(ROOMY);
        try (Connection other = connect();
                Statement statement = other.createStatement()) {
            statement.execute(instance(1000, "rolled back"));
            statement.execute(usage(101, 1000));
            assertThat(data(dimensions)).isEqualTo(expected());
            other.rollback();
        }
        assertThat(data(dimensions)).isEqualTo(expected());
        world.postgres.execute(instance(1000, "committed"));
        world.postgres.execute(usage(101, 1000));
        assertThat(data(dimensions)).hasSize(101).endsWith("committed").doesNotContain("rolled back");
    }

    @Test
    void aMeterThatIsNewIsReadWhenARowHasIt() {
        Dimensions dimensions = new Dimensions(ROOMY);
        read(dimensions);
        world.postgres.execute("""
                insert into meter (meter_id, name, resource_provider, unit, deprecated, chargeable, overlapping,
                  commerce_meter_id)
                values ('new', 'New', 'Test', 'pieces', false, false, '{}', 'new')""");
        world.postgres.execute("update usage_hourly set meter_key = (select max(meter_key) from meter) where seq = 7");
        assertThat(read(dimensions).meters().get(6)).isEqualTo(new MeterLabel("new", "New", "pieces"));
    }

    @Test
    void aRowNeverShowsAnInstanceOfAnotherSubscription() {
        Dimensions dimensions = new Dimensions(ROOMY);
        read(dimensions);
        world.postgres.execute(USAGE.formatted(101, UUID.randomUUID(), 1));
        for (Dimensions any : List.of(dimensions, new Dimensions(ROOMY))) {
            assertThatThrownBy(() -> read(any)).hasMessageContaining("1 instances of aggregates are not there");
        }
    }

    private Connection connect() throws SQLException {
        Connection connection = world.postgres.connect();
        connection.setAutoCommit(false);
        return connection;
    }
}
