package io.tallygate.deploy.operate;

import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The command {@code keys}. */
@Command(
        name = "keys",
        description = "API keys, for tools that cannot send a token: makes, shows and revokes them.",
        subcommands = HelpCommand.class,
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        footer = {"", "Options of a command: tallygate keys help COMMAND"})
public final class KeysCommand extends CommandGroup {
    private KeysCommand() {}

    /** The command with those below it; they find their gateway in the given environment. */
    public static CommandLine commandLine(Map<String, String> environment) {
        return new CommandLine(new KeysCommand())
                .addSubcommand(new CreateKey(environment))
                .addSubcommand(new ListKeys(environment))
                .addSubcommand(new RevokeKey(environment));
    }
}
