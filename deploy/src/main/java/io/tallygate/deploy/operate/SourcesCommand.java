package io.tallygate.deploy.operate;

import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The command {@code sources}: where usage comes from. */
@Command(
        name = "sources",
        description = "Shows where usage comes from: what is collected from other clouds, and who reported what.",
        subcommands = HelpCommand.class,
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        footer = {"", "Options of a command: tallygate sources help COMMAND"})
public final class SourcesCommand extends CommandGroup {
    private SourcesCommand() {}

    /** The command with those below it; they find their gateway in the given environment. */
    public static CommandLine commandLine(Map<String, String> environment) {
        return new CommandLine(new SourcesCommand())
                .addSubcommand(new ListSources(environment))
                .addSubcommand(new ListWindows(environment))
                .addSubcommand(new PullWindow(environment))
                .addSubcommand(new EndSource(environment))
                .addSubcommand(new ReportedSources(environment));
    }
}
