package io.tallygate.deploy.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks at a rate, whatever comes back: unlike clients that wait for their answers it does not slow down when the gateway
 * does. Latency counts from the moment at which a request was due.
 */
final class OpenLoop implements AutoCloseable {
    private static final int CONNECTIONS = 1000;
    private static final int PATIENCE_SECONDS = 30;

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = vertx.createHttpClient(
            new HttpClientOptions().setConnectTimeout(5000).setTcpNoDelay(true),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS).setEventLoopSize(1));

    /**
     * One request with the body that its answer must have.
     *
     * @param expected null if it is not known yet
     */
    record Ask(String url, String token, Buffer expected) {}

    /** Asks once, and gives the same with what came. */
    Ask learn(Ask ask) throws IOException {
        return new Ask(ask.url(), ask.token(), join(send(ask).compose(response -> {
            if (response.statusCode() != 200) {
                return Future.failedFuture(ask.url() + " answered " + response.statusCode());
            }
            return response.body();
        })));
    }

    /** Asks for these in turn, so many a second, and waits for the last answer. */
    LoadCount run(List<Ask> asks, double perSecond, Duration time) throws IOException {
        Round round = new Round(asks, perSecond, (long) (perSecond * time.toMillis() / 1000));
        vertx.getOrCreateContext().runOnContext(now -> round.begin());
        return join(round.done.future());
    }

    private Future<HttpClientResponse> send(Ask ask) {
        URI uri = URI.create(ask.url());
        return client.request(new RequestOptions()
                        .setMethod(HttpMethod.GET)
                        .setHost(uri.getHost())
                        .setPort(uri.getPort())
                        .setURI(uri.getRawPath() + "?" + uri.getRawQuery())
                        .putHeader("Authorization", "Bearer " + ask.token()))
                .compose(HttpClientRequest::send);
    }

    private static <T> T join(Future<T> future) throws IOException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.MINUTES);
        } catch (ExecutionException | TimeoutException failed) {
            throw new IOException(failed);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() throws IOException {
        join(client.close().compose(closed -> vertx.close()));
    }

    /** One run; everything happens on one event loop. */
    private final class Round {
        private final List<Ask> asks;
        private final double perSecond;
        private final long count;
        private final LoadCount result = new LoadCount();
        private final Promise<LoadCount> done = Promise.promise();
        private long began;
        private long sent;
        private long answered;

        Round(List<Ask> asks, double perSecond, long count) {
            this.asks = asks;
            this.perSecond = perSecond;
            this.count = count;
        }

        void begin() {
            began = System.nanoTime();
            vertx.setPeriodic(1, timer -> {
                long due = Math.min(count, (long) ((System.nanoTime() - began) * perSecond / 1e9) + 1);
                while (sent < due) {
                    ask(sent++);
                }
                if (sent == count) {
                    vertx.cancelTimer(timer);
                }
            });
        }

        private void ask(long number) {
            Ask ask = asks.get((int) (number % asks.size()));
            long due = began + (long) (number * 1e9 / perSecond);
            send(ask)
                    .compose(response -> response.body().map(body -> LoadCount.judge(response, body, ask.expected())))
                    .timeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .otherwise(LoadCount.Kind.FAILED)
                    .onSuccess(kind -> {
                        result.add(kind, (System.nanoTime() - due) / 1e6);
                        answered++;
                        if (answered == count) {
                            result.took((System.nanoTime() - began) / 1e9);
                            done.complete(result);
                        }
                    });
        }
    }
}
