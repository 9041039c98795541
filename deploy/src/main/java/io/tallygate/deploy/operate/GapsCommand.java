package io.tallygate.deploy.operate;

import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The command {@code gaps}: usage that is missing. */
@Command(
        name = "gaps",
        description = "Shows usage that is missing, and says why it is.",
        subcommands = HelpCommand.class,
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        footer = {"", "Options of a command: tallygate gaps help COMMAND"})
public final class GapsCommand extends CommandGroup {
    private GapsCommand() {}

    /** The command with those below it; they find their gateway in the given environment. */
    public static CommandLine commandLine(Map<String, String> environment) {
        return new CommandLine(new GapsCommand())
                .addSubcommand(new ListGaps(environment))
                .addSubcommand(new AcknowledgeGaps(environment));
    }
}
