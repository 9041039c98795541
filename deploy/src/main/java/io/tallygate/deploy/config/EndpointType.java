package io.tallygate.deploy.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.routing.commerce.AdapterType;
import io.tallygate.routing.commerce.EndpointConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The type of {@code delivery.endpoints}: a list of objects with common fields and the options of their adapter. */
final class EndpointType {
    private EndpointType() {}

    /** Endpoints of these kinds. */
    static SettingType<List<EndpointConfig>> endpoints(List<AdapterType> adapters) {
        return new SettingType<>("list of endpoints", value -> read(value, adapters));
    }

    private static List<EndpointConfig> read(RawValue value, List<AdapterType> adapters) throws InvalidValueException {
        JsonNode list = value.structure();
        if (list.isTextual() && list.textValue().isBlank()) {
            return List.of();
        }
        if (!list.isArray()) {
            throw new InvalidValueException(
                    "expected a list of {name, adapter, …}; in the environment and in a file of its own as a JSON list");
        }
        List<EndpointConfig> endpoints = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < list.size(); i++) {
            String place = "element " + (i + 1);
            String name = list.get(i).path("name").asText();
            if (!name.isEmpty() && !names.add(name)) {
                problems.add(place + ": name: is that of an endpoint before");
            }
            read(value.with(list.get(i)), place, adapters, problems).ifPresent(endpoints::add);
        }
        if (!problems.isEmpty()) {
            throw new InvalidValueException(problems);
        }
        return List.copyOf(endpoints);
    }

    private static Optional<EndpointConfig> read(
            RawValue value, String place, List<AdapterType> adapters, List<String> problems) {
        if (!value.node().isObject()) {
            problems.add(place + ": expected {name, adapter, …}");
            return Optional.empty();
        }
        return new EndpointReader(value, new ObjectFields(value, place, problems), adapters).read();
    }
}
