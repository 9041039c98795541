package io.tallygate.routing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.routing.commerce.EndpointConfig;
import io.tallygate.routing.commerce.Outcome;
import io.tallygate.routing.commerce.Submission;
import io.tallygate.routing.commerce.SubmissionResult.EventResult;
import io.tallygate.routing.delivery.Verdict.Circumstances;
import io.tallygate.routing.testing.FakeEndpoint;
import io.vertx.core.buffer.Buffer;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerdictTest {
    private static final Duration BREAKER = Duration.ofSeconds(17);

    @ParameterizedTest
    @CsvSource({
        "Accepted, delivered,, true",
        "Duplicate, delivered,, true",
        "Conflict, dead, Conflict, true",
        "Expired, dead, Expired, true",
        "InvalidDimension, dead, InvalidDimension, true",
        "InvalidQuantity, dead, InvalidQuantity, true",
        "BadArgument, dead, BadArgument, true",
        "ResourceNotFound, pending,, false",
        "NotAuthorized, pending,, false",
        "NotSubscribed, pending,, false",
        "Unauthorized, pending,, false",
        "TooLarge, pending,, false",
        "Throttled, pending,, true",
        "Refused, pending,, true",
        "Error, pending,, true",
        "NoAnswer, pending,, true",
        "Nonsense, pending,, true",
        "BreakerOpen, pending,, false",
    })
    void eachOutcomeHasItsState(Outcome outcome, String state, String reason, boolean counted) {
        Verdict verdict = judge(outcome, false, 25);
        assertThat(verdict.state()).isEqualTo(state);
        assertThat(verdict.reason()).isEqualTo(reason);
        assertThat(verdict.counted()).isEqualTo(counted);
        assertThat(verdict.attempts()).isEqualTo(counted ? 3 : 2);
    }

    @ParameterizedTest
    @EnumSource(
            value = Outcome.class,
            names = {"Throttled", "Refused", "Error", "NoAnswer", "Nonsense"})
    void retriesWaitByTheirAttempts(Outcome outcome) {
        assertThat(judge(outcome, false, 25).delay()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void openBreakerReschedulesToItsTrial() {
        assertThat(judge(Outcome.BreakerOpen, false, 25).delay()).isEqualTo(BREAKER);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 25})
    void batchThatIsTooLargeIsHalved(int batch) {
        Verdict verdict = judge(Outcome.TooLarge, false, batch);
        assertThat(verdict.batchLimit()).isEqualTo(batch / 2);
        assertThat(verdict.delay()).isZero();
    }

    @Test
    void eventThatIsTooLargeAloneIsADeadLetter() {
        Verdict verdict = judge(Outcome.TooLarge, false, 1);
        assertThat(verdict.state()).isEqualTo("dead");
        assertThat(verdict.reason()).isEqualTo("BadArgument");
    }

    @ParameterizedTest
    @EnumSource(
            value = Outcome.class,
            names = {"Error", "NoAnswer", "Nonsense"})
    void withoutADefiniteAnswerItIsUnknown(Outcome outcome) {
        assertThat(judge(outcome, false, 1).known()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = Outcome.class,
            names = {"Refused", "Throttled", "BreakerOpen", "Unauthorized", "TooLarge", "Expired", "NotAuthorized"})
    void whatWasUnknownBeforeStaysSoWhenOnlyThisAttemptIsKnownToHaveFailed(Outcome outcome) {
        assertThat(judge(outcome, true, 25).known()).isFalse();
        assertThat(judge(outcome, false, 25).known()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = Outcome.class,
            names = {"Accepted", "Duplicate", "Conflict"})
    void whatTheEndpointSaysOfTheKeyIsKnown(Outcome outcome) {
        assertThat(judge(outcome, true, 25).known()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 60, 600})
    void attemptIsGivenUpBeforeItsLeaseEndsAndAfterItsDeadline(int seconds) {
        EndpointConfig config = FakeEndpoint.config(
                1, Duration.ofSeconds(seconds), new EndpointConfig.Breaker(1, Duration.ofSeconds(1)));
        assertThat(config.deadline()).isLessThan(config.breakerTimeout());
        assertThat(config.breakerTimeout()).isLessThan(config.lease());
    }

    private static Verdict judge(Outcome outcome, boolean wasUnknown, int batch) {
        UUID key = UUID.randomUUID();
        Claim.Leased event = new Claim.Leased(
                Instant.EPOCH,
                7,
                2,
                wasUnknown,
                new Submission.Event(key, "core", Instant.EPOCH, BigDecimal.ONE, Buffer.buffer("body")));
        Backoff half = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(10), () -> 0.5);
        return Verdict.of(
                event,
                new EventResult(key, outcome, null, null),
                new Circumstances(batch, half, Duration.ZERO, BREAKER));
    }
}
