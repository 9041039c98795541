package io.tallygate.deploy.exports;

import static io.tallygate.store.testing.Await.await;

import io.tallygate.store.testing.FreePort;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/** Plays a gateway's streams of usage, and fails as it is told to. */
final class StreamServer implements AutoCloseable {
    static final String CSV_HEADER = "UsageStartTime,UsageEndTime,MeterName,Quantity,Unit,tags,tenant,name";

    /** Method, position and coding of each request. */
    final List<String> requests = new CopyOnWriteArrayList<>();
    /** Paths with queries, as they came. */
    final List<String> paths = new CopyOnWriteArrayList<>();
    /** What happens to the next HEAD, and to the GET that asks why; none means that all is well. */
    final Queue<Fault> headFaults = new ConcurrentLinkedQueue<>();
    /** What happens to the next GETs. */
    final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
    /** How many bytes of rows were given to the network, of all answers. */
    final AtomicLong written = new AtomicLong();

    volatile String header = CSV_HEADER;
    volatile LongFunction<String> quantity = row -> row + ".5";
    volatile String padding = "";
    volatile long rows;
    volatile long announced = -1;
    /** Through when answers are complete; null if they do not say. */
    volatile String completeThrough;

    private final Vertx vertx = Vertx.vertx();
    private HttpServer server;

    StreamServer(long rows) {
        this.rows = rows;
        start(FreePort.next());
    }

    String url() {
        return "http://127.0.0.1:" + port();
    }

    int port() {
        return server.actualPort();
    }

    /** Stops listening and cuts all connections. */
    void stop() {
        await(server.close());
    }

    /** Listens. */
    void start(int port) {
        server = vertx.createHttpServer(new HttpServerOptions().setCompressionSupported(true))
                .requestHandler(this::serve);
        await(server.listen(port, "127.0.0.1"));
    }

    @Override
    public void close() {
        await(vertx.close());
    }

    /** A row as it is without a position. */
    String row(String format, long row) {
        return format.equals("csv")
                ? "2026-11-20T%02d:00:00+00:00,2026-11-20T%02d:00:00+00:00,\"Meter \"\"%d\"\",\r\n, twice%s\",%s,1 Hour,%s,'=tenant,n%d\r\n"
                        .formatted(row % 23, row % 23 + 1, row % 5, padding, quantity.apply(row), tags(row), row)
                : "{\"id\":\"/x/%d\",\"properties\":{\"instanceData\":\"{\\\"continuationToken\\\":\\\"no\\\"}\",\"quantity\":%s,\"unit\":\"ü\"}}\n"
                        .formatted(row, quantity.apply(row));
    }

    /** All rows as they are without positions. */
    String all(String format) {
        StringBuilder all = new StringBuilder(format.equals("csv") ? header + "\r\n" : "");
        for (long row = 0; row < rows; row++) {
            all.append(row(format, row));
        }
        return all.toString();
    }

    private static String tags(long row) {
        return row % 3 == 0 ? "" : "\"{\"\"k\"\":\"\"" + row + "\"\"}\"";
    }

    private void serve(HttpServerRequest request) {
        String position = request.getParam("continuationToken");
        String coding = request.getHeader("Accept-Encoding");
        requests.add(request.method() + " " + position + " " + coding);
        paths.add(request.uri());
        if (request.method().equals(HttpMethod.HEAD)) {
            Fault fault = headFaults.peek();
            if (fault == null) {
                request.response().putHeader("x-row-count", Long.toString(announced < 0 ? rows : announced));
                request.response().end();
            } else {
                request.response().setStatusCode(fault.status()).end();
            }
            return;
        }
        Fault why = headFaults.poll();
        Fault fault = why == null ? faults.poll() : why;
        if (fault != null && fault.status() != 200) {
            refuse(request.response(), fault);
        } else {
            new Answer(request, position, fault == null ? Fault.NONE : fault).write();
        }
    }

    private static void refuse(HttpServerResponse response, Fault fault) {
        if (fault.retryAfter() != null) {
            response.putHeader("Retry-After", fault.retryAfter());
        }
        response.setStatusCode(fault.status())
                .end("{\"error\":{\"code\":\"AsTold\",\"message\":\"status %d\"}}".formatted(fault.status()));
    }

