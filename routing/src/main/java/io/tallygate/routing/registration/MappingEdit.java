package io.tallygate.routing.registration;

import io.tallygate.routing.registration.CustomerSubscriptionOutcome.Kind;
import io.tallygate.routing.registration.MappingChange.Stretch;
import io.tallygate.store.Rows;
import io.tallygate.store.audit.Actor;
import io.tallygate.store.audit.AuditTrail;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One change of a registration's mappings in one transaction. The registration's row is locked, so that changes of one
 * registration follow each other; the table's exclusion constraints are the second guard.
 */
final class MappingEdit {
    private static final String LOCK = "select * from registration where registration_id = $1 for no key update";
    // A statement after the lock: the clock has passed whatever was recorded while this one waited.
    private static final String FACTS = """
            select clock_timestamp() as now, exists (select from subscription where subscription_id = $1) as local""";
    private static final String STANDING = """
            select * from customer_subscription
            where registration_id = $1 and superseded_at is null and (tenant_id = $2 or customer_subscription_id = $3)
            order by effective_from, mapping_id""";
    private static final String SUPERSEDE =
            "update customer_subscription set superseded_at = $2 where mapping_id = any($1)";
    private static final String RECORD = """
            insert into customer_subscription (registration_id, tenant_id, customer_subscription_id, effective_from,
              effective_to, recorded_at)
            select $1, tenant_id, customer_subscription_id, effective_from, effective_to, $2
            from unnest($3::uuid[], $4::uuid[], $5::timestamptz[], $6::timestamptz[])
              with ordinality as new (tenant_id, customer_subscription_id, effective_from, effective_to, position)
            order by position
            returning *""";
    // Whom the endpoint refused may be right now: it is asked again.
    private static final String END_AUTOMATIC_HOLDS =
            "delete from payer_hold where automatic and payer_subscription_id = any($1)";

    private final SqlConnection transaction;
    private final SubscriptionId customerSubscription;
    private final Actor actor;
    private final long registrationId;
    private final List<CustomerSubscription> standing = new ArrayList<>();
    private Registration registration;
    private Instant now;
    private boolean local;
    private Instant from;
    private List<CustomerSubscription> ended = List.of();

    /** Changes mappings in the given transaction; without an actor if that is rolled back. */
    MappingEdit(SqlConnection transaction, long registrationId, SubscriptionId customerSubscription, Actor actor) {
        this.transaction = transaction;
        this.registrationId = registrationId;
        this.customerSubscription = customerSubscription;
        this.actor = actor;
    }

    /** Lets it pay for the tenant from an hour on; null is the current hour. */
    Future<CustomerSubscriptionOutcome> put(TenantId tenant, Instant effectiveFrom) {
        return begin(tenant).compose(begun -> {
            from = effectiveFrom == null ? now.truncatedTo(ChronoUnit.HOURS) : effectiveFrom;
            Kind refusal = refusal(tenant);
            if (refusal != null) {
                return Future.succeededFuture(CustomerSubscriptionOutcome.refused(refusal));
            }
            CustomerSubscription same = inForceForEver(tenant);
            return same != null
                    ? Future.succeededFuture(new CustomerSubscriptionOutcome(Kind.Unchanged, same))
                    : record(tenant);
        });
    }

    /** What {@link #put} would do. */
    Future<MappingTrial> tryPut(TenantId tenant, Instant effectiveFrom) {
        return put(tenant, effectiveFrom)
                .map(outcome -> outcome.customerSubscription() == null
                        ? MappingTrial.refused(outcome.kind())
                        : new MappingTrial(
                                outcome.kind(), outcome.customerSubscription(), ended, from, Set.of(tenant)));
    }

    /** What {@link #end} would do. */
    Future<MappingTrial> tryEnd(Instant effectiveTo) {
        return end(effectiveTo)
                .map(done -> new MappingTrial(
                        done ? Kind.Recorded : Kind.Unchanged,
                        null,
                        ended,
                        from,
                        ended.stream().map(CustomerSubscription::tenant).collect(Collectors.toSet())));
    }

    /** Ends it from an hour on, and takes away what is scheduled for later; null is the current hour. */
    Future<Boolean> end(Instant effectiveTo) {
        return begin(null).compose(begun -> {
            from = effectiveTo == null ? now.truncatedTo(ChronoUnit.HOURS) : effectiveTo;
            MappingChange change = MappingChange.endingAt(from, standing);
            return change.superseded().isEmpty()
                    ? Future.succeededFuture(false)
                    : apply("customerSubscription.end", change).map(true);
        });
    }

