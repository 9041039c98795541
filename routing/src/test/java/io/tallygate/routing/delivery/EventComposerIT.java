package io.tallygate.routing.delivery;

import static io.tallygate.routing.testing.RoutingWorld.BASE;
import static io.tallygate.routing.testing.RoutingWorld.CORE_HOURS;
import static io.tallygate.routing.testing.RoutingWorld.customer;
import static io.tallygate.routing.testing.RoutingWorld.tenant;
import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallygate.routing.commerce.EventContent;
import io.tallygate.routing.commerce.Grouping;
import io.tallygate.routing.commerce.Terms;
import io.tallygate.routing.payer.Reroute;
import io.tallygate.routing.registration.BillingModel;
import io.tallygate.routing.registration.Registration;
import io.tallygate.routing.testing.RoutingWorld;
import io.tallygate.store.Database;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventComposerIT {
    private static final Terms ROW = TermsAdapter.terms(Grouping.ROW, false, true, null);
    private static final Terms DAY = TermsAdapter.terms(Grouping.DAY, false, true, null);

    private final RoutingWorld world = new RoutingWorld();
    private final Registration registration = world.register("azs", BillingModel.PayAsYouUse);
    private final TenantId tenant = tenant();
    private final SubscriptionId payer = customer();
    private final SubscriptionId local = world.subscribe(tenant, registration);
    private final Instant nextHour = Instant.now().truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);

    EventComposerIT() {
        world.map(registration, tenant, payer, world.hour(0));
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void routingNotesWhatIsToBeDelivered() {
        world.postgres.execute("update registration set delivery_endpoint = 'other'");
        world.backfill(local, CORE_HOURS, "1.5", 0);
        world.backfill(local, RoutingWorld.STATIC_IP, "2", 0);
        routeThrough(world.hour(1));

        assertThat(world.postgres.query("""
                        select r.endpoint, r.payer_subscription_id, r.dimension = u.commerce_meter_id, r.quantity::numeric(9,1),
                          r.record_count, r.netted, r.event_key
                        from event_row r join routed_usage u using (subscription_id, reported_time, seq, meter_key, usage_time)
                        """)).containsExactly("other|" + payer + "|t|1.5|1|f|null");
    }

    @Test
    void hoursOfAPayerAndDimensionAreOneEvent() {
        SubscriptionId second = world.subscribe(tenant, registration);
        SubscriptionId unmapped = world.subscribe(tenant(), registration);
        world.backfill(local, CORE_HOURS, "1", 0);
        world.backfill(second, CORE_HOURS, "2", 0);
        world.backfill(local, CORE_HOURS, "4", 1);
        world.backfill(unmapped, CORE_HOURS, "8", 1);
        world.backfill(world.subscribe(tenant(), registration), CORE_HOURS, "16", 1);
        routeThrough(world.hour(3));
        TermsAdapter adapter = new TermsAdapter(TermsAdapter.HOUR);

        assertThat(composeAll(adapter)).isEqualTo(3);

        assertThat(events())
                .containsExactlyInAnyOrder(
                        payer + "|0=3|2|pending", payer + "|1=4|1|pending", BASE + "|1=24|2|pending");
        assertThat(adapter.contents)
                .allSatisfy(content -> assertThat(content.rows()).isEmpty());
        assertThat(world.postgres.query("select count(*) from delivery_slot s join delivery_event e using (event_key)"
                        + " where s.hour = e.effective_time and s.dimension = e.dimension"))
                .containsExactly("3");
        assertThat(world.postgres.query(
                        "select convert_from(body, 'UTF8') = event_key || ' ' || quantity from delivery_event"
                                + " where payer_subscription_id <> '" + BASE + "'"))
                .hasSize(2)
                .doesNotContain("null");
        assertBooksBalance();
    }

    @Test
    void rowsAreEventsOfTheirOwn() {
        world.backfill(local, CORE_HOURS, "1", 0);
        world.backfill(local, CORE_HOURS, "-2", 1);
        world.backfill(world.subscribe(tenant(), registration), CORE_HOURS, "4", 1);
        routeThrough(world.hour(3));
        TermsAdapter adapter = new TermsAdapter(ROW);

        assertThat(composeAll(adapter)).isEqualTo(3);

        assertThat(events())
                .containsExactlyInAnyOrder(
                        payer + "|0=1|1|pending", payer + "|1=-2|1|pending", BASE + "|1=4|1|pending");
        assertThat(adapter.contents)
                .filteredOn(content -> content.payer().equals(payer))
                .allSatisfy(content -> {
                    EventContent.Row row = content.rows().get(0);
                    assertThat(content.rows()).hasSize(1);
                    assertThat(row.subscription()).isEqualTo(local);
                    assertThat(row.tenant()).isEqualTo(tenant);
                    assertThat(row.kind()).isEqualTo("original");
                    assertThat(row.fallback()).isFalse();
                    assertThat(row.meterId()).isEqualTo(CORE_HOURS);
                    assertThat(row.dimension()).isEqualTo(content.dimension());
                    assertThat(row.resourceUri()).isEqualTo("/vm/1");
                    assertThat(row.additionalInfo()).isEqualTo("{\"b\":1.10}");
                    assertThat(row.usageTime()).isEqualTo(content.effectiveTime());
                });
        assertThat(world.postgres.query("select count(*) from delivery_slot")).containsExactly("0");
        assertBooksBalance();
    }

    @Test
    void rowThatTheEndpointCannotTakeIsSetAside() {
        world.backfill(local, CORE_HOURS, "-2", 1);
        routeThrough(world.hour(2));

        assertThat(composeAll(new TermsAdapter(TermsAdapter.terms(Grouping.ROW, false, false, null))))
                .isEqualTo(1);

        assertThat(events()).containsExactly(payer + "|1=-2|1|manual");
        assertThat(world.postgres.query("select outcome, attempt from delivery_ledger"))
                .containsExactly("NegativeSum|0");
    }

    @Test
    void daysAreComposedWhenTheyAreRoutedToTheirEnd() {
        TermsAdapter adapter = new TermsAdapter(DAY);
        EventComposer composer = composer(adapter);
        world.backfill(local, CORE_HOURS, "1", 0);
        world.backfill(local, CORE_HOURS, "2", 23);
        routeThrough(world.hour(23));
        assertThat(await(composer.composeNext())).isZero();

        world.backfill(local, CORE_HOURS, "4", 24);
        routeThrough(world.hour(25));
        assertThat(await(composer.composeNext())).isEqualTo(1);
        assertThat(await(composer.composeNext())).isZero();

        assertThat(events()).containsExactly(payer + "|0=3|2|pending");
        assertThat(world.postgres.query(
                        "select dimension, reported_time = '" + world.hour(23) + "' from delivery_event"))
                .containsExactly("null|t");
        assertThat(adapter.contents.element().rows())
                .extracting(row -> row.usageTime())
                .containsExactly(world.hour(0), world.hour(23));
        routeThrough(world.hour(48));
        assertThat(composeAll(adapter)).isEqualTo(1);
        assertBooksBalance();
    }

    @Test
    void usageAheadOfTheClockAtMidnightStoppedItsPayersDays() {
        insertRow(world.hour(23), 1, payer, world.hour(23), "1");
        insertRow(world.hour(23), 2, payer, world.hour(24), "2");
        insertRow(world.hour(23), 3, payer, world.hour(26), "4");
        insertRow(world.hour(25), 1, payer, world.hour(25), "8");
        EventComposer composer = composer(new TermsAdapter(DAY));

        routedThrough(world.hour(24));
        assertThat(composeAll(composer)).isEqualTo(1);
        assertThat(events()).containsExactly(payer + "|0=3|2|pending");
        routedThrough(world.hour(48));
        assertThat(composeAll(composer)).isEqualTo(2);

        assertThat(events())
                .containsExactlyInAnyOrder(
                        payer + "|0=3|2|pending", payer + "|0=4|1|pending", payer + "|24=8|1|pending");
        assertBooksBalance();
    }

    @Test
    void lateUsageGoesUnderTheNextFreeHourAndTheRowsKeepTheTrueOne() {
        for (int hour = 0; hour < 3; hour++) {
            world.backfill(local, CORE_HOURS, "1", hour);
        }
        routeThrough(world.hour(4));
        EventComposer composer = composer(new TermsAdapter(TermsAdapter.HOUR));
        composeAll(composer);

        world.late(local, CORE_HOURS, "5", 0);
        routeThrough(nextHour);
        assertThat(composeAll(composer)).isEqualTo(1);
        world.late(local, CORE_HOURS, "7", 0);
        routeThrough(nextHour.plus(Duration.ofHours(1)));
        assertThat(composeAll(composer)).isEqualTo(1);

        assertThat(events())
                .containsExactlyInAnyOrder(
                        payer + "|0=1|1|pending",
                        payer + "|1=1|1|pending",
                        payer + "|2=1|1|pending",
                        payer + "|3=5|1|pending",
                        payer + "|4=7|1|pending");
        assertThat(world.postgres.query(
                        "select sum(quantity)::numeric(9,0) from event_row where usage_time = '" + world.hour(0) + "'"))
                .containsExactly("13");
        assertBooksBalance();
    }

    @Test
    void negativeSumWaitsForSomethingPositive() {
        world.backfill(local, CORE_HOURS, "-5", 0);
        routeThrough(world.hour(2));
        EventComposer composer = composer(new TermsAdapter(TermsAdapter.HOUR));
        assertThat(await(composer.composeNext())).isZero();
        assertThat(await(composer.composeNext())).isZero();

        world.backfill(local, CORE_HOURS, "8", 3);
        routeThrough(world.hour(5));
        assertThat(composeAll(composer)).isEqualTo(1);

        assertThat(events()).containsExactly(payer + "|3=3|2|pending");
        assertBooksBalance();
    }

    @Test
    void whatIsLeftAtTheLimitIsSetAside() {
        world.backfill(local, CORE_HOURS, "-5", 0);
        routeThrough(nextHour);

        assertThat(composeAll(new TermsAdapter(TermsAdapter.terms(Grouping.HOUR, true, false, Duration.ofHours(24)))))
                .isEqualTo(1);

        assertThat(events()).containsExactly(payer + "|0=-5|1|manual");
        assertThat(world.postgres.query("select reason, settled_at is not null from delivery_event"))
                .containsExactly("NegativeSum|t");
        assertThat(world.postgres.query("select outcome from delivery_ledger")).containsExactly("NegativeSum");
        assertThat(world.postgres.query("select count(*) from delivery_slot")).containsExactly("0");
        assertBooksBalance();
    }

    @Test
    void hoursThatAreNotSettledWait() {
        int current = (int) Duration.between(world.start, nextHour).toHours() - 1;
        world.late(local, CORE_HOURS, "1", current - 2);
        world.backfill(local, CORE_HOURS, "2", current);
        routeThrough(nextHour);

        composeAll(new TermsAdapter(TermsAdapter.HOUR));

        assertThat(world.postgres.query(
                        "select effective_time < '" + nextHour.minusSeconds(3600) + "' from delivery_event"))
                .containsExactly("t");
        assertThat(waiting()).isEqualTo("1");
    }

    @Test
    void eventIsReportedWithTheLatestOfItsRowsAcrossAMonthBoundary() {
        Instant march = Instant.parse("2026-03-31T23:00:00Z");
        Instant april = Instant.parse("2026-04-01T00:00:00Z");
        insertRow(march, 1, payer, march, "-3");
        insertRow(april, 1, payer, april, "5");
        routedThrough(april.plusSeconds(3600));

        assertThat(composeAll(new TermsAdapter(TermsAdapter.HOUR))).isEqualTo(1);

        assertThat(world.postgres.query("select quantity::numeric(9,0), row_count, tableoid::regclass::text,"
                        + " reported_time = '" + april + "' from delivery_event"))
                .containsExactly("2|2|delivery_event_2026_04|t");
        assertThat(world.postgres.query("select count(*) from event_row where event_time = '" + april + "'"))
                .containsExactly("2");
        assertBooksBalance();
    }

    @Test
    void whatIsRoutedWhileAnEventIsComposedIsNeitherLostNorInIt() {
        for (Terms terms : List.of(TermsAdapter.terms(Grouping.HOUR, false, false, null), ROW)) {
            world.postgres.execute("truncate event_row, delivery_event");
            Instant before = world.start.minusSeconds(3600);
            insertRow(before, 1, payer, before, "1");
            routedThrough(world.start);
            TermsAdapter adapter = new TermsAdapter(terms);
            adapter.meanwhile = () -> {
                insertRow(world.start, 1, payer, before, "7");
                routedThrough(world.start.plusSeconds(3600));
            };
            EventComposer composer = composer(adapter);

            assertThat(await(composer.composeNext())).isEqualTo(1);
            assertThat(world.postgres.query("select quantity::numeric(9,0) from delivery_event"))
                    .containsExactly("1");
            assertThat(await(composer.composeNext())).isEqualTo(1);
            assertThat(world.postgres.query("select sum(quantity)::numeric(9,0) from delivery_event"))
                    .containsExactly("8");
            assertBooksBalance();
        }
    }

    @Test
    void whateverFailsLeavesRowsWaiting() {
        for (Terms terms : List.of(TermsAdapter.HOUR, ROW, DAY)) {
            world.postgres.execute("truncate event_row, delivery_event, delivery_slot, delivery_ledger");
            Instant hour = world.start.minusSeconds(3600);
            insertRow(hour, 1, payer, hour, "1");
            insertRow(hour, 2, payer, hour, "2");
            routedThrough(world.start);
            TermsAdapter adapter = new TermsAdapter(terms);
            EventComposer composer = composer(adapter);

            adapter.meanwhile = () -> {
                throw new IllegalStateException("no bytes");
            };
            assertThatThrownBy(() -> await(composer.composeNext())).hasStackTraceContaining("no bytes");
            assertNothingComposed("2");
            // What no one should do: rows change although the composer has its lock.
            adapter.meanwhile = () -> world.postgres.execute("update event_row set netted = true where seq = 1");
            assertThatThrownBy(() -> await(composer.composeNext())).hasStackTraceContaining("Rows changed");
            assertNothingComposed("1");

            assertThat(composeAll(composer)).isEqualTo(1);
            assertBooksBalance();
        }
    }

    private void assertNothingComposed(String waiting) {
        assertThat(waiting()).isEqualTo(waiting);
        assertThat(world.postgres.query("select count(*) from delivery_event")).containsExactly("0");
        assertThat(world.postgres.query("select count(*) from delivery_slot")).containsExactly("0");
    }

    @Test
    void twoComposersNeverMakeTwoEventsOfOneRowOrHour() {
        insertMany();
        Vertx otherVertx = Vertx.vertx();
        Database other = Database.open(otherVertx, world.postgres.config());
        for (Terms terms : List.of(TermsAdapter.HOUR, ROW, DAY)) {
            world.postgres.execute("update event_row set event_key = null, event_time = null;"
                    + " truncate delivery_event, delivery_slot");
            List<EventComposer> composers = List.of(
                    composer(new TermsAdapter(terms)), new EventComposer(other, new TermsAdapter(terms).endpoint()));
            while (!waiting().equals("0")) {
                List<Future<Integer>> both = new ArrayList<>();
                composers.forEach(composer -> both.add(composer.composeNext()));
                both.forEach(made -> await(made));
            }
            assertBooksBalance();
            assertThat(payersServed()).isEqualTo(7);
        }
        await(other.close());
        await(otherVertx.close());
    }

    @Test
    void noPayerWaitsBehindAnothersBacklog() {
        for (Terms terms : List.of(TermsAdapter.HOUR, ROW, DAY)) {
            world.postgres.execute("truncate event_row, routed_usage, delivery_event, delivery_slot");
            insertMany();
            EventComposer composer = composer(new TermsAdapter(terms));
            for (int turn = 0; turn < 7 && payersServed() < 7; turn++) {
                await(composer.composeNext());
            }
            assertThat(payersServed()).isEqualTo(7);
            assertThat(waiting()).isNotEqualTo("0");
        }
    }

    private int payersServed() {
        return Integer.parseInt(world.postgres
                .query("select count(distinct payer_subscription_id) from delivery_event")
                .get(0));
    }

    @Test
    void whatCannotBeComposedDoesNotHideWhatCan() {
        Instant hour = world.start.minusSeconds(3600);
        world.postgres.execute("""
                select ensure_partitions('%1$s');
                insert into event_row (subscription_id, reported_time, seq, endpoint, payer_subscription_id, dimension,
                  meter_key, usage_time, quantity, record_count)
                select md5('s')::uuid, '%1$s', n, 'default', md5('p')::uuid, 'd' || n, 1,
                  '%1$s'::timestamptz - n %% 700 * interval '1 hour', -1, 1
                from generate_series(1, 6000) n""".formatted(hour));
        insertRow(
                hour,
                7000,
                new SubscriptionId(UUID.fromString(
                        world.postgres.query("select md5('p')::uuid").get(0))),
                hour,
                "3");
        insertRow(hour, 7001, payer, hour, "4");
        routedThrough(world.start);

        assertThat(composeAll(new TermsAdapter(TermsAdapter.HOUR))).isEqualTo(2);
        assertThat(waiting()).isEqualTo("6000");
    }

    @Test
    void rowsWhoseEventWasAwaitedFollowItsOutcome() {
        Instant hour = world.start.minusSeconds(3600);
        for (int seq = 1; seq <= 3; seq++) {
            insertRow(hour, seq, payer, hour.minusSeconds(3600L * seq), "5");
        }
        routedThrough(world.start);
        EventComposer composer = composer(new TermsAdapter(TermsAdapter.terms(Grouping.HOUR, true, true, null)));
        assertThat(composeAll(composer)).isEqualTo(3);
        for (int seq = 1; seq <= 3; seq++) {
            insertRow(world.start, Reroute.FIRST_SEQ + seq, payer, hour.minusSeconds(3600L * seq), "-5");
        }
        world.postgres.execute("""
                update event_row r set awaited_time = o.event_time, awaited_key = o.event_key
                from event_row o
                where r.seq > 1000000000 and o.seq = r.seq - 1000000000;
                update delivery_event set state = 'dead'""");
        assertThat(composeAll(composer)).isZero();

        setState(1, "delivered");
        assertThat(composeAll(composer)).isEqualTo(1);
        setState(2, "waived");
        assertThat(composeAll(composer)).isEqualTo(1);
        setState(3, "withdrawn");
        assertThat(composeAll(composer)).isEqualTo(1);

        assertThat(world.postgres.query("""
                        select r.seq - 1000000000, e.state, coalesce(e.reason, '-'), r.awaited_key is null
                        from event_row r join delivery_event e on e.event_key = r.event_key
                        where r.seq > 1000000000 order by 1"""))
                .containsExactly("1|pending|-|t", "2|waived|AwaitedEventWaived|f", "3|pending|-|t");
        assertThat(world.postgres.query("select outcome from delivery_ledger")).containsExactly("Waived");
        assertBooksBalance();
    }

    private void setState(int seq, String state) {
        world.postgres.execute("update delivery_event set state = '" + state
                + "' where event_key = (select event_key from event_row where seq = " + seq + ")");
    }

    @Test
    void whileRowsAreMovedNothingIsComposed() {
        Instant hour = world.start.minusSeconds(3600);
        insertRow(hour, 1, payer, hour, "5");
        routedThrough(world.start);
        EventComposer composer = composer(new TermsAdapter(TermsAdapter.HOUR));

        int meanwhile = await(world.database.transaction(transaction -> transaction
                .query("select pg_advisory_xact_lock(hashtextextended('tallygate composing', 0))")
                .execute()
                .compose(locked -> composer.composeNext())));
        assertThat(meanwhile).isZero();
        assertThat(await(composer.composeNext())).isEqualTo(1);
    }

    // Seven payers, of which the first has as much as all others need turns for.
    private void insertMany() {
        world.postgres.execute("""
                select ensure_partitions('%1$s');
                insert into instance (subscription_id, digest, resource_uri, location, instance_data)
                values (md5('many')::uuid, '\\x01', '/many', 'local', '"{}"') on conflict do nothing;
                insert into routed_usage (payer_subscription_id, reported_time, seq, kind, registration_id, tenant_id,
                  subscription_id, fallback, meter_key, commerce_meter_id, instance_id, usage_time, quantity, record_count)
                select md5('p' || case when n <= 5600 then 0 else n %% 6 + 1 end)::uuid, '%1$s', n, 'original', 1,
                  md5('t')::uuid, md5('many')::uuid, false, 1, 'd' || n %% 3, instance_id,
                  '%1$s'::timestamptz - n %% 300 * interval '1 hour', n, 1
                from generate_series(1, 5900) n, instance where resource_uri = '/many';
                insert into event_row (subscription_id, reported_time, seq, endpoint, payer_subscription_id, dimension,
                  meter_key, usage_time, quantity, record_count)
                select subscription_id, reported_time, seq, 'default', payer_subscription_id, commerce_meter_id, meter_key,
                  usage_time, quantity, record_count
                from routed_usage""".formatted(world.start.minusSeconds(3600)));
        routedThrough(world.start);
    }

    private void insertRow(Instant reported, int seq, SubscriptionId payer, Instant usage, String quantity) {
        world.postgres.execute("""
                select ensure_partitions('%1$s');
                insert into instance (subscription_id, digest, resource_uri, location, instance_data)
                values (md5('s')::uuid, '\\x01', '/s', 'local', '"{}"') on conflict do nothing;
                insert into routed_usage (payer_subscription_id, reported_time, seq, kind, registration_id, tenant_id,
                  subscription_id, fallback, meter_key, commerce_meter_id, instance_id, usage_time, quantity, record_count)
                select '%2$s', '%1$s', %3$d, 'original', 1, md5('t')::uuid, md5('s')::uuid, false, 1, 'd', instance_id,
                  '%4$s', %5$s, 1
                from instance where resource_uri = '/s' on conflict do nothing;
                insert into event_row (subscription_id, reported_time, seq, endpoint, payer_subscription_id, dimension,
                  meter_key, usage_time, quantity, record_count)
                values (md5('s')::uuid, '%1$s', %3$d, 'default', '%2$s', 'd', 1, '%4$s', %5$s, 1)""".formatted(reported, payer, seq, usage, quantity));
    }

    private void routedThrough(Instant time) {
        world.postgres.execute("update routing_state set routed_through = '" + time + "'");
    }

    private void routeThrough(Instant through) {
        world.seal(through);
        world.route();
    }

    private EventComposer composer(TermsAdapter adapter) {
        return new EventComposer(world.database, adapter.endpoint());
    }

    private int composeAll(TermsAdapter adapter) {
        return composeAll(composer(adapter));
    }

    private static int composeAll(EventComposer composer) {
        int events = 0;
        for (int made = await(composer.composeNext()); made > 0; made = await(composer.composeNext())) {
            events += made;
        }
        return events;
    }

    private String waiting() {
        return world.postgres
                .query("select count(*) from event_row where event_key is null and not netted")
                .get(0);
    }

    // payer|hour=quantity|rows|state
    private List<String> events() {
        return world.postgres.query("select payer_subscription_id || '|' || extract(epoch from effective_time - '"
                + world.start + "')::integer / 3600 || '=' || trim_scale(quantity) || '|' || row_count || '|' || state"
                + " from delivery_event");
    }

    // Each event is the sum of its rows, and no row is in one that is not there.
    private void assertBooksBalance() {
        assertThat(world.postgres.query("""
                        select *
                        from (
                          select payer_subscription_id, event_time, event_key, sum(quantity) as quantity,
                            sum(record_count) as record_count, count(*) as row_count, max(reported_time) as reported_time
                          from event_row where event_key is not null group by 1, 2, 3) r
                        full join delivery_event e on e.payer_subscription_id = r.payer_subscription_id
                          and e.reported_time = r.event_time and e.event_key = r.event_key
                        where (e.quantity, e.record_count, e.row_count, e.reported_time)
                          is distinct from (r.quantity, r.record_count, r.row_count, r.reported_time)""")).isEmpty();
        assertThat(world.postgres.query("select event_key from delivery_event where body_hash <> sha256(body)"))
                .isEmpty();
    }
}