    /**
     * What happens to a request.
     *
     * @param status instead of 200
     * @param cutAfter so many bytes of the body the connection is closed
     * @param stallAfter so many bytes of the body nothing more comes
     * @param untrue what is not as it should be: count, digest, trailers, row (the last one is not whole), rows (the
     *     last one is missing), or nothing
     */
    record Fault(int status, String retryAfter, long cutAfter, long stallAfter, String untrue) {
        static final Fault NONE = new Fault(200, null, Long.MAX_VALUE, Long.MAX_VALUE, "");

        static Fault status(int status, String retryAfter) {
            return new Fault(status, retryAfter, Long.MAX_VALUE, Long.MAX_VALUE, "");
        }

        static Fault cut(long after) {
            return new Fault(200, null, after, Long.MAX_VALUE, "");
        }

        static Fault stall(long after) {
            return new Fault(200, null, Long.MAX_VALUE, after, "");
        }

        static Fault untrue(String what) {
            return new Fault(200, null, Long.MAX_VALUE, Long.MAX_VALUE, what);
        }
    }

    /** One body, written as fast as it is read. */
    private final class Answer {
        private final HttpServerResponse response;
        private final String format;
        private final int positions;
        private final Fault fault;
        private final RunningSha256 digest = new RunningSha256();
        private final long first;
        private final long end;
        private long next;
        private long bytes;

        Answer(HttpServerRequest request, String position, Fault fault) {
            this.response = request.response();
            this.format = request.getParam("$format");
            this.positions =
                    request.getParam("$positions") == null ? 0 : Integer.parseInt(request.getParam("$positions"));
            this.fault = fault;
            this.first = position == null ? 0 : Long.parseLong(position.substring("-p_".length()));
            this.next = first;
            this.end = fault.untrue().equals("rows") ? rows - 1 : rows;
            response.setChunked(true).putHeader("Trailer", "x-row-count, x-content-sha256");
            if (completeThrough != null) {
                response.putHeader("x-complete-through", completeThrough);
            }
        }

        void write() {
            if (format.equals("csv") && !send(header + (positions == 0 ? "" : ",continuationToken") + "\r\n")) {
                return;
            }
            go();
        }

        private void go() {
            if (next < end) {
                if (response.writeQueueFull()) {
                    response.drainHandler(drained -> go());
                    return;
                }
                StringBuilder some = new StringBuilder();
                for (int count = 0; count < 200 && next < end; count++) {
                    some.append(positioned());
                }
                if (send(some.toString())) {
                    vertx.runOnContext(more -> go());
                }
                return;
            }
            if (fault.untrue().equals("row")) {
                send("{\"half");
            }
            if (!fault.untrue().equals("trailers")) {
                response.putTrailer("x-row-count", Long.toString(fault.untrue().equals("count") ? 7 : end - first));
                response.putTrailer("x-content-sha256", fault.untrue().equals("digest") ? "00" : digest.hex());
            }
            response.end();
        }

        private String positioned() {
            String row = row(format, next++);
            boolean due = positions > 0 && (next - first) % positions == 0;
            if (format.equals("csv")) {
                String token = due ? "'-p_" + next : "";
                return positions == 0 ? row : row.substring(0, row.length() - 2) + "," + token + "\r\n";
            }
            return due ? row.substring(0, row.length() - 2) + ",\"continuationToken\":\"-p_" + next + "\"}\n" : row;
        }

        private boolean send(String text) {
            byte[] all = text.getBytes(StandardCharsets.UTF_8);
            int length = (int) Math.min(all.length, Math.min(fault.cutAfter(), fault.stallAfter()) - bytes);
            digest.update(all, 0, length);
            bytes += length;
            written.addAndGet(length);
            response.write(Buffer.buffer().appendBytes(all, 0, length)).onSuccess(sent -> {
                if (length < all.length && fault.cutAfter() < fault.stallAfter()) {
                    response.reset();
                }
            });
            return length == all.length;
        }
    }
}
