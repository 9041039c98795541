package io.tallygate.deploy.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.operate.AuditChain;
import io.tallygate.deploy.testing.HttpCaller;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What must hold after whatever happened, from three independent books: what the reporters sent and saw acknowledged, the
 * database, and what the endpoint billed.
 */
final class Invariants {
    private final Site site;

    Invariants(Site site) {
        this.site = site;
    }

    /** 1 and 2: acknowledged ⊆ stored ⊆ sent; each once, to the last digit. */
    void stored(List<Reporter> reporters) {
        Map<String, BigDecimal> sent = new HashMap<>();
        Map<String, BigDecimal> acknowledged = new HashMap<>();
        reporters.forEach(reporter -> {
            sent.putAll(reporter.sent());
            acknowledged.putAll(reporter.acknowledged());
        });
        Map<String, BigDecimal> stored = new HashMap<>();
        for (String row : site.query("select record_id, quantity from usage_record")) {
            String[] columns = row.split("\\|", -1);
            assertThat(stored.put(columns[0], plain(columns[1])))
                    .as("%s is stored once", columns[0])
                    .isNull();
        }
        stored.forEach((id, quantity) -> assertThat(quantity).as(id).isEqualByComparingTo(sent.get(id)));
        assertThat(acknowledged).isNotEmpty();
        acknowledged.keySet().removeAll(stored.keySet());
        assertThat(acknowledged).as("acknowledged and not stored").isEmpty();
    }

    /** 3: each in exactly one window, and nothing changed on the way into the sums. */
    void summed() {
        nothing("""
                select r.* from (
                  select reported_hour, subscription_id, meter_key, sum(quantity) as quantity, count(*) as records
                  from usage_record group by 1, 2, 3) r
                full join (
                  select reported_time as reported_hour, subscription_id, meter_key, sum(quantity) as quantity,
                    sum(record_count) as records
                  from usage_hourly group by 1, 2, 3) h using (reported_hour, subscription_id, meter_key)
                where r.quantity is distinct from h.quantity or r.records is distinct from h.records""");
        nothing("""
                select r.* from (
                  select source, usage_hour, reported_hour, count(*) as records
                  from usage_record where reported_hour < (select sealed_through from window_state) group by 1, 2, 3) r
                full join usage_source_hour h using (source, usage_hour, reported_hour)
                where r.records is distinct from h.record_count""");
        nothing("""
                select d.* from (
                  select reported_time as day, subscription_id, meter_key, sum(quantity) as quantity
                  from usage_daily group by 1, 2, 3) d
                full join (
                  select date_trunc('day', reported_time, 'UTC') as day, subscription_id, meter_key,
                    sum(quantity) as quantity
                  from usage_hourly
                  where reported_time < (select date_trunc('day', sealed_through, 'UTC') from window_state)
                  group by 1, 2, 3) h using (day, subscription_id, meter_key)
                where d.quantity is distinct from h.quantity""");
        nothing("""
                select d.* from usage_by_day d
                full join (
                  select subscription_id, date_trunc('day', usage_hour, 'UTC') as usage_day, meter_key,
                    sum(quantity) as quantity, count(*) as record_count
                  from usage_record where reported_hour < (select sealed_through from window_state)
                  group by 1, 2, 3) r using (subscription_id, usage_day, meter_key)
                where d.quantity is distinct from r.quantity or d.record_count is distinct from r.record_count""");
    }

    /**
     * 4: every chargeable aggregate routed once, to somebody who was at some time said to pay for that hour (the property
     * test knows when it was said); 7: what is in force pays in the end, since all was re-routed.
     */
    void routed() {
        nothing("""
                select h.subscription_id, h.reported_time, h.seq
                from usage_hourly h join meter m using (meter_key)
                left join routed_usage r using (subscription_id, reported_time, seq)
                where m.chargeable and (r.kind is distinct from 'original' or r.quantity <> h.quantity
                  or r.record_count <> h.record_count)""");
        nothing("""
                select r.subscription_id, r.reported_time, r.seq
                from routed_usage r join registration g using (registration_id)
                where r.kind = 'original' and r.fallback <> (r.payer_subscription_id = g.subscription_id)
                  or r.kind = 'original' and not r.fallback and not exists (
                    select from customer_subscription c
                    where c.registration_id = r.registration_id and c.tenant_id = r.tenant_id
                      and c.customer_subscription_id = r.payer_subscription_id
                      and tstzrange(c.effective_from, c.effective_to) @> r.usage_time)""");
        nothing("""
                select e.* from (
                  select distinct on (coalesce(origin_time, reported_time), coalesce(origin_seq, seq), subscription_id)
                    registration_id, tenant_id, usage_time, payer_subscription_id
                  from routed_usage
                  where kind <> 'reversal'
                  order by coalesce(origin_time, reported_time), coalesce(origin_seq, seq), subscription_id,
                    reported_time desc, seq desc) e
                cross join lateral payer_of(e.registration_id, e.tenant_id, e.usage_time) p
                where p.payer_subscription_id <> e.payer_subscription_id""");
        nothing("""
                select origin_time, origin_seq, subscription_id from routed_usage where kind <> 'original'
                group by 1, 2, 3, reported_time having sum(quantity) <> 0 or sum(record_count) <> 0""");
    }

