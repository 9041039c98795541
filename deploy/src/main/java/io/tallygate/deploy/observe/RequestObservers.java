package io.tallygate.deploy.observe;

import io.tallygate.gateway.observe.ObservedRequest;
import io.tallygate.gateway.observe.RequestObserver;
import io.tallygate.gateway.observe.StreamDirection;
import io.tallygate.store.usage.IngestOutcome;
import java.util.List;
import java.util.Map;

/** Tells several observers. */
record RequestObservers(List<RequestObserver> observers) implements RequestObserver {
    @Override
    public void streamBegan(StreamDirection direction) {
        observers.forEach(each -> each.streamBegan(direction));
    }

    @Override
    public void stored(Map<IngestOutcome.Kind, Integer> records) {
        observers.forEach(each -> each.stored(records));
    }

    @Override
    public void ended(ObservedRequest request) {
        observers.forEach(each -> each.ended(request));
    }
}
