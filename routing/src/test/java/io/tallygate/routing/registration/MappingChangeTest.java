package io.tallygate.routing.registration;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.routing.registration.CustomerSubscription.State;
import io.tallygate.routing.registration.MappingChange.Stretch;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MappingChangeTest {
    private static final TenantId TENANT = new TenantId(UUID.randomUUID());
    private static final SubscriptionId OLD = new SubscriptionId(UUID.randomUUID());
    private static final SubscriptionId NEW = new SubscriptionId(UUID.randomUUID());
    private static final Instant ZERO = Instant.parse("2026-03-01T00:00:00Z");

    @Test
    void whatEndedBeforeIsLeftAlone() {
        MappingChange change = MappingChange.replacingFrom(at(5), TENANT, NEW, List.of(mapping(0, 5)));
        assertThat(change.superseded()).isEmpty();
        assertThat(change.recorded()).containsExactly(new Stretch(TENANT, NEW, at(5), null));
    }

    @Test
    void whatReachesBeyondKeepsItsHeadAndWhatIsScheduledGoes() {
        CustomerSubscription inForce = mapping(0, 7);
        CustomerSubscription scheduled = mapping(7, null);
        MappingChange change = MappingChange.replacingFrom(at(5), TENANT, NEW, List.of(inForce, scheduled));
        assertThat(change.superseded()).containsExactly(inForce, scheduled);
        assertThat(change.recorded())
                .containsExactly(new Stretch(TENANT, OLD, at(0), at(5)), new Stretch(TENANT, NEW, at(5), null));
    }

    @Test
    void whatBeginsAtTheSameHourHasNoHead() {
        MappingChange change = MappingChange.endingAt(at(5), List.of(mapping(5, null)));
        assertThat(change.superseded()).hasSize(1);
        assertThat(change.recorded()).isEmpty();
    }

    @Test
    void stateFollowsFromTheInstant() {
        CustomerSubscription mapping = mapping(2, 4);
        assertThat(mapping.stateAt(at(2).minusNanos(1))).isEqualTo(State.Scheduled);
        assertThat(mapping.stateAt(at(2))).isEqualTo(State.InForce);
        assertThat(mapping.stateAt(at(4).minusNanos(1))).isEqualTo(State.InForce);
        assertThat(mapping.stateAt(at(4))).isEqualTo(State.Ended);
        assertThat(new CustomerSubscription(1, TENANT, OLD, at(2), null, ZERO, ZERO).stateAt(at(3)))
                .isEqualTo(State.Superseded);
    }

    private static CustomerSubscription mapping(int from, Integer to) {
        return new CustomerSubscription(from, TENANT, OLD, at(from), to == null ? null : at(to), ZERO, null);
    }

    private static Instant at(int hour) {
        return ZERO.plusSeconds(3600L * hour);
    }
}
