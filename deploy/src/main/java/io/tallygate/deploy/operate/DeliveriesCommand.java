package io.tallygate.deploy.operate;

import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The command {@code deliveries}: the events, and what is decided about them. */
@Command(
        name = "deliveries",
        description = "Shows what is delivered to the commerce endpoints, and what is not; decides what becomes of it.",
        subcommands = HelpCommand.class,
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        footer = {"", "Options of a command: tallygate deliveries help COMMAND"})
public final class DeliveriesCommand extends CommandGroup {
    private DeliveriesCommand() {}

    /** The command with those below it; they find their gateway in the given environment. */
    public static CommandLine commandLine(Map<String, String> environment) {
        return new CommandLine(new DeliveriesCommand())
                .addSubcommand(new ListDeliveries(environment))
                .addSubcommand(new ShowDelivery(environment))
                .addSubcommand(new RequeueDeliveries(environment))
                .addSubcommand(new WaiveDeliveries(environment))
                .addSubcommand(new ShowEndpoints(environment))
                .addSubcommand(new HoldDeliveries(environment))
                .addSubcommand(new ResumeDeliveries(environment))
                .addSubcommand(new CompareDeliveries(environment));
    }
}
