package io.tallygate.gateway.export;

import io.tallygate.store.aggregate.AggregationGranularity;
import io.tallygate.store.aggregate.MeterLabel;
import io.tallygate.store.aggregate.UsageAggregate;
import io.tallygate.store.usage.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;

/**
 * Rows as the usage API's clients read them: {@code {id,name,type,properties}}, in a page's {@code value} and, one a
 * line, as NDJSON. Both have the same bytes.
 */
public final class JsonRowText implements RowText {
    private static final int UUID_LENGTH = 36;
    private static final byte[] ID = ascii("{\"id\":\"/subscriptions/");
    private static final byte[] NAME = ascii("\",\"name\":\"");
    private static final byte[] START = ascii("\",\"usageStartTime\":\"");
    private static final byte[] END = ascii("\",\"usageEndTime\":\"");
    private static final byte[] INSTANCE = ascii("\",\"instanceData\":");
    private static final byte[] QUANTITY = ascii(",\"quantity\":");
    private static final byte[] TOKEN = ascii(",\"continuationToken\":\"");

    private final byte[] provider;
    private final byte[] type;
    private final TimeText times;
    private final IdentityHashMap<MeterLabel, byte[]> meters = new IdentityHashMap<>();

    /** Rows of one type and granularity. */
    public JsonRowText(AggregateType type, AggregationGranularity granularity) {
        this.provider = ascii("/providers/" + type.wire() + "/");
        this.type = ascii("\",\"type\":\"" + type.wire() + "\",\"properties\":{\"subscriptionId\":\"");
        this.times = new TimeText(granularity);
    }

    @Override
    public void begin(ByteText out) {
        // Lines have no header.
    }

    @Override
    public void add(ByteText out, UsageAggregate row, String tokenOrNull) {
        addObject(out, row);
        if (tokenOrNull != null) {
            out.cut(1).add(TOKEN).add(tokenOrNull).add('"').add('}');
        }
        out.add('\n');
    }

    /** Writes a row alone. */
    public void addObject(ByteText out, UsageAggregate row) {
        int subscription = out.add(ID).length();
        out.add(row.subscription().value());
        int name = out.add(provider).length();
        out.add(row.name());
        out.add(NAME).repeat(name, UUID_LENGTH).add(type).repeat(subscription, UUID_LENGTH);
        out.add(START).add(times.start(row.usageStart()));
        out.add(END).add(times.end(row.usageStart()));
        out.add(INSTANCE).add(row.instance().data());
        // Plain digits: exact, and never in scientific notation, which some clients do not read.
        out.add(QUANTITY).add(row.quantity());
        out.add(meters.computeIfAbsent(row.meter(), JsonRowText::meter));
    }

    private static byte[] meter(MeterLabel meter) {
        String text = ",\"meterId\":" + CanonicalJson.quoted(meter.id()) + ",\"meterName\":"
                + CanonicalJson.quoted(meter.name()) + ",\"unit\":" + CanonicalJson.quoted(meter.unit()) + "}}";
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
