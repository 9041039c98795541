package io.tallygate.deploy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** Keeps the process alive while the gateway runs, and stops the gateway before the process ends. */
final class RunningProcess {
    private static final Logger LOG = LoggerFactory.getLogger(RunningProcess.class);

    /** For what follows the requests in flight: queues, pool, event loops. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final Duration shutdownTimeout;

    /** Takes over the Vert.x instance and closes it in the end. */
    RunningProcess(Vertx vertx, Duration shutdownTimeout) {
        this.vertx = vertx;
        this.shutdownTimeout = shutdownTimeout;
    }

    /**
     * Starts and does not return while the gateway runs. A stop signal ends the process: with 0 when the gateway stopped
     * in time, else with 1.
     *
     * @return the exit code when the gateway did not start
     */
    int run(Supplier<Application> start) throws InterruptedException {
        Application application;
        try {
            application = start.get();
        } catch (RuntimeException e) {
            LOG.error("The gateway did not start", e);
            return failed(vertx.close());
        }
        Thread hook = new Thread(() -> Runtime.getRuntime().halt(stop(application)), "shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            application.ready().await();
        } catch (RuntimeException e) {
            LOG.error("The gateway did not start", e);
            if (disarmed(hook)) {
                return failed(close(application));
            }
        }
        new CountDownLatch(1).await();
        return CommandLine.ExitCode.OK;
    }

    private int stop(Application application) {
        LOG.info("Stopping");
        int exitCode = completes(close(application)) ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        LOG.info("Stopped");
        return exitCode;
    }

    private Future<Void> close(Application application) {
        return application.stop().eventually(vertx::close);
    }

    private int failed(Future<Void> closing) {
        completes(closing);
        return CommandLine.ExitCode.SOFTWARE;
    }

    private boolean completes(Future<Void> closing) {
        try {
            closing.await(shutdownTimeout.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (Exception e) {
            LOG.error("The gateway did not stop cleanly", e);
            return false;
        }
    }

    /** False when the process is ending already, by a signal that came while the gateway was starting. */
    private static boolean disarmed(Thread hook) {
        try {
            return Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOG.debug("Stopped while starting", e);
            return false;
        }
    }
}
