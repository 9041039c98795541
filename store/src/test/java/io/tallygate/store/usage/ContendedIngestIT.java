package io.tallygate.store.usage;

import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.store.Database;
import io.tallygate.store.Partitions;
import io.tallygate.store.testing.StoreWorld;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ContendedIngestIT {
    private static final int IDENTITIES = 1000;
    private static final int BATCH = 50;
    private static final List<String> PAYLOADS = List.of("1", "2", "3");

    @Test
    void identitiesSentByManyAtOnceAreEachStoredOnceAndEveryOutcomeFits() {
        Vertx vertx = Vertx.vertx();
        Vertx anotherVertx = Vertx.vertx();
        try (StoreWorld world = new StoreWorld()) {
            List<Database> pools = List.of(
                    world.database,
                    Database.open(vertx, world.postgres.config()),
                    Database.open(anotherVertx, world.postgres.config()));
            Map<String, List<String>> outcomes = new HashMap<>();
            List<List<UsageRecord>> batches = new ArrayList<>();
            List<Future<List<IngestOutcome>>> answers = new ArrayList<>();
            // Pairs of senders agree on what a record says; each has an order of its own, and all send at once.
            List<List<List<UsageRecord>>> bySender = IntStream.range(0, 6)
                    .mapToObj(sender -> batches(world, PAYLOADS.get(sender % 3), new Random(sender)))
                    .toList();
            for (int batch = 0; batch < IDENTITIES / BATCH; batch++) {
                for (int sender = 0; sender < 6; sender++) {
                    UsageRecordStore store = new UsageRecordStore(pools.get(sender / 2), new Partitions());
                    batches.add(bySender.get(sender).get(batch));
                    answers.add(store.ingest(bySender.get(sender).get(batch), ReportedAt.NOW));
                }
            }
            for (int i = 0; i < batches.size(); i++) {
                List<String> names = StoreWorld.names(await(answers.get(i)));
                for (int j = 0; j < BATCH; j++) {
                    UsageRecord record = batches.get(i).get(j);
                    outcomes.computeIfAbsent(record.id(), id -> new ArrayList<>())
                            .add(names.get(j) + " " + record.quantity());
                }
            }
            List<String> stored = world.postgres.query("select record_id, round(quantity) from usage_record");
            assertThat(stored).hasSize(IDENTITIES);
            for (String row : stored) {
                String id = row.split("\\|", -1)[0];
                String winner = row.split("\\|", -1)[1];
                List<String> expected = new ArrayList<>(List.of("Accepted " + winner, "Duplicate " + winner));
                PAYLOADS.stream()
                        .filter(other -> !other.equals(winner))
                        .forEach(other -> expected.addAll(List.of("Conflict " + other, "Conflict " + other)));
                assertThat(outcomes.get(id)).as(id).containsExactlyInAnyOrderElementsOf(expected);
            }
            assertThat(world.postgres.query("select count(*) from conflicting_record"))
                    .containsExactly(Integer.toString(2 * IDENTITIES));
            assertThat(world.postgres.query("select count(distinct round(quantity)) from usage_record"))
                    .as("several senders won")
                    .doesNotContain("1");
            pools.subList(1, 3).forEach(pool -> await(pool.close()));
            await(Future.all(vertx.close(), anotherVertx.close()));
        }
    }

    private static List<List<UsageRecord>> batches(StoreWorld world, String quantity, Random order) {
        List<UsageRecord> records = new ArrayList<>();
        for (int i = 0; i < IDENTITIES; i++) {
            records.add(world.record("c" + i, quantity));
        }
        Collections.shuffle(records, order);
        List<List<UsageRecord>> batches = new ArrayList<>();
        for (int i = 0; i < IDENTITIES; i += BATCH) {
            batches.add(records.subList(i, i + BATCH));
        }
        return batches;
    }
}
