package io.tallygate.deploy.property;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.store.directory.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Re-maps tenants at random moments, one change after the other, and keeps its own account of who pays for which hour:
 * an array of hours for each tenant, and a copy of all of it for each transaction that changed something.
 */
final class Payers {
    private static final int HOURS = 240;
    private static final int BEFORE = 120;
    private static final String VERSION = "?api-version=2022-06-01";

    private final World world;
    private final List<UUID> customers =
            Stream.generate(UUID::randomUUID).limit(4).toList();
    private final List<State> states = new ArrayList<>();
    private final Map<TenantId, UUID[]> now = new HashMap<>();
    private boolean switchedChargeable = true;

    /** Who pays, and whether the switched meter is chargeable, after a transaction. */
    private record State(long transaction, Map<TenantId, UUID[]> payers, boolean switchedChargeable) {}

    Payers(World world) {
        this.world = world;
        world.mappedTenants.forEach(tenant -> now.put(tenant, new UUID[HOURS]));
        states.add(new State(0, copy(), true));
    }

    /** All that may pay. */
    List<UUID> all() {
        return Stream.concat(customers.stream(), Stream.of(world.base)).toList();
    }

    /** One change through one of the gateways; its answer must be the one that the rule says. */
    void change(Random dice) {
        Instant clock = Instant.now();
        Instant hour = clock.truncatedTo(ChronoUnit.HOURS);
        if (Duration.between(clock, hour.plus(1, ChronoUnit.HOURS)).toSeconds() < 10) {
            return; // "From the current hour on" could mean either hour.
        }
        HttpCaller operator = world.operator(dice.nextInt(2));
        UUID customer = customers.get(dice.nextInt(customers.size()));
        switch (dice.nextInt(8)) {
            case 0 -> {
                switchedChargeable = dice.nextBoolean();
                world.putMeter(World.SWITCHED, switchedChargeable);
            }
            case 1 -> end(operator, customer, hour);
            default -> map(operator, customer, dice, hour);
        }
        long transaction = lastTransaction();
        if (transaction != states.get(states.size() - 1).transaction()) {
            states.add(new State(transaction, copy(), switchedChargeable));
        }
    }

    int changes() {
        return states.size() - 1;
    }

    private void map(HttpCaller operator, UUID customer, Random dice, Instant hour) {
        TenantId tenant = world.mappedTenants.get(dice.nextInt(world.mappedTenants.size()));
        Instant given = dice.nextInt(4) == 0
                ? null
                : hour.plus(dice.nextInt(World.PAST_HOURS + 30) - World.PAST_HOURS, ChronoUnit.HOURS);
        int from = slot(given == null ? hour : given);
        boolean taken = now.entrySet().stream()
                .anyMatch(other -> !other.getKey().equals(tenant)
                        && Arrays.asList(other.getValue()).subList(from, HOURS).contains(customer));
        HttpCaller.Answer answer = operator.put(
                world.registration + "/customerSubscriptions/" + customer + VERSION,
                "{\"properties\":{\"tenantId\":\"" + tenant + "\""
                        + (given == null ? "" : ",\"effectiveFrom\":\"" + given + "\"") + "}}");
        assertThat(answer.status() + answer.errorCode())
                .as("%s for %s from %s: %s", customer, tenant, given, answer.body())
                .isEqualTo(taken ? "400BadCustomerSubscriptionId" : "200");
        if (!taken) {
            Arrays.fill(now.get(tenant), from, HOURS, customer);
        }
    }

    private void end(HttpCaller operator, UUID customer, Instant hour) {
        boolean any = false;
        for (UUID[] payers : now.values()) {
            for (int i = slot(hour); i < HOURS; i++) {
                if (customer.equals(payers[i])) {
                    payers[i] = null;
                    any = true;
                }
            }
        }
        HttpCaller.Answer answer = operator.delete(world.registration + "/customerSubscriptions/" + customer + VERSION);
        assertThat(answer.status()).as(answer.body()).isEqualTo(any ? 200 : 204);
    }

    private int slot(Instant hour) {
        return BEFORE + (int) Duration.between(world.start, hour).toHours();
    }

    private Map<TenantId, UUID[]> copy() {
        Map<TenantId, UUID[]> copy = new LinkedHashMap<>();
        now.forEach((tenant, payers) -> copy.put(tenant, payers.clone()));
        return copy;
    }

    private long lastTransaction() {
        return Long.parseLong(world.postgres
                .query("select greatest((select coalesce(max(xmin::text::bigint), 0) from customer_subscription),"
                        + " (select xmin::text::bigint from meter where lower(meter_id) = '" + World.SWITCHED + "'))")
                .get(0));
    }

    /** Who must pay for what a window holds, as recorded when it was routed. */
    final class Routed {
        private final Map<Instant, State> seen = new HashMap<>();

        /** Reads which transactions the routing of each window saw: Postgres says it, not the gateway. */
        Routed() {
            List<String> rows = world.postgres.query("select extract(epoch from reported_time)::bigint, seen from"
                    + " (select reported_time, seen::text from routed_usage union select reported_time, seen::text from routed_exclusion)"
                    + " as windows");
            for (String row : rows) {
                String[] columns = row.split("\\|", -1);
                Instant window = Instant.ofEpochSecond(Long.parseLong(columns[0]));
                State state = state(columns[1]);
                assertThat(seen.put(window, state))
                        .as("%s was routed once", window)
                        .isNull();
            }
        }

        private State state(String snapshot) {
            String[] parts = snapshot.split(":", -1);
            long xmin = Long.parseLong(parts[0]);
            long xmax = Long.parseLong(parts[1]);
            Set<Long> running = Arrays.stream(parts[2].split(",", -1))
                    .filter(xid -> !xid.isEmpty())
                    .map(Long::parseLong)
                    .collect(Collectors.toSet());
            State last = states.get(0);
            for (State state : states) {
                long xid = state.transaction();
                if (xid < xmin || (xid < xmax && !running.contains(xid))) {
                    last = state;
                }
            }
            return last;
        }

        /** How many different states of the mappings were routed by. */
        long statesSeen() {
            return seen.values().stream().distinct().count();
        }

        /** The payer; null if it must not be routed. */
        UUID payer(Instant window, Payload.Key key) {
            UUID subscription = key.instance().subscription();
            State state = seen.get(window);
            boolean chargeable = !key.meter().equals("f271a8a388c44d93956a063e1d2fa80b")
                    && (!key.meter().equals(World.SWITCHED) || state.switchedChargeable());
            if (!chargeable || world.notBilled.contains(subscription)) {
                return null;
            }
            UUID mapped = state.payers().get(world.subscriptions.get(subscription))[slot(key.usage())];
            return mapped == null ? world.base : mapped;
        }
    }
}
