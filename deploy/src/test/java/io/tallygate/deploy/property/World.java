package io.tallygate.deploy.property;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestWorld;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.TestPostgres;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/** Two gateways over one database, and who exists in it; some of that only later. */
final class World implements AutoCloseable {
    /** Usage lies within this time before the start. */
    static final int PAST_HOURS = 72;

    /** Chargeable or not, as it is switched. */
    static final String SWITCHED = "b4438d5d-453b-4ee1-b42a-dc72e377f1e4";

    /** Chargeable, known only later. */
    static final String LATE_METER = "property-meter";

    private static final String NORTH = "north";
    // Only the operator's word closes windows: backfill and sealing go on side by side.
    private static final Duration LAG = Duration.ofHours(PAST_HOURS + 100);
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    final Random random;
    final TestPostgres postgres = TestPostgres.fresh();
    final Instant start = Instant.now().truncatedTo(ChronoUnit.HOURS);
    final List<TestGateway> gateways;
    final String registration;
    final UUID base = UUID.randomUUID();
    final List<TenantId> mappedTenants = List.of(tenant(), tenant(), tenant());
    final SubscriptionId lateSubscription = new SubscriptionId(UUID.randomUUID());
    final Map<UUID, TenantId> subscriptions = new LinkedHashMap<>();
    final Set<UUID> notBilled;
    private final TestWorld directory;

    World(Random random) {
        this.random = random;
        // An instrument, not part of the schema: which state of the mappings the statement saw that routed a row.
        postgres.execute("alter table routed_usage add column seen pg_snapshot default pg_current_snapshot();"
                + "alter table routed_exclusion add column seen pg_snapshot default pg_current_snapshot()");
        gateways = List.of(TestGateway.lagging(postgres, LAG), TestGateway.lagging(postgres, LAG));
        directory = new TestWorld(gateways.get(0));
        TenantId free = tenant();
        TenantId developer = tenant();
        UUID withoutRegistration = subscribe(free, "");
        registration = directory.registration(base, NORTH);
        directory.registration(UUID.randomUUID(), "lab", "Development");
        UUID lab = subscribe(developer, ",\"registrationId\":\"lab\"");
        subscribe(mappedTenants.get(0), north());
        subscribe(mappedTenants.get(0), north());
        subscribe(mappedTenants.get(1), north());
        subscriptions.put(lateSubscription.value(), mappedTenants.get(2));
        notBilled = Set.of(withoutRegistration, lab);
    }

    private static TenantId tenant() {
        return new TenantId(UUID.randomUUID());
    }

    private static String north() {
        return ",\"registrationId\":\"" + NORTH + "\"";
    }

    private UUID subscribe(TenantId tenant, String more) {
        UUID id = directory.subscription(tenant, more).value();
        subscriptions.put(id, tenant);
        return id;
    }

    void createLateSubscription() {
        directory.put(lateSubscription, mappedTenants.get(2), north());
    }

    void createLateMeter() {
        putMeter(LATE_METER, true);
    }

    void putMeter(String meter, boolean chargeable) {
        String create = meter.equals(LATE_METER) ? "\"name\":\"Property\",\"unit\":\"units\"," : "";
        HttpCaller.Answer answer =
                operator(0).put("/meters/" + meter, "{" + create + "\"chargeable\":" + chargeable + "}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    HttpCaller operator(int gateway) {
        return HttpCaller.operator(gateways.get(gateway));
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (com.fasterxml.jackson.core.JsonProcessingException broken) {
            throw new AssertionError(text, broken);
        }
    }

    /** Usage of anyone, of a few resources, in some hour of the past days. */
    Payload payload(Random dice) {
        UUID subscription = List.copyOf(subscriptions.keySet()).get(dice.nextInt(subscriptions.size()));
        String meter = List.of(
                        TestWorld.CORE_HOURS.toLowerCase(java.util.Locale.ROOT),
                        "f271a8a388c44d93956a063e1d2fa80b",
                        SWITCHED,
                        LATE_METER)
                .get(dice.nextInt(4));
        String uri = "/subscriptions/" + subscription
                + List.of("/vm-a", "/VM-A", "/vm-b", "/disk-ü").get(dice.nextInt(4));
        JsonNode tags = switch (dice.nextInt(3)) {
            case 0 -> NullNode.getInstance();
            case 1 -> json("{\"department\":\"it\",\"cost\":\"42\"}");
            default -> json("{\"department\":\"sales \\\"quoted\\\"\"}");
        };
        JsonNode info = dice.nextInt(3) > 0 ? NullNode.getInstance() : json("{\"size\":\"A1\",\"cores\":4}");
        Instant hour = start.minus(dice.nextInt(PAST_HOURS + 1), ChronoUnit.HOURS);
        // The current hour is used only in its first minutes: nothing of it may lie ahead of the clock.
        int from = hour.equals(start) ? 0 : dice.nextInt(3600);
        int to = hour.equals(start) ? 60 : from + dice.nextInt(3601 - from);
        return new Payload(
                subscription,
                meter,
                uri,
                "local",
                tags,
                info,
                quantity(dice),
                hour.plusSeconds(from),
                hour.plusSeconds(to));
    }

    static BigDecimal quantity(Random dice) {
        BigDecimal quantity = switch (dice.nextInt(10)) {
            case 0 -> new BigDecimal(new BigInteger(125, dice), 15);
            case 1 -> new BigDecimal(BigInteger.TEN.pow(38).subtract(BigInteger.ONE), 15);
            case 2 -> new BigDecimal(BigInteger.ONE, 15);
            case 3 -> BigDecimal.ZERO;
            default -> new BigDecimal(BigInteger.valueOf(dice.nextInt(1_000_000)), dice.nextInt(7));
        };
        BigDecimal signed = dice.nextInt(6) == 0 ? quantity.negate() : quantity;
        return signed.signum() == 0 ? BigDecimal.ZERO : signed.stripTrailingZeros();
    }

    @Override
    public void close() {
        gateways.forEach(TestGateway::close);
    }
}
