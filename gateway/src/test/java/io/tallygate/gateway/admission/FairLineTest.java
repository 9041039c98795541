package io.tallygate.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FairLineTest {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private long now;
    private final List<String> turns = new ArrayList<>();

    private FairLine<String> line(int places, int share, int waiting, int waitingShare) {
        return new FairLine<>(new FairLine.Limits(places, share, waiting, waitingShare, PATIENCE), () -> now);
    }

    private Optional<FairLine<String>.Ticket> enter(FairLine<String> line, String who, String name) {
        return line.enter(who, () -> turns.add(name), () -> turns.add(name + " too late"));
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void whoComesToAFreePlaceHasItAtOnce() {
        FairLine<String> line = line(2, 2, 10, 10);

        assertThat(enter(line, "a", "a1").orElseThrow().hasPlace()).isTrue();
        assertThat(enter(line, "b", "b1").orElseThrow().hasPlace()).isTrue();
        assertThat(enter(line, "a", "a2").orElseThrow().hasPlace()).isFalse();
        assertThat(line.running()).isEqualTo(2);
        assertThat(line.waiting()).isEqualTo(1);
        assertThat(turns).isEmpty();
    }

    @Test
    void callersAreServedInTurnHoweverManyRequestsOneHas() {
        FairLine<String> line = line(1, 1, 100, 100);
        FairLine<String>.Ticket running = enter(line, "a", "a0").orElseThrow();
        Map<String, FairLine<String>.Ticket> waiting = new HashMap<>();
        for (int i = 1; i <= 50; i++) {
            waiting.put("a" + i, enter(line, "a", "a" + i).orElseThrow());
        }
        waiting.put("b1", enter(line, "b", "b1").orElseThrow());
        waiting.put("c1", enter(line, "c", "c1").orElseThrow());
        waiting.put("b2", enter(line, "b", "b2").orElseThrow());

        line.leave(running);
        for (int i = 0; i < 6; i++) {
            line.leave(waiting.get(turns.get(i)));
        }

        assertThat(turns).containsExactly("a1", "b1", "c1", "a2", "b2", "a3", "a4");
    }

    @Test
    void oneCallerCannotHaveAllPlaces() {
        FairLine<String> line = line(4, 2, 10, 10);
        for (int i = 0; i < 5; i++) {
            enter(line, "a", "a" + i);
        }

        assertThat(line.running()).isEqualTo(2);
        assertThat(line.waiting()).isEqualTo(3);
        assertThat(enter(line, "b", "b").orElseThrow().hasPlace()).isTrue();
    }

    @Test
    void aCallersQueueIsBoundedAndSoIsTheLine() {
        FairLine<String> line = line(1, 1, 5, 3);
        enter(line, "a", "a0");
        for (int i = 1; i <= 3; i++) {
            assertThat(enter(line, "a", "a" + i)).isPresent();
        }

        assertThat(enter(line, "a", "a4")).isEmpty();
        assertThat(enter(line, "b", "b1")).isPresent();
        assertThat(enter(line, "b", "b2")).isPresent();
        assertThat(enter(line, "c", "c1")).isEmpty();
    }

    @Test
    void whoGivesUpIsNotServedAnyMore() {
        FairLine<String> line = line(1, 1, 10, 10);
        FairLine<String>.Ticket running = enter(line, "a", "a0").orElseThrow();
        FairLine<String>.Ticket impatient = enter(line, "b", "b1").orElseThrow();
        enter(line, "c", "c1");

        assertThat(line.giveUp(impatient)).isTrue();
        assertThat(line.giveUp(impatient)).isFalse();
        assertThat(line.giveUp(running)).isFalse();
        line.leave(impatient);
        line.leave(running);

        assertThat(turns).containsExactly("c1");
        assertThat(line.waiting()).isZero();
    }

    @Test
    void leavingTwiceFreesOnePlace() {
        FairLine<String> line = line(1, 1, 10, 10);
        FairLine<String>.Ticket running = enter(line, "a", "a0").orElseThrow();
        enter(line, "b", "b1");
        enter(line, "c", "c1");

        line.leave(running);
        line.leave(running);

        assertThat(turns).containsExactly("b1");
        assertThat(line.running()).isEqualTo(1);
    }

    @Test
    void aCrowdMakesPatienceShortUntilNobodyWasRefusedForAWhile() {
        FairLine<String> line = line(1, 1, 10, 10);
        FairLine<String>.Ticket running = enter(line, "a", "a0").orElseThrow();
        enter(line, "b", "b1");
        enter(line, "c", "c2");
        pass(PATIENCE.dividedBy(5));
        assertThat(line.patience()).isEqualTo(PATIENCE);

        pass(Duration.ofMillis(1));
        assertThat(line.patience()).isEqualTo(PATIENCE.dividedBy(200));

        line.leave(running);
        assertThat(turns).containsExactly("b1 too late", "c2 too late");
        assertThat(line.running()).isZero();
        // The line is empty since it was refused.
        assertThat(line.patience()).isEqualTo(PATIENCE.dividedBy(200));

        pass(PATIENCE.dividedBy(5).plusMillis(1));
        assertThat(line.patience()).isEqualTo(PATIENCE);
    }

    @Test
    void oneCallerIsNoCrowd() {
        FairLine<String> line = line(1, 1, 10, 10);
        enter(line, "a", "a0");
        for (int i = 1; i < 10; i++) {
            enter(line, "a", "a" + i);
        }
        pass(PATIENCE);
        assertThat(line.patience()).isEqualTo(PATIENCE);
    }

    @Test
    void whoGivesUpForItsOwnShareMakesNobodyElseImpatient() {
        FairLine<String> line = line(2, 1, 10, 10);
        enter(line, "a", "a0");
        FairLine<String>.Ticket second = enter(line, "a", "a1").orElseThrow();

        assertThat(line.giveUp(second)).isTrue();
        assertThat(line.patience()).isEqualTo(PATIENCE);
    }

    @Test
    void inACrowdLateEventLoopsLeaveHalfOfThePlaces() {
        FairLine<String> line = line(2, 1, 4, 4);
        for (int i = 0; i < 500; i++) {
            line.delayed(Duration.ofMillis(9).toNanos());
        }
        FairLine<String>.Ticket first = enter(line, "a", "a").orElseThrow();
        FairLine<String>.Ticket second = enter(line, "b", "b").orElseThrow();
        assertThat(line.running()).isEqualTo(2);

        for (String who : List.of("c", "d", "e", "f")) {
            enter(line, who, who);
        }
        assertThat(enter(line, "g", "g")).isEmpty();
        line.leave(first);
        assertThat(line.running()).isEqualTo(1);
        line.leave(second);
        assertThat(turns).containsExactly("c");

        // Nobody was refused for a while.
        pass(PATIENCE.dividedBy(5).plusMillis(1));
        enter(line, "h", "h");
        assertThat(line.running()).isEqualTo(2);
    }

    @Test
    void whoHasWaitedTooLongByThenIsToldSoWhenAPlaceIsFree() {
        FairLine<String> line = line(1, 1, 10, 10);
        FairLine<String>.Ticket running = enter(line, "a", "a0").orElseThrow();
        enter(line, "b", "b1");
        enter(line, "c", "c1");
        pass(PATIENCE.dividedBy(4));
        enter(line, "d", "d1");
        line.leave(running);

        assertThat(turns).containsExactly("b1 too late", "c1 too late", "d1");
        assertThat(line.waiting()).isZero();
        assertThat(line.running()).isEqualTo(1);
    }

    @Test
    void aCallerThatWaitsForItselfMakesNoStandingLine() {
        FairLine<String> line = line(4, 2, 10, 10);
        for (int i = 0; i < 5; i++) {
            enter(line, "a", "a" + i);
        }
        pass(PATIENCE.multipliedBy(10));

        assertThat(line.patience()).isEqualTo(PATIENCE);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whateverHappensNobodyWaitsBesideAFreePlace(long seed) {
        Random random = new Random(seed);
        int places = 1 + random.nextInt(5);
        int share = 1 + random.nextInt(places);
        FairLine<String> line = line(places, share, 40, 15);
        List<FairLine<String>.Ticket> inside = new ArrayList<>();
        Map<FairLine<String>.Ticket, String> owners = new HashMap<>();
        for (int step = 0; step < 5000; step++) {
            pass(Duration.ofMillis(random.nextInt(100)));
            if (random.nextBoolean() || inside.isEmpty()) {
                String who = "caller " + random.nextInt(4);
                List<FairLine<String>.Ticket> own = new ArrayList<>();
                line.enter(who, () -> {}, () -> inside.removeAll(own)).ifPresent(ticket -> {
                    own.add(ticket);
                    inside.add(ticket);
                    owners.put(ticket, who);
                });
            } else {
                FairLine<String>.Ticket ticket = inside.get(random.nextInt(inside.size()));
                if (ticket.hasPlace()) {
                    line.leave(ticket);
                    inside.remove(ticket);
                } else if (random.nextInt(3) == 0) {
                    assertThat(line.giveUp(ticket)).isTrue();
                    inside.remove(ticket);
                }
            }
            check(line, places, share, inside, owners);
        }
    }

    private static void check(
            FairLine<String> line,
            int places,
            int share,
            List<FairLine<String>.Ticket> inside,
            Map<FairLine<String>.Ticket, String> owners) {
        Map<String, Integer> running = new HashMap<>();
        Map<String, Integer> waiting = new HashMap<>();
        inside.forEach(ticket -> (ticket.hasPlace() ? running : waiting).merge(owners.get(ticket), 1, Integer::sum));
        int all = running.values().stream().mapToInt(Integer::intValue).sum();
        assertThat(line.running()).isEqualTo(all).isLessThanOrEqualTo(places);
        assertThat(line.waiting())
                .isEqualTo(waiting.values().stream().mapToInt(Integer::intValue).sum());
        assertThat(running.values()).allMatch(count -> count <= share);
        if (all < places) {
            assertThat(waiting.keySet()).allMatch(who -> running.getOrDefault(who, 0) == share);
        }
    }
}
