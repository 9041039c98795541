package io.tallygate.deploy.operate;

import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The command {@code grants}. */
@Command(
        name = "grants",
        description = "Who outside the operator's tenant reads routed usage: grants, shows and revokes it.",
        subcommands = HelpCommand.class,
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        footer = {"", "Options of a command: tallygate grants help COMMAND"})
public final class GrantsCommand extends CommandGroup {
    private GrantsCommand() {}

    /** The command with those below it; they find their gateway in the given environment. */
    public static CommandLine commandLine(Map<String, String> environment) {
        return new CommandLine(new GrantsCommand())
                .addSubcommand(new CreateGrant(environment))
                .addSubcommand(new ListGrants(environment))
                .addSubcommand(new RevokeGrant(environment));
    }
}
