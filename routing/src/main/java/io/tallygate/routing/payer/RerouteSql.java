package io.tallygate.routing.payer;

/**
 * The statements of a re-route, in the order in which they run.
 *
 * <p>Words: a <em>family</em> is an original and the pairs that moved it since. The payer of a family is that of its last
 * row that is no reversal. What stands for it is the last such row of that payer that is not netted: this is the row that
 * is billed, or will be. A family moves if {@code payer_of} names another payer now.
 *
 * <ol>
 *   <li>{@link #STATE} locks the routing state, so that no window is routed meanwhile and no other re-route runs; the
 *       pairs join the window that is routed next, which nobody can have read. {@link #EXCLUDE_COMPOSERS} then keeps
 *       composers away until the end: a row that waits goes on waiting. A preview does neither.
 *   <li>{@link #HOURS}: the usage hours of tenants in which somebody paid who should not. The rule is asked once for each.
 *   <li>{@link #MOVES}: the rows that stand for what moves, with their fate. {@code netted}: never sent, that is, in no
 *       event, or in a pending one without attempt, lease or doubt. {@code correction}: in a delivered event.
 *       {@code waiting}: in any other, whose outcome is open (or which is waived, and then so is the reversal). An event
 *       that another reversal waits for stays what it is.
 *   <li>{@link #RETURNS}: a family that comes back to a payer whose reversal is not in an event yet: reversal and new
 *       charge are netted with each other, and the charge that there was before stands again.
 *   <li>{@link #LOCK}, against senders: they claim and mark events under row locks, in short transactions. Whatever cannot
 *       be locked at once, or is not unsent any more, is in a sender's (or operator's) hands: its reversal waits. This
 *       never waits for anybody, so there is no deadlock.
 *   <li>{@link #PAIRS}, {@link #EVENT_ROWS}: for each move a reversal, with quantity and record count negated, and a
 *       rerouted row. The reversal goes to the endpoint of the row that it takes back, the rerouted row to that of the
 *       registration; the dimension stays.
 *   <li>{@link #WITHDRAW}: unsent events with a moved row are withdrawn; their other rows wait again, their slots are free.
 *   <li>{@link #NET}: what was never sent is netted, as its reversal is.
 * </ol>
 *
 * A second run finds that everybody pays who should. Everything is done in sets: a month of a large tenant may be a million
 * rows. The temporary tables are analysed, since the planner would take them for nearly empty.
 */
final class RerouteSql {
    static final String STATE = "select routed_through from routing_state";
    static final String LOCK_STATE = STATE + " for update";
    // Routing a large window takes longer than the ten seconds that a lock is otherwise waited for.
    static final String PATIENCE = "set local lock_timeout = '60s'";
    static final String EXCLUDE_COMPOSERS = "select pg_advisory_xact_lock(hashtextextended('tallygate composing', 0))";

    static final String CREATE_HOURS = """
            create temporary table rerouted_hour (
              registration_id bigint not null,
              tenant_id uuid not null,
              usage_time timestamptz not null,
              to_payer uuid not null,
              to_fallback boolean not null,
              to_endpoint text not null
            ) on commit drop""";
    static final String CREATE_MOVES = """
            create temporary table reroute_move (
              position bigint not null,
              subscription_id uuid not null,
              origin_time timestamptz not null,
              origin_seq integer not null,
              registration_id bigint not null,
              tenant_id uuid not null,
              meter_key integer not null,
              commerce_meter_id text not null,
              instance_id bigint not null,
              usage_time timestamptz not null,
              quantity numeric not null,
              record_count bigint not null,
              row_time timestamptz not null,
              row_seq integer not null,
              event_time timestamptz,
              event_key uuid,
              fate text not null,
              from_payer uuid not null,
              from_fallback boolean not null,
              from_endpoint text not null,
              to_payer uuid not null,
              to_fallback boolean not null,
              to_endpoint text not null,
              return_time timestamptz,
              return_seq integer
            ) on commit drop""";
    static final String ANALYZE_HOURS = "analyze rerouted_hour";
    static final String ANALYZE_MOVES = "analyze reroute_move";

    // Usage is reported when it is over, or a little before if clocks differ; by far not a month before.
    private static final String IN_RANGE = """
            u.usage_time >= $1::timestamptz and u.usage_time < coalesce($2::timestamptz, 'infinity')
              and u.reported_time >= $1::timestamptz - interval '31 days'""";

