package io.tallygate.deploy;

import io.tallygate.deploy.observe.LogFlush;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jline.utils.Signals;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** Keeps the process alive while the gateway runs, and stops the gateway before the process ends. */
final class RunningProcess {
    private static final Logger LOG = LoggerFactory.getLogger(RunningProcess.class);

    private final Vertx vertx;
    private final Duration stopTimeout;

    /** What runs. */
    interface Service {
        /** Succeeds when callers are served; fails when they will not be. */
        Future<Void> ready();

        /** Stops taking requests, lets those in flight end, and closes what was opened; also while starting. */
        Future<Void> stop();

        /** Reads the configuration again, if it has one. */
        default void reload() {}
    }

    /**
     * Takes over the Vert.x instance and closes it in the end.
     *
     * @param stopTimeout for everything; what has not stopped then is left
     */
    RunningProcess(Vertx vertx, Duration stopTimeout) {
        this.vertx = vertx;
        this.stopTimeout = stopTimeout;
    }

    /**
     * Starts and does not return while the gateway runs. A stop signal ends the process: with 0 when the gateway stopped
     * in time, else with 1. SIGHUP has it read its configuration again.
     *
     * @return the exit code when the gateway did not start
     */
    int run(Supplier<? extends Service> start) throws InterruptedException {
        Service service;
        try {
            service = start.get();
        } catch (RuntimeException e) {
            LOG.error("The gateway did not start", e);
            return failed(vertx.close());
        }
        Thread hook = new Thread(() -> Runtime.getRuntime().halt(stop(service)), "shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        // Without this the signal ends the process.
        Signals.register("HUP", service::reload);
        try {
            service.ready().await();
        } catch (RuntimeException e) {
            // What keeps a gateway from starting is outside of it, as a rule: the reason says more than the trace.
            LOG.error("The gateway did not start: {}", e.getMessage());
            LOG.debug("Where it failed", e);
            if (disarmed(hook)) {
                return failed(close(service));
            }
        }
        new CountDownLatch(1).await();
        return CommandLine.ExitCode.OK;
    }

    private int stop(Service service) {
        LOG.info("Stopping");
        int exitCode = completes(close(service)) ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        LOG.info("Stopped");
        // Halting ends all threads: the one that writes the lines of requests has some left.
        LogFlush.now();
        return exitCode;
    }

    private Future<Void> close(Service service) {
        return service.stop().eventually(vertx::close);
    }

    private int failed(Future<Void> closing) {
        completes(closing);
        return CommandLine.ExitCode.SOFTWARE;
    }

    private boolean completes(Future<Void> closing) {
        try {
            closing.await(stopTimeout.toMillis(), TimeUnit.MILLISECONDS);
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
