package io.tallygate.gateway.usage;

import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.tallygate.gateway.export.ByteText;
import io.tallygate.gateway.export.JsonRowText;
import io.tallygate.store.aggregate.UsageAggregate;
import io.tallygate.store.usage.CanonicalJson;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.Iterator;
import java.util.List;

/**
 * A page as clients read it: {@code {"value":[{id,name,type,properties}],"nextLink"}}. On the last page there is no
 * {@code nextLink} at all.
 *
 * <p>It is rendered in parts, and after each the event loop turns to the others: one who asks for full pages all the time
 * delays a neighbour by a part, not by a page.
 */
final class UsageAggregatePage {
    // Large objects lie apart in the heap, and to find room for them costs a pause: a page is made of smaller ones.
    private static final int PART = 64 << 10;
    private static final int TYPICAL_ROW = 1000;

    private final Vertx vertx;
    private final JsonRowText text;
    private final Iterator<UsageAggregate> rows;
    private final String nextLinkOrNull;
    private final ByteText part;
    private final CompositeByteBuf page = Unpooled.compositeBuffer(Integer.MAX_VALUE);
    private final Promise<Buffer> whole = Promise.promise();

    private UsageAggregatePage(Vertx vertx, JsonRowText text, List<UsageAggregate> rows, String nextLinkOrNull) {
        this.vertx = vertx;
        this.text = text;
        this.rows = rows.iterator();
        this.nextLinkOrNull = nextLinkOrNull;
        this.part = new ByteText(Math.min(PART, rows.size() * TYPICAL_ROW) + 2 * TYPICAL_ROW);
    }

    /** The page; it must be called on an event loop, and is complete at once if it is small. */
    static Future<Buffer> render(Vertx vertx, JsonRowText text, List<UsageAggregate> rows, String nextLinkOrNull) {
        UsageAggregatePage page = new UsageAggregatePage(vertx, text, rows, nextLinkOrNull);
        page.part.add("{\"value\":[");
        page.goOn();
        return page.whole.future();
    }

    // What is thrown in a handler reaches nobody: the request would hang.
    private void goOn() {
        try {
            addRows();
        } catch (RuntimeException defect) {
            whole.fail(defect);
        }
    }

    private void addRows() {
        while (rows.hasNext()) {
            text.addObject(part, rows.next());
            if (rows.hasNext()) {
                part.add(',');
            }
            if (part.length() >= PART) {
                addPart();
                vertx.runOnContext(again -> goOn());
                return;
            }
        }
        part.add(']');
        if (nextLinkOrNull != null) {
            part.add(",\"nextLink\":").add(CanonicalJson.quoted(nextLinkOrNull));
        }
        part.add('}');
        addPart();
        whole.complete(BufferInternal.buffer(page));
    }

    private void addPart() {
        page.addComponent(true, ((BufferInternal) part.take()).getByteBuf());
    }
}
