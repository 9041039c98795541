package io.tallygate.gateway.export;

import io.tallygate.store.aggregate.AggregationGranularity;
import io.tallygate.store.aggregate.Instance;
import io.tallygate.store.aggregate.MeterLabel;
import io.tallygate.store.aggregate.UsageAggregate;
import io.tallygate.store.usage.ResourceInstance;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.stream.Collectors;

/** Rows as CSV with flat columns: what scripts make of pages by hand. Lines end in CR LF (RFC 4180). */
public final class CsvRowText implements RowText {
    /** The columns, in order. {@code continuationToken} comes last where it was asked for. */
    public static final List<String> COLUMNS = List.of(
            "UsageStartTime",
            "UsageEndTime",
            "MeterName",
            "Quantity",
            "Unit",
            "resourceType",
            "location",
            "resourceGroup",
            "resourceName",
            "tags",
            "MeterId",
            "additionalInfo",
            "subscription",
            "tenant",
            "resourceUri",
            "name");

    private static final byte[] END_OF_LINE = {'\r', '\n'};

    private final boolean withTokens;
    private final TimeText times;
    private final IdentityHashMap<MeterLabel, MeterCells> meters = new IdentityHashMap<>();

    /** Rows of one granularity; with the column of tokens or without. */
    public CsvRowText(AggregationGranularity granularity, boolean withTokens) {
        this.withTokens = withTokens;
        this.times = new TimeText(granularity);
    }

    @Override
    public void begin(ByteText out) {
        out.add(String.join(",", COLUMNS));
        if (withTokens) {
            out.add(",continuationToken");
        }
        out.add(END_OF_LINE);
    }

    @Override
    public void add(ByteText out, UsageAggregate row, String tokenOrNull) {
        InstanceCells instance = row.instance().form(InstanceCells.class, InstanceCells::new);
        MeterCells meter = meters.computeIfAbsent(row.meter(), MeterCells::new);
        out.add(times.start(row.usageStart())).add(',').add(times.end(row.usageStart()));
        out.add(',').add(meter.name);
        // A number, not a text: a correction's minus is no formula.
        out.add(',').add(row.quantity());
        out.add(',').add(meter.unit);
        out.add(',').add(instance.typeToTags);
        out.add(',').add(meter.id);
        out.add(',').add(instance.additionalInfo);
        out.add(',').add(row.subscription().value());
        out.add(',').add(instance.tenantAndUri);
        out.add(',').add(row.name());
        if (withTokens) {
            out.add(',').add(CsvCell.of(tokenOrNull));
        }
        out.add(END_OF_LINE);
    }

    private static final class MeterCells {
        private final byte[] name;
        private final byte[] unit;
        private final byte[] id;

        MeterCells(MeterLabel meter) {
            name = cells(meter.name());
            unit = cells(meter.unit());
            id = cells(meter.id());
        }
    }

    // What lies between the columns that are the row's own: the same in all rows of the instance.
    private static final class InstanceCells {
        private final byte[] typeToTags;
        private final byte[] additionalInfo;
        private final byte[] tenantAndUri;

        InstanceCells(Instance instance) {
            ResourceInstance resource = ResourceInstance.ofInstanceData(instance.subscription(), instance.data());
            ResourcePath path = ResourcePath.of(resource.resourceUri());
            typeToTags = cells(path.type(), resource.location(), path.group(), path.name(), resource.tags());
            additionalInfo = cells(resource.additionalInfo());
            tenantAndUri = cells(instance.tenant().toString(), resource.resourceUri());
        }
    }

    private static byte[] cells(String... texts) {
        return Arrays.stream(texts)
                .map(CsvCell::of)
                .collect(Collectors.joining(","))
                .getBytes(StandardCharsets.UTF_8);
    }
}