    static final String HOURS = """
            insert into rerouted_hour (registration_id, tenant_id, usage_time, to_payer, to_fallback, to_endpoint)
            with paid as materialized (
              select distinct u.registration_id, u.tenant_id, u.usage_time, u.payer_subscription_id
              from routed_usage u
              where ${inRange} and u.kind <> 'reversal'
                and ($3::bigint is null or u.registration_id = $3) and ($4::uuid[] is null or u.tenant_id = any ($4))),
            should as materialized (
              select k.registration_id, k.tenant_id, k.usage_time, p.payer_subscription_id, p.fallback
              from (select distinct registration_id, tenant_id, usage_time from paid) k
              cross join lateral payer_of(k.registration_id, k.tenant_id, k.usage_time) p)
            select distinct s.registration_id, s.tenant_id, s.usage_time, s.payer_subscription_id, s.fallback,
              r.delivery_endpoint
            from should s
            join paid using (registration_id, tenant_id, usage_time)
            join registration r using (registration_id)
            where paid.payer_subscription_id <> s.payer_subscription_id""".replace("${inRange}", IN_RANGE);

    private static final String NEVER_SENT =
            "d.state = 'pending' and d.attempts = 0 and d.unknown_since is null and d.lease_token is null";

    static final String MOVES = """
            insert into reroute_move (position, subscription_id, origin_time, origin_seq, registration_id, tenant_id,
              meter_key, commerce_meter_id, instance_id, usage_time, quantity, record_count, row_time, row_seq, event_time,
              event_key, fate, from_payer, from_fallback, from_endpoint, to_payer, to_fallback, to_endpoint)
            with family as (
              select u.*, coalesce(u.origin_time, u.reported_time) as first_time, coalesce(u.origin_seq, u.seq) as first_seq,
                first_value(u.payer_subscription_id) over (
                  partition by u.subscription_id, coalesce(u.origin_time, u.reported_time), coalesce(u.origin_seq, u.seq)
                  order by u.reported_time desc, u.seq desc) as from_payer,
                h.to_payer, h.to_fallback, h.to_endpoint
              from routed_usage u
              join rerouted_hour h using (registration_id, tenant_id, usage_time)
              where ${inRange} and u.kind <> 'reversal'),
            standing as (
              select distinct on (f.subscription_id, f.first_time, f.first_seq) f.*, e.endpoint, e.event_time, e.event_key
              from family f
              join event_row e using (subscription_id, reported_time, seq)
              where f.from_payer <> f.to_payer and f.payer_subscription_id = f.from_payer and not e.netted
              order by f.subscription_id, f.first_time, f.first_seq, f.reported_time desc, f.seq desc),
            awaited as materialized (
              select distinct payer_subscription_id, awaited_time, awaited_key
              from event_row
              where awaited_key is not null and event_key is null and not netted)
            select row_number() over (order by s.from_payer, s.subscription_id, s.first_time, s.first_seq),
              s.subscription_id, s.first_time, s.first_seq, s.registration_id, s.tenant_id, s.meter_key,
              s.commerce_meter_id, s.instance_id, s.usage_time, s.quantity, s.record_count, s.reported_time, s.seq,
              s.event_time, s.event_key,
              case
                when s.event_key is null then 'netted'
                when d.state = 'delivered' then 'correction'
                when ${neverSent} and a.awaited_key is null then 'netted'
                else 'waiting'
              end,
              s.from_payer, s.fallback, s.endpoint, s.to_payer, s.to_fallback, s.to_endpoint
            from standing s
            left join delivery_event d on d.payer_subscription_id = s.from_payer and d.reported_time = s.event_time
              and d.event_key = s.event_key
            left join awaited a on a.payer_subscription_id = s.from_payer and a.awaited_time = s.event_time
              and a.awaited_key = s.event_key""".replace("${inRange}", IN_RANGE).replace("${neverSent}", NEVER_SENT);

    static final String RETURNS = """
            update reroute_move m set return_time = r.reported_time, return_seq = r.seq
            from (
              select distinct on (m.position) m.position, u.reported_time, u.seq
              from reroute_move m
              join routed_usage u on u.subscription_id = m.subscription_id and u.origin_time = m.origin_time
                and u.origin_seq = m.origin_seq and u.payer_subscription_id = m.to_payer
              join event_row e on e.subscription_id = u.subscription_id and e.reported_time = u.reported_time
                and e.seq = u.seq
              where ${inRange} and u.kind = 'reversal' and e.endpoint = m.to_endpoint and e.event_key is null
                and not e.netted
              order by m.position, u.reported_time desc, u.seq desc) r
            where r.position = m.position""".replace("${inRange}", IN_RANGE);

    static final String LOCK = """
            with wanted as (
              select distinct from_payer, event_time, event_key
              from reroute_move
              where fate = 'netted' and event_key is not null),
            locked as materialized (
              select d.payer_subscription_id, d.reported_time, d.event_key
              from delivery_event d
              join wanted w on d.payer_subscription_id = w.from_payer and d.reported_time = w.event_time
                and d.event_key = w.event_key
              where ${neverSent}
              for update of d skip locked)
            update reroute_move m set fate = 'waiting'
            where m.fate = 'netted' and m.event_key is not null
              and not exists (
                select from locked l
                where l.payer_subscription_id = m.from_payer and l.reported_time = m.event_time
                  and l.event_key = m.event_key)""".replace("${neverSent}", NEVER_SENT);

    static final String LAST_SEQ = "select max(seq) as seq from routed_usage where reported_time = $1 and seq >= $2";

