package io.tallygate.gateway.usage;

import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.tallygate.gateway.export.ByteText;
import io.tallygate.gateway.export.JsonRowText;
import io.tallygate.store.aggregate.UsageAggregate;
import io.tallygate.store.usage.CanonicalJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.List;

/**
 * A page as clients read it: {@code {"value":[{id,name,type,properties}],"nextLink"}}. On the last page there is no
 * {@code nextLink} at all.
 */
final class UsageAggregatePage {
    // Large objects lie apart in the heap, and to find room for them costs a pause: a page is made of smaller ones.
    private static final int PART = 64 << 10;
    private static final int TYPICAL_ROW = 1000;

    private UsageAggregatePage() {}

    static Buffer render(JsonRowText text, List<UsageAggregate> rows, String nextLinkOrNull) {
        CompositeByteBuf page = Unpooled.compositeBuffer(Integer.MAX_VALUE);
        ByteText part = new ByteText(Math.min(PART, rows.size() * TYPICAL_ROW) + 2 * TYPICAL_ROW).add("{\"value\":[");
        for (int i = 0; i < rows.size(); i++) {
            text.addObject(i == 0 ? part : part.add(','), rows.get(i));
            if (part.length() >= PART) {
                add(page, part);
            }
        }
        part.add(']');
        if (nextLinkOrNull != null) {
            part.add(",\"nextLink\":").add(CanonicalJson.quoted(nextLinkOrNull));
        }
        add(page, part.add('}'));
        return BufferInternal.buffer(page);
    }

    private static void add(CompositeByteBuf page, ByteText part) {
        page.addComponent(true, ((BufferInternal) part.take()).getByteBuf());
    }
}
