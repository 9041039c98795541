package io.tallygate.deploy.observe;

import io.tallygate.gateway.observe.ObservedRequest;
import io.tallygate.gateway.observe.RequestObserver;
import io.tallygate.gateway.observe.StreamDirection;
import io.tallygate.routing.trace.TraceContext;
import io.tallygate.store.usage.IngestOutcome;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** A line for each request, when it is over, on the logger {@code tallygate.request}: nothing of it says who called. */
public final class RequestLog implements RequestObserver {
    private static final Logger LOG = LoggerFactory.getLogger("tallygate.request");

    @Override
    public void streamBegan(StreamDirection direction) {}

    @Override
    public void stored(Map<IngestOutcome.Kind, Integer> records) {}

    @Override
    public void ended(ObservedRequest request) {
        if (!LOG.isInfoEnabled()) {
            return;
        }
        LoggingEventBuilder line = LOG.atInfo()
                .addKeyValue("method", request.method())
                .addKeyValue("route", request.route())
                .addKeyValue("status", request.status())
                .addKeyValue("outcome", request.outcome().word())
                .addKeyValue(
                        "millis", TimeUnit.NANOSECONDS.toMicros(request.took().toNanos()) / 1e3)
                .addKeyValue("bytes", request.bytes())
                .addKeyValue("credential", request.credential())
                .addKeyValue("requestId", request.id());
        line = with(line, "stream", request.stream().map(StreamDirection::word));
        line = with(line, "correlationId", request.correlationId());
        line = with(line, "traceId", request.trace().map(TraceContext::traceId));
        with(line, "error", request.error()).log("request");
    }

    private static LoggingEventBuilder with(LoggingEventBuilder line, String key, Optional<String> value) {
        return value.isPresent() ? line.addKeyValue(key, value.get()) : line;
    }
}
