package io.tallygate.deploy.config;

import io.tallygate.routing.commerce.AdapterType;
import io.tallygate.routing.commerce.EndpointConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads one element of {@code delivery.endpoints}. */
final class EndpointReader {
    private static final Set<String> COMMON = Set.of(
            "name",
            "adapter",
            "caFile",
            "settle",
            "maxAge",
            "dedupeWindow",
            "batchLimit",
            "concurrency",
            "rate",
            "deadline",
            "breakerFailures",
            "breakerReset");

    private static final Duration LONGEST = Duration.ofDays(3660);
    private static final SettingType<Duration> SETTLE = ScalarTypes.duration(Duration.ZERO, Duration.ofDays(31));
    private static final SettingType<Duration> AGE = ScalarTypes.duration(Duration.ofHours(1), LONGEST);
    private static final SettingType<Duration> DEDUPE = ScalarTypes.duration(Duration.ofMinutes(1), LONGEST);
    private static final SettingType<Duration> DEADLINE =
            ScalarTypes.duration(Duration.ofMillis(100), Duration.ofMinutes(10));
    private static final SettingType<Duration> RESET =
            ScalarTypes.duration(Duration.ofMillis(100), Duration.ofHours(1));

    private static final int DEFAULT_CONCURRENCY = 4;
    private static final int DEFAULT_RATE = 0;
    private static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(20);
    private static final int DEFAULT_FAILURES = 5;
    private static final Duration DEFAULT_RESET = Duration.ofSeconds(30);

    private final RawValue value;
    private final ObjectFields fields;
    private final List<AdapterType> adapters;

    EndpointReader(RawValue value, ObjectFields fields, List<AdapterType> adapters) {
        this.value = value;
        this.fields = fields;
        this.adapters = adapters;
    }

    /** The endpoint, unless something is wrong with it. */
    Optional<EndpointConfig> read() {
        int before = fields.problems();
        Optional<String> name = fields.require("name", NamedObjects::name);
        Optional<AdapterType> adapter = fields.require("adapter", this::adapter);
        EndpointOptions options = new EndpointOptions(value, fields);
        fields.allowOnly(known(adapter, options));
        EndpointConfig config = new EndpointConfig(
                name.orElse(""),
                adapter.orElse(null),
                adapter.map(options::read).orElse(null),
                fields.find("caFile", text -> PemTypes.certificates(value, value.path(text))),
                fields.find("settle", SETTLE),
                fields.find("maxAge", AGE),
                fields.find("dedupeWindow", DEDUPE),
                fields.find("batchLimit", ScalarTypes.integer(1, 10_000)),
                fields.find("concurrency", ScalarTypes.integer(1, 1000)).orElse(DEFAULT_CONCURRENCY),
                fields.find("rate", ScalarTypes.integer(0, 100_000)).orElse(DEFAULT_RATE),
                fields.find("deadline", DEADLINE).orElse(DEFAULT_DEADLINE),
                new EndpointConfig.Breaker(
                        fields.find("breakerFailures", ScalarTypes.integer(1, 1000))
                                .orElse(DEFAULT_FAILURES),
                        fields.find("breakerReset", RESET).orElse(DEFAULT_RESET)));
        // Else every event would be set aside before it is sent for the first time.
        if (config.dedupeWindow()
                .filter(window -> window.compareTo(config.lease()) <= 0)
                .isPresent()) {
            fields.problem("dedupeWindow: expected more than twice the deadline and 5 s, which is " + config.lease());
        }
        // Else all usage would be too old before it is composed.
        if (config.settle().isPresent()
                && config.maxAge()
                        .filter(age -> age.compareTo(config.settle().get()) <= 0)
                        .isPresent()) {
            fields.problem("settle: expected less than maxAge, which is "
                    + config.maxAge().get());
        }
        return fields.problems() == before ? Optional.of(config) : Optional.empty();
    }

    private Set<String> known(Optional<AdapterType> adapter, EndpointOptions options) {
        Set<String> known = new TreeSet<>(COMMON);
        // Of an adapter that is not known, every option may be meant.
        adapter.map(List::of).orElse(adapters).forEach(type -> known.addAll(options.fieldsOf(type)));
        return known;
    }

    private AdapterType adapter(String text) throws InvalidValueException {
        Optional<AdapterType> found =
                adapters.stream().filter(type -> type.name().equals(text)).findFirst();
        if (found.isEmpty()) {
            throw new InvalidValueException("expected one of "
                    + adapters.stream().map(AdapterType::name).sorted().collect(Collectors.joining(", ")));
        }
        return found.get();
    }
}
