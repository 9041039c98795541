package io.tallygate.deploy.demo;

import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tallygate demo}: a whole cloud's usage to play with, until Ctrl-C. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Runs everything in one go: Postgres, certificates, an identity provider, a gateway and 30 days of"
                        + " usage. Ctrl-C stops it; a second start keeps the data.")
public final class DemoCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(DemoCommand.class);

    private final GatewayStarter starter;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = {
                "Where everything is kept (default:",
                "~/.local/state/tallygate/demo, or below",
                "XDG_STATE_HOME if that is set)."
            })
    private Path data;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8443",
            description = "The gateway's port, 0 for any free one (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--info",
            paramLabel = "FILE",
            description = "Writes URLs, ids, secrets and tokens to this file (mode 0600) as JSON when all is ready.")
    private Path info;

    @Option(
            names = "--scale",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many times each resource of the sample world exists, at the first start (default:"
                    + " ${DEFAULT-VALUE}, about 180,000 records).")
    private int scale;

    /** The command, with the gateway that it runs. */
    public DemoCommand(GatewayStarter starter) {
        this.starter = starter;
    }

    /** Runs the demo until the process is told to stop; 1 if it does not start. */
    @Override
    public Integer call() throws InterruptedException {
        requireInRange("--port", port, 0, 65_535);
        requireInRange("--scale", scale, 1, 100);
        ShutdownOrder shutdown = new ShutdownOrder();
        Thread hook = new Thread(shutdown::close, "demo-shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        DemoDirectory directory = DemoDirectory.of(data, System.getenv());
        try {
            DemoInfo ready = new Demo(directory, starter, Clock.systemUTC(), shutdown).start(port, info, scale);
            new Welcome(ready, directory).print(spec.commandLine().getOut());
        } catch (Exception e) {
            return failed(e, shutdown);
        }
        new CountDownLatch(1).await();
        return 0;
    }

    private int failed(Exception failure, ShutdownOrder shutdown) {
        // Ctrl-C in the middle of a start makes all kinds of things fail; that is no news.
        if (!shutdown.isClosing()) {
            LOG.debug("The demo did not start", failure);
            spec.commandLine().getErr().println("The demo did not start: " + reason(failure));
            shutdown.close();
        }
        return 1;
    }

    private static String reason(Exception failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    private void requireInRange(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ParameterException(
                    spec.commandLine(), option + " must be from " + least + " to " + most + ", but is " + value);
        }
    }
}
