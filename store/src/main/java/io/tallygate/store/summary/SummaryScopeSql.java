package io.tallygate.store.summary;

import io.tallygate.store.Rows;
import io.tallygate.store.directory.SubscriptionId;
import io.vertx.sqlclient.Tuple;
import java.util.Set;
import java.util.UUID;

/** What the statement of a summary says of whose usage counts, and of when. */
final class SummaryScopeSql {
    private static final String SCOPE = """
            with scope as materialized (
              select subscription_id, tenant_id, display_name%s
              where true%s)""";
    // Null where it is all the time, which costs less to see.
    private static final String SERVED = """
            , hours
              from (
                select subscription_id,
                  case when not bool_or(whole) then range_agg(tstzrange(effective_from, effective_to)) end as hours
                from subscription_provider
                where provider_subscription_id = any (%s)
                group by subscription_id) served
              join subscription using (subscription_id)""";
    // A case, for the planner would think that almost none of it is true.
    private static final String WHILE_SERVED = " and case when s.hours is null then true else s.hours @> %s end";

    private final SummaryScope scope;
    private final Tuple parameters;

    /** Of a scope; what it refers to is added to the parameters. */
    SummaryScopeSql(SummaryScope scope, Tuple parameters) {
        this.scope = scope;
        this.parameters = parameters;
    }

    /** The subscriptions that count, as {@code scope}; with {@code hours} where it goes by providers. To be called once. */
    String subscriptions() {
        String from = scope.providers() == null ? "\n  from subscription" : SERVED.formatted(ids(scope.providers()));
        StringBuilder conditions = new StringBuilder();
        if (scope.tenant() != null) {
            conditions
                    .append(" and tenant_id = ")
                    .append(parameter(scope.tenant().value()));
        }
        if (scope.subscriptions() != null) {
            conditions
                    .append(" and subscription_id = any (")
                    .append(ids(scope.subscriptions()))
                    .append(")");
        }
        return SCOPE.formatted(from, conditions);
    }

    /** Joins rows {@code a} with the scope, where it takes that to see whether they count. */
    String joined() {
        return scope.providers() == null ? "" : " join scope s on s.subscription_id = a.subscription_id";
    }

    /** Of a row {@code a} that is {@link #joined}: whether it counts. */
    String within(String used) {
        if (scope.isEveryone()) {
            return "";
        }
        return scope.providers() == null
                ? " and a.subscription_id in (select subscription_id from scope)"
                : whileServed(used);
    }

    /** Of a row {@code a} that is joined with the scope as {@code s}: whether it was used while that counts. */
    String whileServed(String used) {
        return scope.providers() == null ? "" : WHILE_SERVED.formatted(used);
    }

    private String ids(Set<SubscriptionId> subscriptions) {
        return parameter(Rows.array(subscriptions, SubscriptionId::value, UUID[]::new));
    }

    private String parameter(Object value) {
        parameters.addValue(value);
        return "$" + parameters.size();
    }
}
