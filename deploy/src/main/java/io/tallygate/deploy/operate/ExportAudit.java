package io.tallygate.deploy.operate;

import io.tallygate.deploy.client.StoppedException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code audit export}. */
@Command(
        name = "export",
        description = "Writes entries as NDJSON in the order of the chain; all of them can be verified later.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class ExportAudit extends OperatorCommand {
    @Mixin
    private AuditOptions which;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where to (default: the standard output).")
    private Path file;

    @Option(names = "--force", description = "Replace FILE if it is there.")
    private boolean force;

    ExportAudit(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int run(OperatorClient gateway, PrintWriter out) throws StoppedException, IOException {
        if (file == null) {
            gateway.each("/audit", which.query(), entry -> {
                out.println(entry);
                return !out.checkError();
            });
            return out.checkError() ? FAILED : 0;
        }
        if (Files.exists(file) && !force) {
            throw new IllegalArgumentException(file + " is there already: --force replaces it");
        }
        Path part = file.resolveSibling(file.getFileName() + ".part");
        long[] entries = new long[1];
        try (BufferedWriter writer = Files.newBufferedWriter(part);
                PrintWriter lines = new PrintWriter(writer)) {
            gateway.each("/audit", which.query(), entry -> {
                lines.print(entry);
                lines.print('\n');
                entries[0]++;
                return !lines.checkError();
            });
            if (lines.checkError()) {
                throw new StoppedException("cannot write " + part);
            }
        }
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        err().println(file + ": " + entries[0] + " entries");
        return 0;
    }
}
