package io.tallygate.deploy.demo;

import io.tallygate.store.directory.TenantId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code tallygate token}: prints an access token and nothing else. It is made here with the key in the demo's data
 * directory, the same as the demo's token endpoint would make; so whoever may read that directory may be anybody.
 */
@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        description = "Prints an access token of the demo's identity provider, good for 12 hours.")
public final class TokenCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private Who who;

    @Option(names = "--data", paramLabel = "DIR", description = "The demo's data directory (default: as for demo).")
    private Path data;

    static final class Who {
        @Option(
                names = "--as",
                paramLabel = "NAME",
                description = "operator, reporter, or the name of a tenant of the sample world, such as Contoso.")
        private String name;

        @Option(
                names = "--tenant",
                paramLabel = "ID",
                description = "The id of a tenant, also of one that import has made.")
        private UUID tenant;
    }

    /** Prints the token; 1 if there is no demo in the directory. */
    @Override
    public Integer call() throws IOException {
        DemoDirectory directory = DemoDirectory.of(data, System.getenv());
        if (!IdentityProvider.knownIn(directory)) {
            spec.commandLine()
                    .getErr()
                    .println("There is no demo in " + directory.root()
                            + ". Start one with `tallygate demo`, or name its directory with --data.");
            return 1;
        }
        TokenMint mint = IdentityProvider.mintOf(directory, Clock.systemUTC());
        spec.commandLine().getOut().println(mint.token(client(Demo.clients(directory))));
        return 0;
    }

    private DemoClient client(DemoClients clients) {
        if (who.tenant != null) {
            return clients.of(new TenantId(who.tenant));
        }
        return switch (who.name.toLowerCase(Locale.ROOT)) {
            case "operator" -> clients.operator();
            case "reporter" -> clients.reporter();
            default ->
                clients.of(new SampleWorld()
                        .named(who.name)
                        .map(SampleTenant::id)
                        .orElseThrow(() -> new ParameterException(
                                spec.commandLine(),
                                "--as knows operator, reporter and " + names() + ", not " + who.name)));
        };
    }

    private static String names() {
        return String.join(
                ", ",
                new SampleWorld().everyone().map(SampleTenant::name).sorted().toList());
    }
}
