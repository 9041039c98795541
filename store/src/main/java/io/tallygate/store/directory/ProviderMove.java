package io.tallygate.store.directory;

import io.tallygate.store.Rows;
import io.tallygate.store.WindowLock;
import io.tallygate.store.audit.Actor;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;

/**
 * A move of a subscription to another provider, within the transaction that puts it: planned first, which takes the locks and
 * finds out whether it may be, and then applied. It replaces what is scheduled; to move to the provider that there is then
 * anyway only takes that back.
 */
final class ProviderMove {
    private static final String LOCK = "select pg_advisory_xact_lock(hashtextextended('tallygate providers', 0))";
    // Clocks of gateways differ, and usage may be five minutes ahead of them: a quarter of an hour is more than both.
    private static final String STANDING = """
            select e.earliest, kept.provider_subscription_id as kept, next.provider_subscription_id as scheduled,
              next.effective_from as scheduled_from
            from (
              select date_trunc('day', greatest(clock_timestamp() + interval '15 minutes', closed_through)
                + interval '24 hours' - interval '1 microsecond', 'UTC') as earliest
              from window_state) e
            join subscription_provider kept
              on kept.subscription_id = $1 and kept.effective_from < e.earliest and kept.effective_to >= e.earliest
            left join subscription_provider next on next.subscription_id = $1 and next.effective_from >= e.earliest
            order by next.effective_from desc
            limit 1""";
    // From the earliest time on: to take back what is scheduled is a change from there. It comes to an end, for each
    // step only narrows the time.
    private static final String IS_BELOW = """
            with recursive above (subscription_id, effective_from, effective_to) as (
              (select $2::uuid, $3::timestamptz, 'infinity'::timestamptz
               union all
               select $4::uuid, $5::timestamptz, $3::timestamptz where $5 < $3 and $4 <> $1)
              union
              select p.provider_subscription_id, greatest(p.effective_from, above.effective_from),
                least(p.effective_to, above.effective_to)
              from above
              join subscription_provider p on p.subscription_id = above.subscription_id
                and p.effective_from < above.effective_to and p.effective_to > above.effective_from
              where above.subscription_id <> $1 and p.provider_subscription_id <> p.subscription_id)
            select exists (select from above where subscription_id = $1) as answer""";
    private static final String WITHDRAW =
            "delete from subscription_provider where subscription_id = $1 and effective_from >= $2";
    private static final String END = """
            update subscription_provider set effective_to = coalesce($3, 'infinity'::timestamptz)
            where subscription_id = $1 and effective_from < $2 and effective_to >= $2""";
    private static final String BEGIN = """
            insert into subscription_provider (subscription_id, provider_subscription_id, effective_from, effective_to, recorded_by)
            values ($1, $2, $3, 'infinity', $4)""";

    private final SubscriptionId subscription;
    private final SubscriptionId provider;
    private final Instant from;
    private final Standing standing;

    /**
     * What is.
     *
     * @param earliest from when it may move
     * @param kept whose it is right before that
     * @param scheduled whose it is in the end, if that is another; null if nothing may be taken back
     */
    private record Standing(Instant earliest, SubscriptionId kept, SubscriptionId scheduled, Instant scheduledFrom) {
        static Standing of(Row row) {
            return new Standing(
                    Rows.instant(row, "earliest"),
                    new SubscriptionId(row.getUUID("kept")),
                    row.getUUID("scheduled") == null ? null : new SubscriptionId(row.getUUID("scheduled")),
                    Rows.instant(row, "scheduled_from"));
        }
    }

    private ProviderMove(SubscriptionId subscription, SubscriptionId provider, Instant from, Standing standing) {
        this.subscription = subscription;
        this.provider = provider;
        this.from = from;
        this.standing = standing;
    }

    /**
     * To {@code wanted}'s provider; nothing is changed yet.
     *
     * @param from a UTC midnight; null for the earliest possible
     */
    static Future<ProviderMove> plan(SqlConnection transaction, Subscription wanted, Instant from) {
        // Each in a statement of its own: the next one sees what was committed while this one waited.
        return transaction
                .preparedQuery(LOCK)
                .execute(Tuple.tuple())
                .compose(locked -> WindowLock.share(transaction))
                .compose(locked -> transaction
                        .preparedQuery(STANDING)
                        .execute(Tuple.of(wanted.id().value())))
                .map(rows -> {
                    Standing standing = Standing.of(rows.iterator().next());
                    return new ProviderMove(
                            wanted.id(),
                            wanted.providerSubscription(),
                            from == null ? standing.earliest() : from,
                            standing);
                });
    }

    /** Whether it may be; {@link SubscriptionOutcome.Kind#Done} if so. */
    Future<SubscriptionOutcome> check(SqlConnection transaction) {
        if (from.isBefore(standing.earliest())) {
            return Future.succeededFuture(
                    new SubscriptionOutcome(SubscriptionOutcome.Kind.MovesTooEarly, standing.earliest()));
        }
        if (takesBack() && provider.equals(subscription)) {
            return Future.succeededFuture(SubscriptionOutcome.of(SubscriptionOutcome.Kind.Done));
        }
        Instant begins = takesBack() ? standing.earliest() : from;
        Tuple parameters = Tuple.of(
                subscription.value(),
                provider.value(),
                Rows.utc(begins),
                standing.kept().value(),
                Rows.utc(standing.earliest()));
        return transaction
                .preparedQuery(IS_BELOW)
                .execute(parameters)
                .map(rows -> SubscriptionOutcome.of(
                        rows.iterator().next().getBoolean("answer")
                                ? SubscriptionOutcome.Kind.ProviderIsBelow
                                : SubscriptionOutcome.Kind.Done));
    }

    /** Whether anything is not so already. */
    boolean changes() {
        return takesBack()
                ? standing.scheduled() != null
                : !provider.equals(standing.scheduled()) || !from.equals(standing.scheduledFrom());
    }

    /** Does it, where it changes anything. */
    Future<Void> apply(SqlConnection transaction, Actor actor) {
        Tuple earliest = Tuple.of(subscription.value(), Rows.utc(standing.earliest()));
        Tuple end = Tuple.of(subscription.value(), Rows.utc(standing.earliest()), takesBack() ? null : Rows.utc(from));
        Tuple begin = Tuple.of(subscription.value(), provider.value(), Rows.utc(from), actor.subject());
        return transaction
                .preparedQuery(WITHDRAW)
                .execute(earliest)
                .compose(withdrawn -> transaction.preparedQuery(END).execute(end))
                .compose(ended -> takesBack()
                        ? Future.succeededFuture()
                        : transaction.preparedQuery(BEGIN).execute(begin))
                .mapEmpty();
    }

    /** For the audit: what was scheduled, and what is now. */
    JsonObject json() {
        return new JsonObject()
                .put("before", json(standing.scheduled(), standing.scheduledFrom()))
                .put("after", takesBack() ? null : json(provider, from));
    }

    private static JsonObject json(SubscriptionId provider, Instant from) {
        return provider == null
                ? null
                : new JsonObject()
                        .put("delegatedProviderSubscriptionId", provider.toString())
                        .put("effectiveFrom", from.toString());
    }

    private boolean takesBack() {
        return provider.equals(standing.kept());
    }
}
