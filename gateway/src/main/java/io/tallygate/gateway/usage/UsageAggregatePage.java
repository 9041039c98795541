package io.tallygate.gateway.usage;

import io.tallygate.gateway.export.ByteText;
import io.tallygate.gateway.export.JsonRowText;
import io.tallygate.store.aggregate.UsageAggregate;
import io.tallygate.store.usage.CanonicalJson;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * A page as clients read it: {@code {"value":[{id,name,type,properties}],"nextLink"}}. On the last page there is no
 * {@code nextLink} at all.
 */
final class UsageAggregatePage {
    private static final int TYPICAL_ROW = 1000;

    private UsageAggregatePage() {}

    static Buffer render(JsonRowText text, List<UsageAggregate> rows, String nextLinkOrNull) {
        ByteText page = new ByteText(64 + rows.size() * TYPICAL_ROW).add("{\"value\":[");
        for (int i = 0; i < rows.size(); i++) {
            text.addObject(i == 0 ? page : page.add(','), rows.get(i));
        }
        page.add(']');
        if (nextLinkOrNull != null) {
            page.add(",\"nextLink\":").add(CanonicalJson.quoted(nextLinkOrNull));
        }
        return page.add('}').take();
    }
}
