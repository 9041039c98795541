package io.tallygate.deploy.config;

import io.tallygate.gateway.collect.SourceAccess;
import io.tallygate.gateway.collect.SourceConfig;
import io.tallygate.gateway.collect.SourceType;
import io.tallygate.gateway.http.WireTime;
import io.tallygate.store.aggregate.AggregationGranularity;
import io.tallygate.store.directory.SubscriptionId;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads one element of {@code collect.sources}. */
final class SourceReader {
    /** All that a source may have, and the file that its secret may be in. */
    static final Set<String> FIELDS = Set.of(
            "name",
            "type",
            "registration",
            "url",
            "operatorSubscriptionId",
            "granularity",
            "lag",
            "begins",
            "concurrency",
            "deadline",
            "caFile",
            "tokenUrl",
            "clientId",
            "clientSecret",
            "clientSecretFile",
            "scope",
            "resource",
            "tokenFile");

    private static final List<String> OF_CLIENTS = List.of("tokenUrl", "clientId", "clientSecret", "scope", "resource");
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

    /** The source, unless something is wrong with it. */
    Optional<SourceConfig> read() {
        int before = fields.problems();
        fields.allowOnly(FIELDS);
        Optional<String> name = fields.require("name", NamedObjects::name);
        Optional<SourceType> type = fields.require("type", TYPE);
        Optional<String> registration = fields.require("registration", ScalarTypes::requireLine);
        Optional<URI> url = fields.require("url", SourceReader::base);
        Optional<SubscriptionId> operator =
                fields.require("operatorSubscriptionId", text -> new SubscriptionId(ScalarTypes.parseUuid(text)));
        AggregationGranularity granularity =
                fields.find("granularity", SourceReader::granularity).orElse(AggregationGranularity.Hourly);
        Optional<Duration> lag = fields.find("lag", LAG);
        Optional<Instant> begins = fields.find("begins", text -> begins(text, granularity));
        int concurrency = fields.find("concurrency", ScalarTypes.integer(1, 64)).orElse(DEFAULT_CONCURRENCY);
        Duration deadline = fields.find("deadline", DEADLINE).orElse(DEFAULT_DEADLINE);
        Optional<String> caPem = fields.find("caFile", text -> PemTypes.certificates(value, value.path(text)));
        Optional<SourceAccess> access = fields.has("tokenFile") ? withTokenFile() : asClient();
        if (fields.problems() > before) {
            return Optional.empty();
        }
        return Optional.of(new SourceConfig(
                name.orElseThrow(),
                type.orElseThrow(),
                registration.orElseThrow(),
                url.orElseThrow(),
                operator.orElseThrow(),
                granularity,
                lag.orElse(type.orElseThrow().usualLag()),
                begins,
                concurrency,
                deadline,
                caPem,
                access.orElseThrow()));
    }

    // Something else writes it, perhaps a moment after the gateway is started: it need not be there yet.
    private Optional<SourceAccess> withTokenFile() {
        OF_CLIENTS.stream()
                .filter(fields::hasSecret)
                .forEach(name -> fields.problem(name + " does not go with tokenFile: expected one or the other"));
        return fields.find("tokenFile", text -> new SourceAccess.TokenFile(value.path(text)));
    }

    private Optional<SourceAccess> asClient() {
        Optional<URI> tokenUrl = fields.require("tokenUrl", text -> URI.create(EndpointOptions.url(text)));
        Optional<String> clientId = fields.require("clientId", ScalarTypes::requireLine);
        if (!fields.hasSecret("clientSecret")) {
            fields.problem("clientSecret is required, or tokenFile");
        }
        Optional<String> secret = fields.findSecret("clientSecret", ScalarTypes::requireLine);
        if (fields.has("scope") == fields.has("resource")) {
            fields.problem("expected one of scope (Entra ID) and resource (AD FS)");
        }
        String field = fields.has("scope") ? "scope" : "resource";
        Optional<String> audience = fields.find(field, ScalarTypes::requireLine);
        return tokenUrl.isEmpty() || clientId.isEmpty() || secret.isEmpty() || audience.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new SourceAccess.Client(tokenUrl.get(), clientId.get(), secret.get(), field, audience.get()));
    }

    private static URI base(String text) throws InvalidValueException {
        return URI.create(EndpointOptions.url(text).replaceFirst("/+\\z", ""));
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
