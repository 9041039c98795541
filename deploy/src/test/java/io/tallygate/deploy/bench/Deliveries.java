package io.tallygate.deploy.bench;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Events that wait for an endpoint which takes everything, and how fast gateways bring them there. */
final class Deliveries implements AutoCloseable {
    private static final String FILL = """
            with event as (
              select n, md5('ENDPOINT ' || n)::uuid as key, convert_to('{"specversion":"1.0","type":"usage",'
                || '"source":"https://usage.example.com","subject":"' || md5('payer ' || n % 50)::uuid || '","id":"'
                || md5('ENDPOINT ' || n)::uuid || '","time":"2026-01-01T00:00:00Z","data":{"meter":"core","value":"1.5"}}',
                'UTF8') as body
              from generate_series(1, COUNT) n)
            insert into delivery_event (payer_subscription_id, reported_time, event_key, endpoint, dimension, effective_time,
              quantity, record_count, row_count, body, body_hash)
            select md5('payer ' || n % 50)::uuid, date_trunc('hour', now()), key, 'ENDPOINT', 'core', date_trunc('hour', now()),
              1.5, 1, 1, body, sha256(body)
            from event""";
    // From the first submission's mark to the last.
    private static final String SECONDS =
            "select extract(epoch from max(recorded_at) - min(recorded_at)) from delivery_ledger";

    private final BenchServer server;
    private final int events;
    private final Vertx vertx = Vertx.vertx();
    private final int port;

    /** So many events at a time. */
    Deliveries(BenchServer server, int events) throws IOException {
        this.server = server;
        this.events = events;
        port = vertx.createHttpServer()
                .requestHandler(request -> request.end()
                        .onSuccess(read -> request.response().setStatusCode(204).end()))
                .listen(0, "127.0.0.1")
                .await()
                .actualPort();
        server.execute(Site.DATABASE, "select ensure_partitions(now())");
    }

    String url() {
        return "http://127.0.0.1:" + port + "/events";
    }

    /** Events a second to this endpoint, by those gateways that deliver there. */
    Reading take(String endpoint) throws IOException {
        server.execute(
                Site.DATABASE,
                "insert into delivery_hold (reason) values ('benchmark') on conflict do nothing",
                "truncate delivery_event, delivery_ledger",
                FILL.replace("ENDPOINT", endpoint).replace("COUNT", Integer.toString(events)),
                "vacuum analyze delivery_event",
                "checkpoint",
                "delete from delivery_hold");
        while (!"0".equals(server.ask(Site.DATABASE, "select count(*) from delivery_event where state = 'pending'"))) {
            pause();
        }
        String delivered = server.ask(Site.DATABASE, "select count(*) from delivery_event where state = 'delivered'");
        if (!delivered.equals(Integer.toString(events))) {
            throw new IOException("Only " + delivered + " of " + events + " events were delivered");
        }
        return Reading.rate(events / Double.parseDouble(server.ask(Site.DATABASE, SECONDS)));
    }

    private static void pause() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(50);
        } catch (InterruptedException interrupted) {
            throw new IOException("Interrupted while events were delivered", interrupted);
        }
    }

    @Override
    public void close() {
        vertx.close().await();
    }
}
