package io.tallygate.deploy.client;

import io.tallygate.gateway.http.Excerpt;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * An answer as it arrives, for one thread that waits. Little is read ahead: what that thread does not take stays with
 * the gateway.
 */
public final class GatewayStream implements AutoCloseable {
    private static final int AHEAD = 32;

    private final GatewayAnswer answer;
    private final HttpClientResponse response;
    private final Context context;
    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    private int taken;
    private boolean over;

    /** Some bytes; none at the end; or why there are no more. */
    private record Piece(Buffer bytes, Throwable failure) {}

    private GatewayStream(GatewayAnswer answer, HttpClientResponse response, Context context) {
        this.answer = answer;
        this.response = response;
        this.context = context;
        this.over = response == null;
    }

    /** On the event loop: the body waits to be taken if the status is 200, else it is read as an error. */
    static Future<GatewayStream> of(HttpClientResponse response, Context context) {
        if (response.statusCode() != 200) {
            return GatewayClient.read(response).map(answer -> new GatewayStream(answer, null, context));
        }
        GatewayStream stream = new GatewayStream(
                new GatewayAnswer(200, response.getHeader(HttpHeaders.RETRY_AFTER), "", null), response, context);
        response.pause();
        response.handler(bytes -> stream.pieces.add(new Piece(bytes, null)));
        response.endHandler(end -> stream.pieces.add(new Piece(null, null)));
        response.exceptionHandler(failure -> stream.pieces.add(new Piece(null, failure)));
        response.fetch(AHEAD);
        return Future.succeededFuture(stream);
    }

    static GatewayStream failed(Throwable failure, Context context) {
        return new GatewayStream(new GatewayAnswer(0, null, "", failure), null, context);
    }

    /** The status, and the body of an error. */
    public GatewayAnswer answer() {
        return answer;
    }

    /** A header, or null; none but that of a 200 is kept. */
    public String header(String name) {
        return response == null ? null : response.getHeader(name);
    }

    /** What came after the body, or null: known when {@link #next} has given null. */
    public String trailer(String name) {
        return response.trailers().get(name);
    }

    /**
     * Waits for more of the body.
     *
     * @return null at its end
     * @throws TryAgainException if it broke off
     */
    public Buffer next() throws TryAgainException, InterruptedException {
        if (over) {
            return null;
        }
        Piece piece = pieces.take();
        if (piece.bytes() == null) {
            over = true;
            if (piece.failure() != null) {
                throw new TryAgainException(
                        "the answer broke off: "
                                + Excerpt.oneLine(piece.failure().toString()),
                        null);
            }
            return null;
        }
        taken++;
        if (taken == AHEAD / 2) {
            taken = 0;
            context.runOnContext(more -> response.fetch(AHEAD / 2));
        }
        return piece.bytes();
    }

    /** Drops what has not been taken, with its connection. */
    @Override
    public void close() {
        if (!over) {
            over = true;
            context.runOnContext(cut -> response.request().reset());
        }
    }
}
