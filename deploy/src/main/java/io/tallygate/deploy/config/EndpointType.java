package io.tallygate.deploy.config;

import io.tallygate.routing.commerce.AdapterType;
import io.tallygate.routing.commerce.EndpointConfig;
import java.util.List;

/** The type of {@code delivery.endpoints}: a list of objects with common fields and the options of their adapter. */
final class EndpointType {
    private EndpointType() {}

    /** Endpoints of these kinds. */
    static SettingType<List<EndpointConfig>> endpoints(List<AdapterType> adapters) {
        return new NamedObjects<EndpointConfig>(
                        "endpoints",
                        "an endpoint",
                        "{name, adapter, …}",
                        (value, fields) -> new EndpointReader(value, fields, adapters).read())
                .type();
    }
}
