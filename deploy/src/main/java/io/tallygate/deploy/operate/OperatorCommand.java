package io.tallygate.deploy.operate;

import io.tallygate.deploy.client.GatewayClient;
import io.tallygate.deploy.client.GatewayTarget;
import io.tallygate.deploy.client.StoppedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command for operators: it asks a gateway, prints what came, and says how it went. */
@Command
abstract class OperatorCommand implements Callable<Integer> {
    /** The exit code when something failed or is not as it should be. */
    static final int FAILED = ExitCode.SOFTWARE;

    private final Map<String, String> environment;

    @Mixin
    private OperatorOptions options;

    @Spec
    private CommandSpec spec;

    /** Finds its gateway in the given environment. */
    OperatorCommand(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /**
     * Does it.
     *
     * @param gateway null if it needs none
     * @return the exit code
     * @throws StoppedException if the gateway refused it or is not there
     * @throws IllegalArgumentException if the command line or a file is not as expected
     */
    abstract int run(OperatorClient gateway, PrintWriter out) throws StoppedException, IOException;

    /** Whether it asks a gateway at all, by its options; else it is run without one. */
    boolean needsGateway() {
        return true;
    }

    /** Where trouble is told. */
    final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    @Override
    public final Integer call() {
        try {
            if (!needsGateway()) {
                return run(null, spec.commandLine().getOut());
            }
            GatewayTarget target = options.target(environment);
            try (GatewayClient http = new GatewayClient(target.url(), target.caFile())) {
                return run(
                        new OperatorClient(http, target.token()),
                        spec.commandLine().getOut());
            }
        } catch (StoppedException failed) {
            return trouble(failed, FAILED);
        } catch (IOException | IllegalArgumentException unusable) {
            return trouble(unusable, ExitCode.USAGE);
        } finally {
            spec.commandLine().getOut().flush();
            err().flush();
        }
    }

    private int trouble(Exception reason, int exitCode) {
        err().println(spec.qualifiedName() + ": " + reason.getMessage());
        return exitCode;
    }
}
