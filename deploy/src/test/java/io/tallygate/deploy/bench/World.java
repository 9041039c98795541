package io.tallygate.deploy.bench;

import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * Who has usage and how much: 200 subscriptions of 50 tenants over 30 days, and 1,000 small ones of one delegated provider
 * with a row a day each. A slot is a resource and a meter: it has one daily row a day.
 *
 * @param slots daily rows per day, those of the small subscriptions included
 * @param hoursADay hourly rows that a daily row is the sum of, on average: 1, or 2.5 as 1 to 4 in turn
 */
record World(int slots, double hoursADay, Instant start) {
    static final int DAYS = 30;
    static final int SUBSCRIPTIONS = 200;
    static final int SMALL = 1000;
    static final int TENANTS = 50;
    static final TenantId OPERATOR = new TenantId(id("operator tenant"));
    static final SubscriptionId OPERATOR_SUBSCRIPTION = new SubscriptionId(id("operator"));

    /** A delegated provider with this many direct subscriptions: 1, 10 or 1,000. */
    static SubscriptionId provider(int subscriptions) {
        return new SubscriptionId(id("provider of " + subscriptions));
    }

    /** The tenant of that provider. */
    static TenantId providerTenant(int subscriptions) {
        return new TenantId(id("tenant of provider " + subscriptions));
    }

    /** About so many daily rows, in the 30 days before today. */
    static World of(long rows, double hoursADay, Instant now) {
        int slots = (int) Math.max(SMALL + SUBSCRIPTIONS, (rows + DAYS / 2) / DAYS);
        return new World(slots, hoursADay, now.truncatedTo(ChronoUnit.DAYS).minus(DAYS, ChronoUnit.DAYS));
    }

    Instant end() {
        return start.plus(DAYS, ChronoUnit.DAYS);
    }

    long dailyRows() {
        return (long) slots * DAYS;
    }

    /** A subscription as the directory has it. */
    record Tenancy(SubscriptionId subscription, TenantId tenant, SubscriptionId provider) {}

    /** Everyone, the providers first. */
    List<Tenancy> directory() {
        List<Tenancy> all = new java.util.ArrayList<>();
        all.add(new Tenancy(OPERATOR_SUBSCRIPTION, OPERATOR, OPERATOR_SUBSCRIPTION));
        for (int size : List.of(1, 10, SMALL)) {
            all.add(new Tenancy(provider(size), providerTenant(size), OPERATOR_SUBSCRIPTION));
        }
        for (int i = 0; i < SUBSCRIPTIONS; i++) {
            SubscriptionId provider = i == 0 ? provider(1) : i <= 10 ? provider(10) : OPERATOR_SUBSCRIPTION;
            all.add(new Tenancy(subscription(i), tenant(i), provider));
        }
        for (int i = 0; i < SMALL; i++) {
            all.add(new Tenancy(small(i), smallTenant(i), provider(SMALL)));
        }
        return all;
    }

    /** One of the 200. */
    static SubscriptionId subscription(int number) {
        return new SubscriptionId(id("subscription " + number));
    }

    /** The tenant of one of the 200. */
    static TenantId tenant(int subscription) {
        return new TenantId(id("tenant " + subscription % TENANTS));
    }

    /** Every slot, as usage first came: subscriptions in turn. */
    IntStream everySlot() {
        return IntStream.range(0, slots);
    }

    /** Whose slot it is. */
    static SubscriptionId owner(int slot) {
        return slot < SMALL ? small(slot) : subscription((slot - SMALL) % SUBSCRIPTIONS);
    }

    /** The tenant of one of the small ones. */
    static TenantId smallTenant(int number) {
        return new TenantId(id("small tenant " + number));
    }

    /** One of the small subscriptions. */
    static SubscriptionId small(int number) {
        return new SubscriptionId(id("small " + number));
    }

    /** Spread evenly, as ids are. */
    private static UUID id(String name) {
        return UUID.nameUUIDFromBytes(("tallygate benchmark " + name).getBytes(StandardCharsets.UTF_8));
    }
}
