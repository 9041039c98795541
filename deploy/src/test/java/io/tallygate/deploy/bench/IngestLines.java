package io.tallygate.deploy.bench;

import io.tallygate.store.Partitions;
import io.tallygate.store.usage.IngestOutcome;
import io.tallygate.store.usage.ReportedAt;
import io.tallygate.store.usage.UsageRecord;
import io.tallygate.store.usage.UsageRecordStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Usage records in, with dedupe, against {@code psql \copy} in binary of the very rows that the store wrote: into
 * {@code usage_identity}, whose unique key is the dedupe, and {@code usage_record}, in one transaction. All resources are
 * known. Every measurement begins with both tables empty, and a checkpoint.
 */
final class IngestLines implements Group {
    private static final int BATCH = 10_000;
    private static final double STORE_TARGET = 0.45;
    private static final double TLS_TARGET = 0.25;
    private static final String IDENTITIES =
            "(select * from usage_identity order by hashtext(record_id)) to '%s' (format binary)";
    private static final String RECORDS = "(select * from usage_record) to '%s' (format binary)";

    private final int records;

    /** With so many records. */
    IngestLines(int records) {
        this.records = records;
    }

    @Override
    public String name() {
        return "ingest";
    }

    @Override
    public List<Line> measure(Site site, Rounds rounds) throws IOException {
        List<UsageRecord> usage = new UsageRecords(site.world(), records).list();
        Path identities = site.directory().resolve("identities.bin");
        Path stored = site.directory().resolve("records.bin");
        Path events = site.directory().resolve("events.ndjson");
        new UsageRecords(site.world(), records).write(events);
        try (StoreAccess access = StoreAccess.open(site.server().config(Site.DATABASE));
                Gateway gateway = site.gateway(true)) {
            UsageRecordStore store = new UsageRecordStore(access.database(), new Partitions());
            empty(site);
            store(store, usage);
            site.psql().run("\\copy " + IDENTITIES.formatted(identities), "\\copy " + RECORDS.formatted(stored));
            Map<String, Measurement> all = new LinkedHashMap<>();
            all.put(
                    "floor",
                    () -> fromEmpty(
                            site,
                            () -> site.psql()
                                    .run(in("usage_identity", identities), in("usage_record", stored))
                                    .seconds()));
            all.put("store", () -> fromEmpty(site, () -> store(store, usage)));
            all.put("tls", () -> fromEmpty(site, () -> post(site, gateway, events)));
            all.put(
                    "one",
                    () -> fromEmpty(
                            site,
                            () -> site.psql().run(in("usage_record", stored)).seconds()));
            gateway.process().forgetPeak();
            Samples samples = rounds.run("ingest of " + Numbers.short3(records) + " records", all);
            Double peak = gateway.process().peakRssMb();
            empty(site);
            return lines(samples, peak);
        }
    }

    private static List<Line> lines(Samples samples, Double peak) {
        String floor = "\\copy in binary of the same rows, identities and records";
        List<Line> lines = new ArrayList<>();
        lines.add(line("store", "ingest with dedupe, in the store, batches of 10,000", samples, "store")
                .against(floor, samples.rates("floor"))
                .to(Target.atLeast(STORE_TARGET)));
        lines.add(line("store.one", "ingest with dedupe, in the store, against none", samples, "store")
                .against("\\copy in binary of the records alone: no dedupe", samples.rates("one")));
        lines.add(line("tls", "ingest with dedupe, NDJSON over TLS", samples, "tls")
                .against(floor, samples.rates("floor"))
                .to(Target.atLeast(TLS_TARGET))
                .peakRss(peak));
        return lines;
    }

    private static Line line(String id, String what, Samples samples, String who) {
        return Line.of("ingest." + id, what, "records/s", Better.HIGHER, samples.rates(who));
    }

    private interface Timed {
        double seconds() throws IOException;
    }

    private Reading fromEmpty(Site site, Timed work) throws IOException {
        empty(site);
        return Reading.rate(records / work.seconds());
    }

    private static void empty(Site site) throws IOException {
        site.server().execute(Site.DATABASE, "truncate usage_identity, usage_record", "checkpoint");
    }

    private static String in(String table, Path file) {
        return "\\copy " + table + " from '" + file + "' (format binary)";
    }

    private static double store(UsageRecordStore store, List<UsageRecord> usage) throws IOException {
        long began = System.nanoTime();
        for (int from = 0; from < usage.size(); from += BATCH) {
            List<UsageRecord> batch = usage.subList(from, Math.min(usage.size(), from + BATCH));
            for (IngestOutcome outcome : store.ingest(batch, ReportedAt.NOW).await()) {
                if (outcome.kind() != IngestOutcome.Kind.Accepted) {
                    throw new IOException("A record was not accepted: " + outcome);
                }
            }
        }
        return (System.nanoTime() - began) / 1e9;
    }

    private double post(Site site, Gateway gateway, Path events) throws IOException {
        Command.Finished posted =
                site.operator().post(gateway.url() + "/usage/records", "application/x-ndjson", events);
        if (!posted.out().contains("\"Accepted\":" + records)) {
            throw new IOException("Not all records were accepted: " + posted.out());
        }
        return posted.seconds();
    }
}
