package io.tallygate.deploy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;

/** A process with a gateway that says what it is told to do: starts or not, stops or not. */
final class RunningProcessFixture {
    private RunningProcessFixture() {}

    /** Takes {@code good}, {@code refuses-to-start}, {@code throws} or {@code hangs-in-stop}. */
    public static void main(String[] args) throws InterruptedException {
        Duration timeout = args[0].equals("hangs-in-stop") ? Duration.ofMillis(100) : Duration.ofMinutes(5);
        System.exit(new RunningProcess(Vertx.vertx(), timeout).run(() -> service(args[0])));
    }

    private static RunningProcess.Service service(String behaviour) {
        if (behaviour.equals("throws")) {
            throw new IllegalStateException("cannot start");
        }
        return new RunningProcess.Service() {
            @Override
            public Future<Void> ready() {
                if (behaviour.equals("refuses-to-start")) {
                    return Future.failedFuture("cannot start");
                }
                System.out.println("ready");
                return Future.succeededFuture();
            }

            @Override
            public void reload() {
                System.out.println("reload was asked for");
            }

            @Override
            public Future<Void> stop() {
                System.out.println("stop was asked for");
                return behaviour.equals("hangs-in-stop")
                        ? Promise.<Void>promise().future()
                        : Future.succeededFuture();
            }
        };
    }
}