    /** 5 and 6: what is delivered was accepted, with the bytes that were composed; events are the sums of their rows. */
    void delivered() {
        nothing("""
                select e.event_key from delivery_event e
                where e.state = 'delivered' and not exists (
                  select from delivery_ledger l
                  where l.payer_subscription_id = e.payer_subscription_id and l.reported_time = e.reported_time
                    and l.event_key = e.event_key and not l.fenced and l.outcome in ('Accepted', 'Duplicate', 'Compared'))""");
        nothing("select event_key from delivery_event where body_hash <> sha256(body)");
        nothing("select event_key from delivery_event group by event_key having count(*) > 1");
        nothing("""
                select e.event_key from delivery_event e
                left join event_row r on r.payer_subscription_id = e.payer_subscription_id
                  and r.event_time = e.reported_time and r.event_key = e.event_key
                where e.state <> 'withdrawn'
                group by e.event_key, e.quantity, e.record_count
                having sum(r.quantity) is distinct from e.quantity
                  or sum(r.record_count) is distinct from e.record_count""");
        nothing("select event_key, state, reason from delivery_event where state in ('dead', 'manual')");
    }

    /** 6 and 7: the endpoint billed every delivered event once, to its payer, and nothing else. */
    void billed() {
        Map<String, BigDecimal> ledger = new HashMap<>();
        for (String row : site.query("""
                select payer_subscription_id || ' ' || upper(dimension) || ' '
                  || to_char(effective_time at time zone 'UTC', 'YYYY-MM-DD"T"HH24'), quantity
                from delivery_event where state = 'delivered'""")) {
            String[] columns = row.split("\\|", -1);
            assertThat(ledger.put(columns[0], plain(columns[1])))
                    .as("%s is one event", columns[0])
                    .isNull();
        }
        Map<String, BigDecimal> bill = new HashMap<>();
        for (JsonNode subscription : site.bill().path("subscriptions")) {
            for (JsonNode event : subscription.path("events")) {
                String key = subscription.path("resourceId").asText() + " "
                        + event.path("dimension").asText().toUpperCase(Locale.ROOT) + " "
                        + event.path("effectiveStartTime").asText().substring(0, 13);
                assertThat(event.path("timesBilled").asInt(1)).as(key).isEqualTo(1);
                assertThat(bill.put(key, event.path("quantity").decimalValue()))
                        .as(key)
                        .isNull();
            }
        }
        assertThat(bill).isNotEmpty();
        assertThat(bill.keySet()).isEqualTo(ledger.keySet());
        bill.forEach((key, quantity) -> assertThat(quantity).as(key).isEqualByComparingTo(ledger.get(key)));
    }

    /** 8: no lease, no transaction, no event is stuck; rows wait only for a positive sum, a free hour or an outcome. */
    void nothingStuck() {
        assertThat(pending()).isZero();
        assertThat(composable()).isZero();
        nothing("select pid, query from pg_stat_activity where state like 'idle in transaction%'"
                + " and now() - xact_start > interval '30 seconds'");
    }

    /** Payers and dimensions of which rows wait although their sum is positive and an hour is free. */
    long composable() {
        return Long.parseLong(site.query("""
                select count(*)
                from (
                  select payer_subscription_id, dimension, min(usage_time) as first, sum(quantity) as quantity
                  from event_row where event_key is null and not netted and awaited_key is null
                  group by 1, 2) w
                where w.quantity > 0 and exists (
                  select from generate_series(w.first, date_trunc('hour', clock_timestamp(), 'UTC') - interval '1 hour',
                    interval '1 hour') h
                  where not exists (select from delivery_slot s where s.payer_subscription_id = w.payer_subscription_id
                    and s.dimension = w.dimension and s.hour = h))""").get(0));
    }

    /** Events that are not final. */
    long pending() {
        return Long.parseLong(site.query("select count(*) from delivery_event where state = 'pending'")
                .get(0));
    }

    /** 9: the audit's chain is whole, computed anew from what its entries say; and there is what to be computed. */
    void audited() {
        AuditChain chain = new AuditChain(Map.of());
        for (String row : site.query("""
                select json_build_object('auditId', audit_id,
                  'recordedAt', to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                  'tenantId', tenant_id, 'subject', subject, 'action', action, 'target', target, 'reason', reason,
                  'detail', detail, 'correlationId', correlation_id, 'previousHash', encode(previous_hash, 'hex'),
                  'hash', encode(hash, 'hex'))
                from audit_entry order by audit_id""")) {
            assertThat(chain.add(HttpCaller.Answer.parse(row))).as(row).isEmpty();
        }
        String[] head = site.query("select audit_id, encode(hash, 'hex') from audit_head")
                .get(0)
                .split("\\|", -1);
        assertThat(chain.end(Long.parseLong(head[0]), head[1])).isEmpty();
        assertThat(chain.last()).isGreaterThan(World.SEALABLE_HOURS / 2);
        for (String action : List.of("gateway.start", "windows.seal", "customerSubscription.put")) {
            assertThat(site.query("select audit_id from audit_entry where action = '" + action + "' limit 1"))
                    .as(action)
                    .hasSize(1);
        }
    }

    /** The gateway's own reconciliation agrees. */
    void balanced(Api.Answer reconciliation) {
        assertThat(reconciliation.status()).as(reconciliation.body()).isEqualTo(200);
        assertThat(reconciliation.json().path("balanced").asBoolean())
                .as(reconciliation.body())
                .isTrue();
    }

    private void nothing(String sql) {
        assertThat(site.query(sql)).as(sql).isEmpty();
    }

    private static BigDecimal plain(String number) {
        return new BigDecimal(number);
    }
}
