package io.tallygate.gateway.export;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** A response whose reader does what a test wants, at the moment that it wants. */
final class FakeResponse implements InvocationHandler {
    final MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    final MultiMap trailers = MultiMap.caseInsensitiveMultiMap();
    final StringBuilder body = new StringBuilder();
    Runnable onWrite = () -> {};
    boolean full;
    boolean headWritten;
    boolean ended;
    boolean reset;
    private Handler<Void> drainHandler;
    private Handler<Void> closeHandler;

    HttpServerResponse response() {
        return (HttpServerResponse)
                Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {HttpServerResponse.class}, this);
    }

    /** The queue has room again: whoever wants to know is told, whether it waits or not. */
    void drain() {
        full = false;
        if (drainHandler != null) {
            drainHandler.handle(null);
        }
    }

    void goAway() {
        closeHandler.handle(null);
    }

    @Override
    @SuppressWarnings("unchecked")
    public Object invoke(Object proxy, Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "headWritten" -> headWritten;
            case "writeQueueFull" -> full;
            case "streamId" -> -1;
            case "headers" -> headers;
            case "trailers" -> trailers;
            case "putHeader" -> {
                headers.set((CharSequence) arguments[0], (CharSequence) arguments[1]);
                yield proxy;
            }
            case "putTrailer" -> {
                trailers.set((CharSequence) arguments[0], (CharSequence) arguments[1]);
                yield proxy;
            }
            case "drainHandler" -> {
                drainHandler = (Handler<Void>) arguments[0];
                yield proxy;
            }
            case "closeHandler" -> {
                closeHandler = (Handler<Void>) arguments[0];
                yield proxy;
            }
            case "exceptionHandler", "setChunked" -> proxy;
            case "writeHead" -> {
                headWritten = true;
                yield Future.succeededFuture();
            }
            case "write" -> {
                body.append((Buffer) arguments[0]);
                onWrite.run();
                yield Future.succeededFuture();
            }
            case "end" -> {
                ended = true;
                yield Future.succeededFuture();
            }
            case "reset" -> {
                reset = true;
                yield Future.succeededFuture();
            }
            default -> throw new UnsupportedOperationException(method.toString());
        };
    }
}
