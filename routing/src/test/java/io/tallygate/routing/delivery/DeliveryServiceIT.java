package io.tallygate.routing.delivery;

import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.routing.commerce.EndpointConfig;
import io.tallygate.routing.commerce.Outcome;
import io.tallygate.routing.commerce.Submission;
import io.tallygate.routing.commerce.SubmissionResult;
import io.tallygate.routing.testing.Events;
import io.tallygate.routing.testing.FakeEndpoint;
import io.tallygate.routing.testing.Observed;
import io.tallygate.routing.testing.RoutingWorld;
import io.tallygate.store.Database;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.testing.TestPostgres;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeliveryServiceIT {
    private static final EndpointConfig CONFIG =
            FakeEndpoint.config(4, Duration.ofSeconds(10), new EndpointConfig.Breaker(2, Duration.ofMinutes(5)));
    private static final SubscriptionId PAYER = RoutingWorld.customer();

    private final Vertx vertx = Vertx.vertx();
    private final TestPostgres postgres = TestPostgres.fresh();
    private final Database database = Database.open(vertx, postgres.config());
    private final Events events = new Events(postgres);
    private final Observed observed = new Observed();

    @AfterEach
    void close() {
        await(database.close());
        await(vertx.close());
    }

    @Test
    void acceptedEventsAreDeliveredWithALedgerEntryEach() {
        FakeEndpoint fake = new FakeEndpoint(25);
        UUID key = events.pending(FakeEndpoint.NAME, PAYER);
        events.pending(FakeEndpoint.NAME, PAYER, 2);
        assertThat(deliver(service(fake))).isTrue();
        assertThat(events.states()).containsExactly("delivered|3");
        assertThat(events.of(key, "attempts, lease_token, unknown_since, remote_id, settled_at is not null"))
                .isEqualTo("1|null|null|bill-" + key + "|t");
        assertThat(events.ledger(key)).containsExactly("Accepted|1|f");
        assertThat(postgres.query("select count(*), count(distinct event_key), count(distinct submission_id),"
                        + " count(lease_token) from delivery_ledger"))
                .containsExactly("3|3|1|3");
        assertThat(deliver(service(fake))).isFalse();
        assertThat(observed.lines).containsExactly("attempted Accepted 3");
    }

    @ParameterizedTest
    @CsvSource({
        "Conflict, dead|Conflict|1|null",
        "Expired, dead|Expired|1|null",
        "BadArgument, dead|BadArgument|1|null",
        "Error, pending|null|1|unknown",
        "NoAnswer, pending|null|1|unknown",
        "Refused, pending|null|1|null",
        "Throttled, pending|null|1|null",
        "ResourceNotFound, pending|null|0|null",
        "Unauthorized, pending|null|0|null",
        "TooLarge, dead|BadArgument|1|null",
    })
    void eachOutcomeMovesTheEventAndIsEntered(Outcome outcome, String expected) {
        UUID key = events.pending(FakeEndpoint.NAME, PAYER);
        deliver(service(answering(25, outcome)));
        assertThat(events.of(key, "state, reason, attempts, case when unknown_since is not null then 'unknown' end"))
                .isEqualTo(expected);
        assertThat(events.ledger(key)).hasSize(1).first().asString().startsWith(outcome + "|");
        assertThat(events.of(key, "lease_token")).isEqualTo("null");
    }

    @Test
    void refusedPayerIsHeldAndOthersGoOn() {
        SubscriptionId other = RoutingWorld.customer();
        FakeEndpoint fake = new FakeEndpoint(25);
        fake.answer = submission -> submission.payer().equals(PAYER)
                ? FakeEndpoint.all(submission, Outcome.NotSubscribed)
                : fake.bill(submission);
        events.pending(FakeEndpoint.NAME, PAYER, 2);
        events.pending(FakeEndpoint.NAME, other, 1);
        DeliveryService service = service(fake);
        deliverAll(service);
        assertThat(postgres.query("select payer_subscription_id, automatic, reason from payer_hold"))
                .containsExactly(PAYER + "|t|NotSubscribed");
        assertThat(postgres.query(
                        "select payer_subscription_id, state from delivery_event group by 1, 2 order by state"))
                .containsExactly(other + "|delivered", PAYER + "|pending");
        assertThat(observed.lines).contains("held " + PAYER + " NotSubscribed");
        postgres.execute("delete from payer_hold");
        fake.answer = fake::bill;
        deliverAll(service);
        assertThat(events.states()).containsExactly("delivered|3");
    }

    @Test
    void endpointThatRefusesUsIsPausedLongerEachTimeAndTriedWithOneSubmission() {
        FakeEndpoint fake = answering(1, Outcome.Unauthorized);
        events.pending(FakeEndpoint.NAME, PAYER, 3);
        DeliveryService service = service(fake);
        deliver(service);
        assertThat(pause()).isEqualTo("1|30");
        assertThat(deliver(service)).isFalse();
        pauseEnds();
        deliver(service);
        assertThat(pause()).isEqualTo("2|60");
        for (int i = 0; i < 8; i++) {
            pauseEnds();
            deliver(service);
        }
        assertThat(pause()).isEqualTo("10|1800");
        assertThat(fake.submissions).hasSize(10);

        pauseEnds();
        fake.answer = fake::bill;
        Claim probe = await(service.claim(null, Set.of())).orElseThrow();
        assertThat(probe.probe()).isTrue();
        assertThat(await(service(fake).claim(null, Set.of())))
                .as("another while the first is under way")
                .isEmpty();
        await(service.send(probe));
        assertThat(postgres.query("select * from endpoint_pause")).isEmpty();
        deliverAll(service);
        assertThat(events.states()).containsExactly("delivered|3");
        assertThat(postgres.query("select sum(attempts) from delivery_event")).containsExactly("3");
    }

    @Test
    void severalThatWereRefusedAtOncePauseOnce() {
        FakeEndpoint fake = answering(1, Outcome.Unauthorized);
        events.pending(FakeEndpoint.NAME, PAYER, 2);
        DeliveryService service = service(fake);
        Claim one = await(service.claim(null, Set.of())).orElseThrow();
        Claim two = await(service.claim(null, Set.of())).orElseThrow();
        await(service.send(one));
        await(service.send(two));
        assertThat(pause()).isEqualTo("1|30");
    }

    @Test
    void batchThatIsTooLargeIsHalvedUntilItFits() {
        FakeEndpoint fake = new FakeEndpoint(8);
        fake.answer = submission ->
                submission.events().size() > 2 ? FakeEndpoint.all(submission, Outcome.TooLarge) : fake.bill(submission);
        events.pending(FakeEndpoint.NAME, PAYER, 8);
        deliverAll(service(fake));
        assertThat(fake.submissions)
                .extracting(submission -> submission.events().size())
                .startsWith(8, 4, 4)
                .endsWith(2, 2);
        assertThat(events.states()).containsExactly("delivered|8");
        assertThat(postgres.query("select distinct attempts from delivery_event"))
                .containsExactly("1");
    }

    @Test
    void zombiesMarkIsRefusedAndTheEventIsBilledOnce() {
        FakeEndpoint fake = new FakeEndpoint(25);
        UUID key = events.pending(FakeEndpoint.NAME, PAYER);
        DeliveryService zombie = service(fake);
        DeliveryService heir = service(fake);
        Promise<Void> lateAnswer = Promise.promise();
        fake.answer = submission -> lateAnswer.future().compose(late -> fake.bill(submission));
        Claim old = await(zombie.claim(null, Set.of())).orElseThrow();
        Future<DeliveryService.Sent> hanging = zombie.send(old);
        assertThat(await(heir.claim(null, Set.of()))).isEmpty();
        events.timePasses();
        Claim taken = await(heir.claim(null, Set.of())).orElseThrow();
        assertThat(taken.events().get(0).token())
                .isGreaterThan(old.events().get(0).token());
        assertThat(taken.events().get(0).wasUnknown()).isTrue();

        lateAnswer.complete();
        await(hanging);
        assertThat(events.of(key, "state, attempts")).isEqualTo("pending|0");
        fake.answer = fake::bill;
        await(heir.send(taken));
        assertThat(events.of(key, "state, attempts, unknown_since")).isEqualTo("delivered|1|null");
        assertThat(events.ledger(key)).containsExactly("Accepted|1|t", "Duplicate|1|f");
        assertThat(observed.lines).contains("fenced 1");
        assertThat(fake.billed()).isEqualTo(1);
    }

    @Test
    void whatOneSubmissionDidIsEnteredOnceHoweverOftenItIsMarked() {
        FakeEndpoint fake = new FakeEndpoint(25);
        UUID key = events.pending(FakeEndpoint.NAME, PAYER);
        DeliveryService service = service(fake);
        Claim claim = await(service.claim(null, Set.of())).orElseThrow();
        await(service.send(claim));
        await(service.send(claim));
        assertThat(events.ledger(key)).containsExactly("Accepted|1|f");
        assertThat(events.of(key, "state, attempts")).isEqualTo("delivered|1");
    }

    @Test
    void unknownEventIsSentAgainOnlyWhileTheEndpointKnowsItsKey() {
        FakeEndpoint fake = new FakeEndpoint(25, Optional.empty(), Optional.of(Duration.ofHours(1)));
        UUID old = events.pending(FakeEndpoint.NAME, PAYER);
        UUID young = events.pending(FakeEndpoint.NAME, PAYER);
        // The lease is 25 s.
        postgres.execute("update delivery_event set unknown_since = clock_timestamp() - interval '3580 seconds'"
                + " where event_key = '" + old + "'");
        postgres.execute("update delivery_event set unknown_since = clock_timestamp() - interval '3500 seconds'"
                + " where event_key = '" + young + "'");
        deliverAll(service(fake));
        assertThat(events.of(old, "state, reason, lease_token")).isEqualTo("manual|OutcomeUnknown|null");
        assertThat(events.ledger(old)).containsExactly("OutcomeUnknown|0|f");
        assertThat(events.of(young, "state, unknown_since")).isEqualTo("delivered|null");
        assertThat(fake.billed(old)).isFalse();
        assertThat(observed.lines).contains("setAside OutcomeUnknown 1");
    }

    @Test
    void payersTakeTurnsHoweverMuchOneHas() {
        FakeEndpoint fake = new FakeEndpoint(2);
        SubscriptionId[] payers = {
            new SubscriptionId(new UUID(1, 0)), new SubscriptionId(new UUID(2, 0)), new SubscriptionId(new UUID(3, 0))
        };
        events.pending(FakeEndpoint.NAME, payers[0], 6);
        events.pending(FakeEndpoint.NAME, payers[1], 1);
        events.pending(FakeEndpoint.NAME, payers[2], 2);
        events.pending("other", RoutingWorld.customer(), 3);
        deliverAll(service(fake));
        assertThat(fake.submissions)
                .extracting(Submission::payer)
                .containsExactly(payers[0], payers[1], payers[2], payers[0], payers[0]);
        assertThat(fake.billed()).isEqualTo(9);
    }

    @Test
    void nothingIsClaimedWhileDeliveryIsHeldOrThePayerRests() {
        events.pending(FakeEndpoint.NAME, PAYER, 1);
        DeliveryService service = service(new FakeEndpoint(2));
        assertThat(await(service.claim(null, Set.of(PAYER.value())))).isEmpty();
        postgres.execute("insert into delivery_hold (reason) values ('restored')");
        assertThat(await(service.claim(null, Set.of()))).isEmpty();
        postgres.execute("delete from delivery_hold");
        assertThat(await(service.claim(null, Set.of()))).isPresent();
    }

    @Test
    void releasedClaimIsAsIfItNeverHadBeen() {
        UUID key = events.pending(FakeEndpoint.NAME, PAYER);
        DeliveryService service = service(new FakeEndpoint(2));
        Claim claim = await(service.claim(null, Set.of())).orElseThrow();
        assertThat(events.of(key, "lease_token is null, unknown_since is null")).isEqualTo("f|f");
        await(service.release(claim));
        assertThat(events.of(key, "lease_token, unknown_since, attempts")).isEqualTo("null|null|0");
        assertThat(await(service.claim(null, Set.of()))).isPresent();
    }

    @Test
    void payerWhoseEventsOthersHaveWasClaimedForAgainAtOnceForAsLongAsThatLasted() {
        events.pending(FakeEndpoint.NAME, PAYER);
        DeliveryService service = service(new FakeEndpoint(2));
        Claim claim = await(database.transaction(other -> other.query("select from delivery_event for update")
                        .execute()
                        .compose(locked -> service.claim(null, Set.of()))))
                .orElseThrow();
        assertThat(claim.events()).isEmpty();
        assertThat(await(service.send(claim)).failed()).as("it rests").isTrue();
    }

    @Test
    void claimsAtTheSameTimeNeverShareAnEvent() {
        events.pending(FakeEndpoint.NAME, PAYER, 40);
        FakeEndpoint fake = new FakeEndpoint(3);
        List<Future<Optional<Claim>>> claims = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            claims.add(service(fake).claim(null, Set.of()));
        }
        Set<UUID> keys = new HashSet<>();
        for (Future<Optional<Claim>> claim : claims) {
            for (Claim.Leased event : await(claim).orElseThrow().events()) {
                assertThat(keys.add(event.key())).isTrue();
            }
        }
        assertThat(postgres.query("select count(lease_token), count(distinct lease_token) from delivery_event"))
                .containsExactly(keys.size() + "|" + keys.size());
    }

    @Test
    void openBreakerReschedulesToItsTrialWithoutCounting() {
        FakeEndpoint fake = answering(1, Outcome.Error);
        events.pending(FakeEndpoint.NAME, PAYER, 3);
        DeliveryService service = service(fake);
        deliver(service);
        deliver(service);
        deliver(service);
        assertThat(fake.submissions).hasSize(2);
        assertThat(postgres.query("select outcome, attempt from delivery_ledger order by entry_id"))
                .containsExactly("Error|1", "Error|1", "BreakerOpen|0");
        assertThat(postgres.query("select count(*) from delivery_event where attempts = 0 and unknown_since is null"
                        + " and next_attempt_at between clock_timestamp() + interval '4 minutes'"
                        + " and clock_timestamp() + interval '5 minutes'"))
                .containsExactly("1");
        assertThat(observed.lines).contains("breaker open");
    }

    @Test
    void answersThatSpeakAgainstTheEventOnlyDoNotOpenTheBreaker() {
        FakeEndpoint fake = new FakeEndpoint(2);
        fake.answer = submission -> Future.succeededFuture(new SubmissionResult(
                List.of(
                        new SubmissionResult.EventResult(
                                submission.events().get(0).key(), Outcome.Error, null, null),
                        new SubmissionResult.EventResult(
                                submission.events().get(1).key(), Outcome.Accepted, null, null)),
                Optional.empty()));
        events.pending(FakeEndpoint.NAME, PAYER, 10);
        DeliveryService service = service(fake);
        for (int i = 0; i < 5; i++) {
            deliver(service);
        }
        assertThat(observed.lines).noneMatch(line -> line.startsWith("breaker"));
        assertThat(fake.submissions).hasSize(5);
    }

    @Test
    void adapterThatFailsOrSaysNothingOfAnEventLeavesItUnknown() {
        FakeEndpoint fake = new FakeEndpoint(2);
        UUID key = events.pending(FakeEndpoint.NAME, PAYER);
        DeliveryService service = service(fake);
        fake.answer = submission -> Future.succeededFuture(new SubmissionResult(List.of(), Optional.empty()));
        deliver(service);
        events.timePasses();
        fake.answer = submission -> {
            throw new IllegalStateException("secret");
        };
        deliver(service);
        assertThat(events.ledger(key)).containsExactly("Nonsense|1|f", "NoAnswer|2|f");
        assertThat(events.of(key, "state, unknown_since is null")).isEqualTo("pending|f");
        assertThat(postgres.query("select detail from delivery_ledger order by entry_id"))
                .containsExactly("nothing was said of it", "IllegalStateException");
    }

    @Test
    void whateverTheEndpointSaysIsMarked() {
        FakeEndpoint fake = new FakeEndpoint(2);
        UUID key = events.pending(FakeEndpoint.NAME, PAYER);
        fake.answer = submission -> Future.succeededFuture(
                SubmissionResult.ofAll(submission, Outcome.Accepted, "a\0b", "\ud800" + "x".repeat(5000)));
        deliver(service(fake));
        assertThat(events.of(key, "state, remote_id")).isEqualTo("delivered|a b");
        assertThat(postgres.query("select length(detail) from delivery_ledger")).containsExactly("1000");
    }

    @Test
    void wishOfTheEndpointIsTheEarliestNextAttempt() {
        FakeEndpoint fake = new FakeEndpoint(2);
        fake.answer =
                submission -> Future.succeededFuture(SubmissionResult.ofAll(submission, Outcome.Throttled, null, null)
                        .retryingAfter(Optional.of(Duration.ofDays(1))));
        events.pending(FakeEndpoint.NAME, PAYER);
        DeliveryService service = service(fake);
        Claim claim = await(service.claim(null, Set.of())).orElseThrow();
        DeliveryService.Sent sent = await(service.send(claim));
        assertThat(sent.wish()).contains(Duration.ofHours(1));
        assertThat(sent.throttled()).isTrue();
        assertThat(postgres.query("select next_attempt_at between clock_timestamp() + interval '59 minutes'"
                        + " and clock_timestamp() + interval '60 minutes' from delivery_event"))
                .containsExactly("t");
    }

    private DeliveryService service(FakeEndpoint fake) {
        Endpoint endpoint = new Endpoint(CONFIG, fake);
        return new DeliveryService(
                vertx,
                database,
                endpoint,
                new EndpointBreaker(vertx, endpoint, observed),
                Backoff.ofEvents(),
                observed);
    }

    private static FakeEndpoint answering(int batchLimit, Outcome outcome) {
        FakeEndpoint fake = new FakeEndpoint(batchLimit);
        fake.answer = submission -> FakeEndpoint.all(submission, outcome);
        return fake;
    }

    /** Whether there was anything due. */
    private static boolean deliver(DeliveryService service) {
        Optional<Claim> claim = await(service.claim(null, Set.of()));
        claim.ifPresent(due -> await(service.send(due)));
        return claim.isPresent();
    }

    /** In turns, until nothing is due. */
    private static void deliverAll(DeliveryService service) {
        UUID last = null;
        for (Optional<Claim> claim = await(service.claim(last, new TreeSet<>()));
                claim.isPresent();
                claim = await(service.claim(last, new TreeSet<>()))) {
            last = claim.get().payer().value();
            await(service.send(claim.get()));
        }
    }

    private String pause() {
        return postgres.query("select pauses, round(extract(epoch from paused_until - clock_timestamp()) / 10) * 10"
                        + " from endpoint_pause")
                .get(0)
                .replaceAll("\\.0*$", "");
    }

    private void pauseEnds() {
        postgres.execute("update endpoint_pause set paused_until = clock_timestamp()");
    }
}
