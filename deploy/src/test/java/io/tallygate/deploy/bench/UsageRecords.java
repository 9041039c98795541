package io.tallygate.deploy.bench;

import io.tallygate.store.usage.ResourceInstance;
import io.tallygate.store.usage.UsageRecord;
import java.io.BufferedWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Usage of the last full hour by the world's resources; the same records with the same identities each time. */
final class UsageRecords {
    private static final String SOURCE = "/providers/Microsoft.Compute";

    private final World world;
    private final int count;
    private final Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(Duration.ofHours(1));

    /** So many; each slot of the world in turn. */
    UsageRecords(World world, int count) {
        this.world = world;
        this.count = count;
    }

    /** As the store takes them. */
    List<UsageRecord> list() {
        List<UsageRecord> records = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Slot slot = slot(i);
            records.add(new UsageRecord(
                    SOURCE, id(i), slot.meterId(), slot.resource(), quantity(i), hour, hour.plus(1, ChronoUnit.HOURS)));
        }
        return records;
    }

    /** Writes them as events, one a line. */
    void write(Path file) throws IOException {
        write(file, 0, 1);
    }

    /** Writes one of several parts of them; they are shared out in turn. */
    void write(Path file, int part, int parts) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            for (int i = part; i < count; i += parts) {
                out.write(event(i));
                out.write('\n');
            }
        }
    }

    private String event(int i) {
        Slot slot = slot(i);
        ResourceInstance resource = slot.resource();
        return "{\"specversion\":\"1.0\",\"type\":\"io.tallygate.usage.v1\",\"source\":\"" + SOURCE + "\",\"id\":\""
                + id(i) + "\",\"subject\":\"" + slot.subscription() + "\",\"data\":{\"meterId\":\"" + slot.meterId()
                + "\",\"resourceUri\":\"" + resource.resourceUri() + "\",\"location\":\"" + resource.location()
                + "\",\"tags\":" + resource.tags() + ",\"additionalInfo\":" + resource.additionalInfo()
                + ",\"quantity\":" + quantity(i).toPlainString() + ",\"usageStartTime\":\"" + hour
                + "\",\"usageEndTime\":\"" + hour.plus(1, ChronoUnit.HOURS) + "\"}}";
    }

    private Slot slot(int i) {
        return Slot.of(i % world.slots());
    }

    private static String id(int i) {
        return UUID.nameUUIDFromBytes(("record " + i).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    private static BigDecimal quantity(int i) {
        return BigDecimal.valueOf(i % 99_991 + 1, 3);
    }
}
