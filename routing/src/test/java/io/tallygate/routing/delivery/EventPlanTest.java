package io.tallygate.routing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.routing.delivery.EventPlan.Group;
import io.tallygate.routing.delivery.EventPlan.Planned;
import io.tallygate.routing.delivery.EventPlan.Rules;
import io.vertx.core.buffer.Buffer;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EventPlanTest {
    private static final int LAST = 30;
    private static final Rules SLOTS = new Rules(true, false, null, null, at(LAST), true);
    private static final Rules NO_SLOTS = new Rules(false, false, null, null, at(LAST), true);
    // With a maxAge of a day: hours before the 8th are too old, and what was reported before the 7th has waited enough.
    private static final Rules LIMITED = new Rules(true, false, at(8), at(7), at(LAST), true);

    @Test
    void eachHourGoesUnderItself() {
        assertThat(plan(SLOTS, none(), "1:5", "2:7", "3:0.5")).containsExactly("1<1=5", "2<2=7", "3<3=0.5");
    }

    @Test
    void lateUsageForAUsedHourGoesUnderTheNextFreeOne() {
        assertThat(plan(SLOTS, hours(1, 2, 3), "1:5")).containsExactly("4<1=5");
    }

    @Test
    void severalLateHoursShareTheNextFreeOne() {
        assertThat(plan(SLOTS, hours(1, 2, 3), "1:5", "2:6", "3:1")).containsExactly("4<1,2,3=12");
    }

    @Test
    void lateUsageGoesTogetherWithTheNextHoursOwn() {
        assertThat(plan(SLOTS, hours(1, 2), "1:5", "3:7", "4:1")).containsExactly("3<1,3=12", "4<4=1");
    }

    @Test
    void freeHourInBetweenIsTakenBeforeALaterHourWithUsage() {
        assertThat(plan(SLOTS, hours(1, 3), "1:5", "4:7")).containsExactly("2<1=5", "4<4=7");
    }

    @Test
    void anHourIsUsedOnceWithinAPlanToo() {
        assertThat(plan(SLOTS, hours(1, 5), "1:5", "2:7", "5:3")).containsExactly("2<1,2=12", "6<5=3");
    }

    @Test
    void lateUsageWaitsIfAllSettledHoursAreUsed() {
        Set<Instant> all =
                IntStream.rangeClosed(1, LAST).mapToObj(EventPlanTest::at).collect(Collectors.toSet());
        assertThat(plan(SLOTS, all, "1:5", "30:2")).isEmpty();
    }

    @Test
    void lastSettledHourIsTaken() {
        assertThat(plan(SLOTS, hours(29), "29:5")).containsExactly("30<29=5");
    }

    @Test
    void negativeSumIsCarriedIntoTheNextPositiveTotal() {
        assertThat(plan(SLOTS, none(), "1:-5", "2:3", "3:1", "4:2", "5:7")).containsExactly("4<1,2,3,4=1", "5<5=7");
    }

    @Test
    void zeroIsNotPositive() {
        assertThat(plan(SLOTS, none(), "1:0", "2:-1", "3:1", "9:0.000000000000001"))
                .containsExactly("9<1,2,3,9=0.000000000000001");
    }

    @Test
    void positiveUsageBeforeANegativeSumIsNotHeldBack() {
        assertThat(plan(SLOTS, none(), "1:8", "2:-5")).containsExactly("1<1=8");
    }

    @Test
    void lateUsageCanTurnNegativeOnItsWay() {
        assertThat(plan(SLOTS, hours(1), "1:5", "2:-7", "3:1", "4:4")).containsExactly("4<1,2,3,4=3");
    }

    @Test
    void carryThatNeverBecomesPositiveWaitsForEverWithoutALimit() {
        assertThat(plan(SLOTS, none(), "1:-5", "29:4")).isEmpty();
        assertThat(plan(NO_SLOTS, none(), "1:-5", "29:4")).isEmpty();
    }

    @Test
    void withoutSlotsLateUsageGoesUnderItsOwnHour() {
        assertThat(plan(NO_SLOTS, hours(1, 2, 3), "1:5", "2:-1", "3:4")).containsExactly("1<1=5", "3<2,3=3");
    }

    @Test
    void negativesGoAsTheyAreWhereTheyAreTaken() {
        Rules rules = new Rules(true, true, null, null, at(LAST), true);
        assertThat(plan(rules, hours(2), "1:-5", "2:-1", "3:0")).containsExactly("1<1=-5", "3<2,3=-1");
    }

    @Test
    void whatIsTooOldGoesUnderTheEarliestHourStillTaken() {
        assertThat(plan(LIMITED, none(), "1:5", "2:1", "20:3")).containsExactly("8<1,2=6", "20<20=3");
        assertThat(plan(LIMITED, hours(8, 9), "1:5")).containsExactly("10<1=5");
        assertThat(plan(LIMITED, none(), "1:5", "8:2")).containsExactly("8<1,8=7");
    }

    @Test
    void whatIsTooOldGoesUnderTheEarliestHourWithoutSlotsToo() {
        Rules rules = new Rules(false, false, at(8), at(7), at(LAST), true);
        assertThat(plan(rules, none(), "1:5", "9:2")).containsExactly("8<1=5", "9<9=2");
    }

    @Test
    void restAtTheLimitIsNotSent() {
        assertThat(plan(LIMITED, none(), "1:-5", "2:3")).containsExactly("2<1,2=-2 negative");
        assertThat(plan(LIMITED, none(), "3:0")).containsExactly("3<3=0 negative");
    }

    @Test
    void onlyWhatWaitedToTheLimitIsGivenUp() {
        assertThat(plan(LIMITED, none(), "1:-5", "9:-1")).containsExactly("1<1=-5 negative");
    }

    @Test
    void oldCorrectionThatWasReportedJustNowStillWaitsForSomethingToJoin() {
        Group correction = group(1, "-5", 29);
        assertThat(EventPlan.of(List.of(correction), none(), LIMITED)).isEmpty();
        assertThat(texts(EventPlan.of(List.of(correction, group(30, "6", 30)), none(), LIMITED)))
                .containsExactly("30<1,30=1");
    }

    @Test
    void positiveRestAtTheLimitWaitsForAFreeHour() {
        Set<Instant> all =
                IntStream.rangeClosed(1, LAST).mapToObj(EventPlanTest::at).collect(Collectors.toSet());
        assertThat(plan(LIMITED, all, "1:5")).isEmpty();
        // The negative that came later is not at its limit: the positive one before it is not given up with it.
        assertThat(plan(LIMITED, all, "1:3", "20:-5")).isEmpty();
    }

    @Test
    void nothingIsGivenUpWhileLaterHoursAreUnseen() {
        Rules partial = new Rules(true, false, at(8), at(7), at(20), false);
        assertThat(plan(partial, none(), "1:-5")).isEmpty();
    }

    @Test
    void whatWaitedToTheLimitWasGivenUpAlthoughItCouldJoinWhatOnlyWaitsForAFreeHour() {
        Set<Instant> taken =
                IntStream.rangeClosed(8, LAST).mapToObj(EventPlanTest::at).collect(Collectors.toSet());
        assertThat(plan(LIMITED, taken, "1:-5", "30:10")).isEmpty();
        assertThat(plan(LIMITED, taken, "1:-5", "30:5")).containsExactly("1<1=-5 negative");
    }

    @Test
    void everyGroupIsInOneEventAtMostAndSumsAreKept() {
        List<Group> groups = IntStream.rangeClosed(1, LAST)
                .mapToObj(hour -> group(hour, Integer.toString((hour * 7919) % 23 - 9), hour))
                .toList();
        List<Planned> events = EventPlan.of(groups, hours(3, 4, 11, 25), LIMITED);

        assertThat(events.stream().flatMap(event -> event.groups().stream())).doesNotHaveDuplicates();
        assertThat(events).extracting(Planned::hour).doesNotHaveDuplicates();
        assertThat(events).filteredOn(event -> !event.negative()).isNotEmpty().allSatisfy(event -> {
            assertThat(event.quantity()).isPositive();
            assertThat(event.hour()).isAfterOrEqualTo(at(8)).isBeforeOrEqualTo(at(LAST));
            assertThat(event.groups())
                    .allSatisfy(group -> assertThat(group.hour()).isBeforeOrEqualTo(event.hour()));
        });
        assertThat(EventPlan.of(groups, hours(3, 4, 11, 25), LIMITED)).isEqualTo(events);
    }

    private static List<String> plan(Rules rules, Set<Instant> used, String... groups) {
        List<Group> parsed = Arrays.stream(groups)
                .map(text -> text.split(":"))
                .map(parts -> group(Integer.parseInt(parts[0]), parts[1], Integer.parseInt(parts[0])))
                .toList();
        return texts(EventPlan.of(parsed, used, rules));
    }

    private static List<String> texts(List<Planned> events) {
        return events.stream()
                .map(event -> hour(event.hour()) + "<"
                        + event.groups().stream()
                                .map(group -> hour(group.hour()))
                                .collect(Collectors.joining(","))
                        + "=" + event.quantity().toPlainString() + (event.negative() ? " negative" : ""))
                .toList();
    }

    private static Group group(int hour, String quantity, int reported) {
        return new Group(
                at(hour), 1, new BigDecimal(quantity), 1, at(reported), at(reported), Buffer.buffer("hour " + hour));
    }

    private static String hour(Instant time) {
        return Long.toString(Duration.between(at(0), time).toHours());
    }

    private static Set<Instant> none() {
        return Set.of();
    }

    private static Set<Instant> hours(int... hours) {
        return Arrays.stream(hours).mapToObj(EventPlanTest::at).collect(Collectors.toSet());
    }

    private static Instant at(int hour) {
        return Instant.parse("2026-03-01T00:00:00Z").plus(Duration.ofHours(hour));
    }
}