    // Each move has two numbers after $2: the reversal's is even, the rerouted row's is the next.
    static final String PAIRS = """
            insert into routed_usage (payer_subscription_id, reported_time, seq, kind, origin_time, origin_seq,
              registration_id, tenant_id, subscription_id, fallback, meter_key, commerce_meter_id, instance_id, usage_time,
              quantity, record_count)
            select case p.kind when 'reversal' then m.from_payer else m.to_payer end, $1::timestamptz,
              ($2::bigint + 2 * m.position + p.next)::integer, p.kind, m.origin_time, m.origin_seq, m.registration_id,
              m.tenant_id, m.subscription_id, case p.kind when 'reversal' then m.from_fallback else m.to_fallback end,
              m.meter_key, m.commerce_meter_id, m.instance_id, m.usage_time, p.sign * m.quantity, p.sign * m.record_count
            from reroute_move m cross join (values ('reversal', 0, -1), ('rerouted', 1, 1)) as p (kind, next, sign)
            order by 1, 3""";

    static final String EVENT_ROWS = """
            insert into event_row (subscription_id, reported_time, seq, endpoint, payer_subscription_id, dimension,
              meter_key, usage_time, quantity, record_count, netted, awaited_time, awaited_key)
            select m.subscription_id, $1::timestamptz, ($2::bigint + 2 * m.position)::integer, m.from_endpoint, m.from_payer,
              m.commerce_meter_id, m.meter_key, m.usage_time, -m.quantity, -m.record_count, m.fate = 'netted',
              case m.fate when 'waiting' then m.event_time end, case m.fate when 'waiting' then m.event_key end
            from reroute_move m
            union all
            select m.subscription_id, $1::timestamptz, ($2::bigint + 2 * m.position + 1)::integer, m.to_endpoint, m.to_payer,
              m.commerce_meter_id, m.meter_key, m.usage_time, m.quantity, m.record_count, m.return_time is not null, null,
              null
            from reroute_move m""";

    static final String WITHDRAW = """
            with unsent as (
              select distinct from_payer, event_time, event_key
              from reroute_move
              where fate = 'netted' and event_key is not null),
            withdrawn as (
              update delivery_event d set state = 'withdrawn', reason = 'Rerouted', settled_at = clock_timestamp()
              from unsent u
              where d.payer_subscription_id = u.from_payer and d.reported_time = u.event_time and d.event_key = u.event_key
              returning d.payer_subscription_id, d.reported_time, d.event_key, d.endpoint, d.dimension, d.effective_time),
            freed as (
              delete from delivery_slot s using withdrawn w
              where s.endpoint = w.endpoint and s.payer_subscription_id = w.payer_subscription_id
                and s.dimension = w.dimension and s.hour = w.effective_time and s.event_key = w.event_key),
            noted as (
              insert into delivery_ledger (payer_subscription_id, reported_time, event_key, endpoint, outcome, attempt,
                detail)
              select payer_subscription_id, reported_time, event_key, endpoint, 'Withdrawn', 0, $1::text from withdrawn)
            update event_row r set event_time = null, event_key = null
            from withdrawn w
            where r.payer_subscription_id = w.payer_subscription_id and r.event_time = w.reported_time
              and r.event_key = w.event_key""";

    static final String NET = """
            update event_row r set netted = true, awaited_time = null, awaited_key = null
            from (
              select subscription_id, row_time as reported_time, row_seq as seq from reroute_move where fate = 'netted'
              union all
              select subscription_id, return_time, return_seq from reroute_move where return_time is not null) n
            where r.subscription_id = n.subscription_id and r.reported_time = n.reported_time and r.seq = n.seq""";

    static final String SUMMARY = """
            select tenant_id, from_payer, to_payer, ${amounts}
            from reroute_move
            group by tenant_id, from_payer, to_payer
            order by tenant_id, from_payer, to_payer""".replace(
                    "${amounts}",
                    String.join(
                            ", ",
                            amount("total", "true"),
                            amount("netted", "fate = 'netted'"),
                            amount("corrected", "fate = 'correction'"),
                            amount("waiting", "fate = 'waiting'")));

    // A reversal of a negative quantity is positive: every endpoint takes it.
    static final String REVERSALS = """
            select from_endpoint, from_payer, commerce_meter_id, ${amount}
            from reroute_move
            where fate <> 'netted' and quantity > 0
            group by from_endpoint, from_payer, commerce_meter_id
            order by from_endpoint, from_payer, commerce_meter_id collate "C\"""".replace("${amount}", amount("total", "true"));

    private RerouteSql() {}

    private static String amount(String name, String condition) {
        return """
                count(*) filter (where %2$s) as "%1$s.rows",
                coalesce(sum(record_count) filter (where %2$s), 0)::bigint as "%1$s.records",
                coalesce(sum(quantity) filter (where %2$s), 0) as "%1$s.quantity\"""".formatted(name, condition);
    }
}
