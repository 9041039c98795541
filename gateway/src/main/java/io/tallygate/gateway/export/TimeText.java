package io.tallygate.gateway.export;

import io.tallygate.gateway.http.WireTime;
import io.tallygate.store.aggregate.AggregationGranularity;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Start and end of usage as bytes. Rows that follow each other mostly have the same: it formats only what changes. */
final class TimeText {
    private final AggregationGranularity granularity;
    private Instant known;
    private byte[] start;
    private byte[] end;

    TimeText(AggregationGranularity granularity) {
        this.granularity = granularity;
    }

    byte[] start(Instant usageStart) {
        know(usageStart);
        return start;
    }

    byte[] end(Instant usageStart) {
        know(usageStart);
        return end;
    }

    private void know(Instant usageStart) {
        if (!usageStart.equals(known)) {
            known = usageStart;
            start = bytes(usageStart);
            end = bytes(usageStart.plus(granularity.length()));
        }
    }

    private static byte[] bytes(Instant time) {
        return WireTime.format(time).getBytes(StandardCharsets.US_ASCII);
    }
}
