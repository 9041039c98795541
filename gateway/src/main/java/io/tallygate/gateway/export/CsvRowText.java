package io.tallygate.gateway.export;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tallygate.store.aggregate.AggregationGranularity;
import io.tallygate.store.aggregate.Instance;
import io.tallygate.store.aggregate.UsageAggregate;
import io.tallygate.store.usage.ResourceInstance;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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

    // An instance's cells are the same in all its rows. They are forgotten with the instance.
    private static final Cache<Instance, InstanceCells> CELLS =
            Caffeine.newBuilder().weakKeys().build();

    private final boolean withTokens;
    private final TimeText times;

    // What lies between the columns that are the row's own.
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

        private static byte[] cells(String... texts) {
            return Arrays.stream(texts)
                    .map(CsvCell::of)
                    .collect(Collectors.joining(","))
                    .getBytes(StandardCharsets.UTF_8);
        }
    }

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
        InstanceCells cells = CELLS.get(row.instance(), InstanceCells::new);
        out.add(times.start(row.usageStart())).add(',').add(times.end(row.usageStart()));
        out.add(',').add(CsvCell.of(row.meter().name()));
        // A number, not a text: a correction's minus is no formula.
        out.add(',').add(row.quantity());
        out.add(',').add(CsvCell.of(row.meter().unit()));
        out.add(',').add(cells.typeToTags);
        out.add(',').add(CsvCell.of(row.meter().id()));
        out.add(',').add(cells.additionalInfo);
        out.add(',').add(row.subscription().value());
        out.add(',').add(cells.tenantAndUri);
        out.add(',').add(row.name());
        if (withTokens) {
            out.add(',').add(tokenOrNull == null ? "" : tokenOrNull);
        }
        out.add(END_OF_LINE);
    }
}
