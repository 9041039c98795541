package io.tallygate.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.store.directory.SubscriptionId;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorldTest {
    private static final World WORLD = World.of(300_000, 2.5, Instant.parse("2026-11-21T16:00:00Z"));

    @Test
    void itHasAboutTheRowsThatWereAskedFor() {
        assertThat(WORLD.dailyRows()).isEqualTo(300_000);
        assertThat(World.of(2_000_000, 2.5, Instant.now()).dailyRows()).isEqualTo(2_000_010);
        assertThat(WORLD.start()).isEqualTo("2026-10-22T00:00:00Z");
        assertThat(WORLD.end()).isEqualTo("2026-11-21T00:00:00Z");
    }

    @Test
    void noTwoSlotsAreTheSameResourceAndMeter() {
        List<Slot> slots = slots();
        assertThat(new HashSet<>(slots)).hasSameSizeAs(slots);
    }

    @Test
    void aResourceHasOneOwnerAndOneFirstSlot() {
        Map<Integer, SubscriptionId> owners = new HashMap<>();
        Set<Integer> begun = new HashSet<>();
        for (Slot slot : slots()) {
            assertThat(owners.computeIfAbsent(slot.instance(), none -> slot.subscription()))
                    .isEqualTo(slot.subscription());
            assertThat(slot.isFirst()).isEqualTo(begun.add(slot.instance()));
        }
    }

    @Test
    void twoResourcesOfASubscriptionDiffer() {
        List<Slot> first = slots().stream().filter(Slot::isFirst).toList();
        assertThat(first.stream().map(slot -> slot.resource().digest()).distinct())
                .hasSameSizeAs(first);
    }

    @Test
    void everyOwnerIsInTheDirectory() {
        Set<SubscriptionId> known = new HashSet<>();
        WORLD.directory().forEach(one -> known.add(one.subscription()));
        assertThat(known).hasSize(1 + 3 + World.SUBSCRIPTIONS + World.SMALL);
        assertThat(slots()).allMatch(slot -> known.contains(slot.subscription()));
    }

    private static List<Slot> slots() {
        return IntStream.range(0, WORLD.slots()).mapToObj(Slot::of).toList();
    }
}
