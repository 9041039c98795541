package io.tallygate.deploy.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.deploy.testing.TestWorld;
import io.tallygate.gateway.auth.Role;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;

/** Tenants, subscriptions and payers on a site, and what operators do there while everything goes on. */
final class World {
    /** Hours in which usage is: later ones, up to now, stay free for what comes late. */
    static final int USED_HOURS = 8;

    /** How many hours can be sealed one by one, those ahead with them. */
    static final int SEALABLE_HOURS = 36;

    /** All are chargeable but the last. */
    static final List<String> METERS = List.of(
            TestWorld.CORE_HOURS,
            "9CD92D4C-BAFD-4492-B278-BEDC2DE8232A",
            "09F8879E-87E9-4305-A572-4B7BE209F857",
            "B4438D5D-453B-4EE1-B42A-DC72E377F1E4",
            "B5C15376-6C94-4FDD-B655-1A69D138ACA3",
            "B03C6AE7-B080-4BFA-84A3-22C800F315C6",
            "380874f9-300c-48e0-95a0-d2d9a21ade8f",
            "1b77d90f-427b-4435-b4f1-d78adec53222",
            "d5f7731b-f639-404a-89d0-e46186e22c8d",
            TestWorld.STATIC_IP);

    private static final String VERSION = "?api-version=2022-06-01";

    final UUID base = UUID.randomUUID();
    final List<UUID> customers = Stream.generate(UUID::randomUUID).limit(8).toList();
    private final UUID newCustomer = UUID.randomUUID();
    final List<TenantId> tenants =
            Stream.generate(() -> new TenantId(UUID.randomUUID())).limit(6).toList();
    final List<SubscriptionId> subscriptions = new ArrayList<>();
    final Instant firstHour = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(20, ChronoUnit.HOURS);
    private final Site site;
    private final String registration;
    private Instant sealed = firstHour;

    World(Site site) {
        this.site = site;
        this.registration = "/subscriptions/" + base
                + "/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations/faults";
        must(() -> any().put(
                        registration + VERSION,
                        "{\"location\":\"global\",\"properties\":{\"registrationToken\":\"token\"}}"));
        for (TenantId tenant : tenants) {
            for (int i = 0; i < 2; i++) {
                SubscriptionId subscription = new SubscriptionId(UUID.randomUUID());
                subscriptions.add(subscription);
                must(() -> any().put(
                                "/subscriptions/" + TestGateway.OPERATOR_SUBSCRIPTION
                                        + "/providers/Microsoft.Subscriptions.Admin/subscriptions/" + subscription
                                        + "?api-version=2015-11-01",
                                "{\"displayName\":\"Test\",\"owner\":\"a@example.com\",\"tenantId\":\"" + tenant
                                        + "\"}"));
            }
        }
        for (int i = 0; i < tenants.size() - 1; i++) {
            map(tenants.get(i), customers.get(i), firstHour);
        }
    }

    /** The operator, at either gateway. */
    Api operator(Random dice) {
        return new Api(site.gatewayUrl(dice.nextInt(2)), token());
    }

    /** Seals and routes the next hour; beyond the present it seals early. */
    void sealNext() {
        Instant next = sealed.plus(1, ChronoUnit.HOURS);
        if (next.isBefore(Instant.now().plus(20, ChronoUnit.HOURS))) {
            sealThrough(next);
        }
    }

    /** Seals what is before the first hour. */
    void sealEarlier() {
        sealThrough(firstHour);
    }

    /** Seals the next hour that is over; false if all are. */
    boolean sealNextOver() {
        Instant next = sealed.plus(1, ChronoUnit.HOURS);
        if (next.isAfter(Instant.now())) {
            return false;
        }
        sealThrough(next);
        return true;
    }

    /** Through which hour it sealed. */
    Instant sealed() {
        return sealed;
    }

    /** The path of the one registration. */
    String registration() {
        return registration;
    }

    /** Seals everything that was reported so far, and waits until it is routed. */
    void sealAll() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
        sealThrough(sealed.isBefore(now) ? now : sealed.plus(1, ChronoUnit.HOURS));
        await("routed").atMost(Duration.ofMinutes(5)).until(() -> {
            Optional<Api.Answer> windows = any().get("/windows");
            String routed =
                    windows.map(a -> a.json().path("routedThrough").asText()).orElse("null");
            return routed.startsWith("2")
                    && !Instant.parse(routed.replace("+00:00", "Z")).isBefore(sealed);
        });
    }

    /** Lets another customer subscription pay for a tenant from some hour on, perhaps of the past; may be refused. */
    void remap(Random dice) {
        TenantId tenant = tenants.get(dice.nextInt(tenants.size()));
        UUID customer = customers.get(dice.nextInt(customers.size()));
        Instant from = firstHour.plus(dice.nextInt(USED_HOURS), ChronoUnit.HOURS);
        operator(dice).put(mappingPath(customer), mapping(tenant, from));
    }

    /** Lets a customer subscription that never paid pay for a tenant's usage from the beginning on. */
    void remapSurely() {
        map(tenants.get(0), newCustomer, firstHour);
    }

    /** Moves what is routed to whoever should pay for it by now. */
    void reroute(Random dice) {
        operator(dice).post("/reroute", "application/json", rerouteEverything());
    }

    /** The same, until an answer says that it is done. */
    void rerouteSurely() {
        must(() -> any().post("/reroute", "application/json", rerouteEverything()));
    }

    /** Lets go on whatever was held after a refusal. */
    void resumePayers() {
        for (UUID payer : customers) {
            resume(payer);
        }
        resume(newCustomer);
        resume(base);
    }

    Api.Answer reconciliation() {
        Instant from = firstHour.truncatedTo(ChronoUnit.DAYS);
        Instant to = sealed.truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS);
        return must(() -> any().get("/reconciliation?from=" + from + "&to=" + to + "&groupBy=day,tenant,meter"));
    }

    private void resume(UUID payer) {
        must(() -> any().post("/payers/" + payer + "/resume", "application/json", "{}"));
    }

    private void map(TenantId tenant, UUID customer, Instant from) {
        must(() -> any().put(mappingPath(customer), mapping(tenant, from)));
    }

    private void sealThrough(Instant through) {
        must(() -> any().post("/windows/seal", "application/json", "{\"through\":\"" + through + "\"}"));
        sealed = through;
    }

    private String rerouteEverything() {
        return "{\"from\":\"" + firstHour + "\"}";
    }

    private String mappingPath(UUID customer) {
        return registration + "/customerSubscriptions/" + customer + VERSION;
    }

    private static String mapping(TenantId tenant, Instant from) {
        return "{\"properties\":{\"tenantId\":\"" + tenant + "\",\"effectiveFrom\":\"" + from + "\"}}";
    }

    // Gateways come and go: whichever answers.
    Api any() {
        return operator(new Random());
    }

    static String token() {
        return TestIdentity.get().token(TestIdentity.OPERATOR, Role.values());
    }

    // Whatever is asked for here is idempotent.
    private static Api.Answer must(java.util.function.Supplier<Optional<Api.Answer>> request) {
        for (int i = 0; i < 600; i++) {
            Optional<Api.Answer> answer = request.get();
            if (answer.isPresent()
                    && answer.get().status() < 500
                    && answer.get().status() != 429) {
                assertThat(answer.get().status()).as(answer.get().body()).isBetween(200, 204);
                return answer.get();
            }
            Moments.pass(100);
        }
        throw new AssertionError("No gateway answered");
    }
}