    private Future<Void> begin(TenantId tenant) {
        return transaction
                .preparedQuery(LOCK)
                .execute(Tuple.of(registrationId))
                .compose(rows -> {
                    rows.forEach(row -> registration = Registration.of(row));
                    return transaction.preparedQuery(FACTS).execute(Tuple.of(customerSubscription.value()));
                })
                .compose(rows -> {
                    Row facts = rows.iterator().next();
                    now = Rows.instant(facts, "now");
                    local = facts.getBoolean("local");
                    UUID tenantId = tenant == null ? null : tenant.value();
                    return transaction
                            .preparedQuery(STANDING)
                            .execute(Tuple.of(registrationId, tenantId, customerSubscription.value()));
                })
                .map(rows -> {
                    rows.forEach(row -> standing.add(CustomerSubscription.of(row)));
                    return null;
                });
    }

    private Kind refusal(TenantId tenant) {
        if (registration == null) {
            return Kind.RegistrationAbsent;
        }
        if (!registration.billingModel().delivers()) {
            return Kind.BillingModelRefuses;
        }
        if (!registration.multiTenant()) {
            return Kind.NotMultiTenant;
        }
        if (local) {
            return Kind.IsLocalSubscription;
        }
        boolean paysForAnother =
                standing.stream().anyMatch(mapping -> !mapping.tenant().equals(tenant) && mapping.reachesBeyond(from));
        return paysForAnother ? Kind.PaysForAnotherTenant : null;
    }

    // With an open end nothing else of the tenant can be scheduled after it.
    private CustomerSubscription inForceForEver(TenantId tenant) {
        return standing.stream()
                .filter(mapping -> mapping.tenant().equals(tenant)
                        && mapping.customerSubscription().equals(customerSubscription)
                        && mapping.effectiveTo() == null
                        && !mapping.effectiveFrom().isAfter(from))
                .findFirst()
                .orElse(null);
    }

    private Future<CustomerSubscriptionOutcome> record(TenantId tenant) {
        List<CustomerSubscription> ofTenant = standing.stream()
                .filter(mapping -> mapping.tenant().equals(tenant))
                .toList();
        return apply(
                        "customerSubscription.put",
                        MappingChange.replacingFrom(from, tenant, customerSubscription, ofTenant))
                .map(recorded -> new CustomerSubscriptionOutcome(Kind.Recorded, recorded.get(recorded.size() - 1)));
    }

    private Future<List<CustomerSubscription>> apply(String action, MappingChange change) {
        ended = change.superseded();
        Long[] superseded = Rows.array(change.superseded(), CustomerSubscription::mappingId, Long[]::new);
        return transaction
                .preparedQuery(SUPERSEDE)
                .execute(Tuple.tuple().addArrayOfLong(superseded).addOffsetDateTime(Rows.utc(now)))
                .compose(done -> transaction.preparedQuery(RECORD).execute(columns(change.recorded())))
                .map(rows -> {
                    List<CustomerSubscription> recorded = new ArrayList<>();
                    rows.forEach(row -> recorded.add(CustomerSubscription.of(row)));
                    return recorded;
                })
                .compose(recorded ->
                        actor == null ? Future.succeededFuture(recorded) : conclude(action, change, recorded));
    }

    private Future<List<CustomerSubscription>> conclude(
            String action, MappingChange change, List<CustomerSubscription> recorded) {
        return endAutomaticHolds(change)
                .compose(done -> AuditTrail.append(
                        transaction,
                        actor,
                        action,
                        registration.resourceId() + "/customerSubscriptions/" + customerSubscription,
                        null,
                        detail(change.superseded(), recorded)))
                .map(recorded);
    }

    private Future<Void> endAutomaticHolds(MappingChange change) {
        UUID[] payers = Stream.concat(
                        change.superseded().stream().map(CustomerSubscription::customerSubscription),
                        change.recorded().stream().map(Stretch::customerSubscription))
                .map(SubscriptionId::value)
                .distinct()
                .toArray(UUID[]::new);
        return transaction
                .preparedQuery(END_AUTOMATIC_HOLDS)
                .execute(Tuple.tuple().addArrayOfUUID(payers))
                .mapEmpty();
    }

    private Tuple columns(List<Stretch> stretches) {
        return Tuple.of(registrationId, Rows.utc(now))
                .addArrayOfUUID(
                        Rows.array(stretches, stretch -> stretch.tenant().value(), UUID[]::new))
                .addArrayOfUUID(Rows.array(
                        stretches, stretch -> stretch.customerSubscription().value(), UUID[]::new))
                .addArrayOfOffsetDateTime(
                        Rows.array(stretches, stretch -> Rows.utc(stretch.from()), OffsetDateTime[]::new))
                .addArrayOfOffsetDateTime(
                        Rows.array(stretches, stretch -> Rows.utc(stretch.to()), OffsetDateTime[]::new));
    }

    private static String detail(List<CustomerSubscription> before, List<CustomerSubscription> after) {
        return new JsonObject()
                .put("before", forAudit(before))
                .put("after", forAudit(after))
                .encode();
    }

    private static JsonArray forAudit(List<CustomerSubscription> mappings) {
        JsonArray all = new JsonArray();
        mappings.forEach(mapping -> all.add(mapping.forAudit()));
        return all;
    }
}
