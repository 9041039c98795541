package io.tallygate.deploy;

import io.tallygate.deploy.config.ConfigException;
import io.tallygate.deploy.demo.DemoCommand;
import io.tallygate.deploy.demo.TokenCommand;
import io.tallygate.deploy.exports.ExportCommand;
import io.tallygate.deploy.imports.ImportCommand;
import io.tallygate.deploy.operate.AuditCommand;
import io.tallygate.deploy.operate.DeliveriesCommand;
import io.tallygate.deploy.operate.GapsCommand;
import io.tallygate.deploy.operate.GrantsCommand;
import io.tallygate.deploy.operate.KeysCommand;
import io.tallygate.deploy.operate.PayersCommand;
import io.tallygate.deploy.operate.ReconcileCommand;
import io.tallygate.deploy.operate.RerouteCommand;
import io.tallygate.deploy.operate.SourcesCommand;
import io.tallygate.store.Migrations;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The command that all others are below. */
@Command(
        name = "tallygate",
        description = "A multitenant usage gateway for Cloud Solution Providers.",
        mixinStandardHelpOptions = true,
        versionProvider = TallygateCommand.Version.class,
        subcommands = HelpCommand.class,
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nEnvironment:%n",
        footer = {
            "  TALLYGATE_...        every setting, such as TALLYGATE_HTTP_PORT for http.port",
            "  TALLYGATE_LOG_LEVEL  TRACE, DEBUG, INFO (default), WARN, ERROR or OFF",
            "  TALLYGATE_LOG_FORMAT json (default of serve) or plain (default of all others)",
            "  TALLYGATE_LOG_REQUESTS  on (default of serve) or off: a line a request",
            "  TALLYGATE_JAVA_OPTS  options for the Java virtual machine, such as -Xmx2g",
            "  JAVA_HOME            the Java to run with, 17 or later",
            "Logs go to stderr, one line a record.",
            "",
            "Exit codes: 0 all went well, 1 something failed, 2 called wrongly.",
            "Options of a command: tallygate help COMMAND"
        })
public final class TallygateCommand implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(TallygateCommand.class);

    @Spec
    private CommandSpec spec;

    /** The command line with every command; those with a configuration see the environment that is given. */
    static CommandLine commandLine(Map<String, String> environment) {
        return new CommandLine(new TallygateCommand())
                .addSubcommand(new ServeCommand(environment, Application::start))
                .addSubcommand(new MigrateCommand(environment, Migrations::migrate))
                .addSubcommand(new RetentionCommand(environment))
                .addSubcommand(new CollectCommand(environment))
                .addSubcommand(new HealthCommand(environment))
                .addSubcommand(new DemoCommand(DemoGateway::start))
                .addSubcommand(new TokenCommand())
                .addSubcommand(new ImportCommand())
                .addSubcommand(new ExportCommand())
                .addSubcommand(new ReconcileCommand(environment))
                .addSubcommand(SourcesCommand.commandLine(environment))
                .addSubcommand(GapsCommand.commandLine(environment))
                .addSubcommand(DeliveriesCommand.commandLine(environment))
                .addSubcommand(PayersCommand.commandLine(environment))
                .addSubcommand(AuditCommand.commandLine(environment))
                .addSubcommand(KeysCommand.commandLine(environment))
                .addSubcommand(GrantsCommand.commandLine(environment))
                .addSubcommand(new RerouteCommand(environment, TallygateCommand::ask))
                .setExecutionExceptionHandler(TallygateCommand::report);
    }

    /** Without a command there is nothing to do. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Expected a command");
    }

    // Null where nobody answers, as in a script.
    private static String ask(String question) throws IOException {
        System.out.print(question);
        System.out.flush();
        return new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
    }

    private static int report(Exception failure, CommandLine command, ParseResult parsed) {
        if (failure instanceof ConfigException config) {
            int count = config.problems().size();
            command.getErr().println("The configuration has " + (count == 1 ? "a problem" : count + " problems") + ":");
            config.problems().forEach(problem -> command.getErr().println("  " + problem));
        } else {
            LOG.debug("{} failed", command.getCommandName(), failure);
            String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
            command.getErr().println("tallygate " + command.getCommandName() + ": " + message);
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    /** The version in the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = TallygateCommand.class.getPackage().getImplementationVersion();
            return new String[] {"tallygate " + (version == null ? "(not packaged)" : version)};
        }
    }
}
