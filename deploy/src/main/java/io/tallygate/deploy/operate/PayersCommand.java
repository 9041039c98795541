package io.tallygate.deploy.operate;

import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The command {@code payers}: where the usage of each CSP subscription is, and holding one. */
@Command(
        name = "payers",
        description = "Shows the CSP subscriptions that pay, and holds and resumes one.",
        subcommands = HelpCommand.class,
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        footer = {"", "Options of a command: tallygate payers help COMMAND"})
public final class PayersCommand extends CommandGroup {
    private PayersCommand() {}

    /** The command with those below it; they find their gateway in the given environment. */
    public static CommandLine commandLine(Map<String, String> environment) {
        return new CommandLine(new PayersCommand())
                .addSubcommand(new ListPayers(environment))
                .addSubcommand(new HoldPayer(environment))
                .addSubcommand(new ResumePayer(environment));
    }
}
