package io.tallygate.deploy.config;

import io.tallygate.gateway.collect.ConfiguredSource;
import io.tallygate.gateway.collect.SourceConfig;
import io.tallygate.gateway.collect.SourceOrigin;
import io.tallygate.gateway.collect.SourceType;
import io.tallygate.gateway.http.WireTime;
import io.tallygate.store.aggregate.AggregationGranularity;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads one element of {@code collect.sources}. */
final class SourceReader {
    /** What every source may have. */
    private static final Set<String> OF_ALL =
            Set.of("name", "type", "registration", "granularity", "lag", "begins", "concurrency", "deadline", "caFile");

    private static final SettingType<SourceType> TYPE = ScalarTypes.word(SourceType.class);
    private static final SettingType<Duration> LAG = ScalarTypes.duration(Duration.ZERO, Duration.ofDays(31));
    private static final SettingType<Duration> DEADLINE =
            ScalarTypes.duration(Duration.ofMillis(100), Duration.ofMinutes(10));

    private static final int DEFAULT_CONCURRENCY = 2;
    private static final Duration DEFAULT_DEADLINE = Duration.ofMinutes(1);

    private final RawValue value;
    private final ObjectFields fields;

    SourceReader(RawValue value, ObjectFields fields) {
        this.value = value;
        this.fields = fields;
    }

    /** All that any source may have. */
    static Set<String> fields() {
        return Arrays.stream(SourceType.values())
                .flatMap(type -> fieldsOf(type).stream())
                .collect(Collectors.toSet());
    }

    /** The source, unless something is wrong with it. */
    Optional<ConfiguredSource> read() {
        boolean isDirectory = value.node().path("type").asText().equals(SourceType.directory.name());
        return isDirectory
                ? new DirectoryReader(value, fields).read().map(ConfiguredSource.class::cast)
                : asked().map(ConfiguredSource.class::cast);
    }

    private Optional<SourceConfig> asked() {
        int before = fields.problems();
        Optional<String> name = fields.require("name", NamedObjects::name);
        Optional<SourceType> type = fields.require("type", TYPE);
        fields.allowOnly(type.map(SourceReader::fieldsOf).orElseGet(SourceReader::fields));
        Optional<String> registration = fields.require("registration", ScalarTypes::requireLine);
        AggregationGranularity granularity =
                fields.find("granularity", SourceReader::granularity).orElse(AggregationGranularity.Hourly);
        Optional<Duration> lag = fields.find("lag", LAG);
        Optional<Instant> begins = fields.find("begins", text -> begins(text, granularity));
        int concurrency = fields.find("concurrency", ScalarTypes.integer(1, 64)).orElse(DEFAULT_CONCURRENCY);
        Duration deadline = fields.find("deadline", DEADLINE).orElse(DEFAULT_DEADLINE);
        Optional<String> caPem = fields.find("caFile", text -> PemTypes.certificates(value, value.path(text)));
        Optional<SourceOrigin> origin = type.flatMap(this::origin);
        if (fields.problems() > before) {
            return Optional.empty();
        }
        return Optional.of(new SourceConfig(
                name.orElseThrow(),
                registration.orElseThrow(),
                granularity,
                lag.orElse(type.orElseThrow().usualLag()),
                begins,
                concurrency,
                deadline,
                caPem,
                origin.orElseThrow()));
    }

    private static Set<String> fieldsOf(SourceType type) {
        Set<String> names = new HashSet<>(OF_ALL);
        names.addAll(
                switch (type) {
                    case azureStackHub, tallygate -> StampReader.FIELDS;
                    case cloudKitty -> CloudKittyReader.FIELDS;
                    case directory -> DirectoryReader.FIELDS;
                });
        return names;
    }

    private Optional<SourceOrigin> origin(SourceType type) {
        return switch (type) {
            case azureStackHub, tallygate -> new StampReader(value, fields).read(type);
            case cloudKitty -> new CloudKittyReader(fields).read();
            case directory -> throw new IllegalStateException("A directory has no origin");
        };
    }

    private static AggregationGranularity granularity(String text) throws InvalidValueException {
        return switch (text) {
            case "hourly" -> AggregationGranularity.Hourly;
            case "daily" -> AggregationGranularity.Daily;
            default -> throw new InvalidValueException("expected hourly or daily");
        };
    }

    private static Instant begins(String text, AggregationGranularity granularity) throws InvalidValueException {
        return WireTime.parse(text)
                .filter(granularity::isBoundary)
                .orElseThrow(() -> new InvalidValueException(
                        "expected a whole UTC hour, with daily usage a UTC day, such as 2026-11-01T00:00:00Z"));
    }
}
