package io.tallygate.deploy.operate;

import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The command {@code audit}: who changed what, and whether that account is whole. */
@Command(
        name = "audit",
        description = "Shows who changed what and who was refused, and proves that nobody changed that account.",
        subcommands = HelpCommand.class,
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        footer = {"", "Options of a command: tallygate audit help COMMAND"})
public final class AuditCommand extends CommandGroup {
    private AuditCommand() {}

    /** The command with those below it; they find their gateway in the given environment. */
    public static CommandLine commandLine(Map<String, String> environment) {
        return new CommandLine(new AuditCommand())
                .addSubcommand(new ListAudit(environment))
                .addSubcommand(new VerifyAudit(environment))
                .addSubcommand(new ExportAudit(environment))
                .addSubcommand(new ShowAuditHeads(environment));
    }
}
