package io.tallygate.gateway.collect;

import io.tallygate.store.aggregate.AggregationGranularity;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One configured source.
 *
 * @param name lower-case letters, digits and hyphens; part of the identity of what is collected, so it never changes
 * @param registration name or resource id of the registration whose usage it is
 * @param granularity in which it is asked for usage
 * @param lag how long after its end a window is final there
 * @param begins from where on it is collected; if it is left out, from seven days before the first start
 * @param concurrency how many windows are pulled at once, of all gateways together
 * @param deadline for one page, from the call to the last byte, a token and a second try with a new one included
 * @param caPem the authorities to trust instead of the Java runtime's, by the source and by who gives its tokens
 */
public record SourceConfig(
        String name,
        String registration,
        AggregationGranularity granularity,
        Duration lag,
        Optional<Instant> begins,
        int concurrency,
        Duration deadline,
        Optional<String> caPem,
        SourceOrigin origin)
        implements ConfiguredSource {

    /** What kind of source it is. */
    public SourceType type() {
        return origin.type();
    }

    /** Without what is long or secret. */
    @Override
    public String toString() {
        return "SourceConfig[" + name + ", " + type() + ", " + origin.url() + "]";
    }
}
