package io.tallygate.deploy.operate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.tallygate.deploy.client.CommandProgress;
import io.tallygate.deploy.client.ExactJson;
import io.tallygate.deploy.client.StoppedException;
import io.tallygate.gateway.http.Excerpt;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.LineNumberReader;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code audit verify}: computes the chain anew, and names the first entry that is not as it was written. */
@Command(
        name = "verify",
        description = {
            "Goes through the whole audit and computes every hash anew. Names the first entry that was changed, is missing"
                    + " or was inserted. Whoever may write everything could write the chain anew, or cut off its end:"
                    + " only heads that are kept elsewhere show that.",
            ""
        },
        sortOptions = false,
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:every entry is as it was written",
            "1:the chain is broken, or there was no answer",
            "2:called wrongly"
        })
final class VerifyAudit extends OperatorCommand {
    @Option(
            names = "--head",
            paramLabel = "FILE",
            description = "Heads that are kept elsewhere: what audit heads printed, or the gateway's log.")
    private Path head;

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "Verify what audit export wrote (all of it), instead of asking a gateway.")
    private Path file;

    private AuditChain chain;
    private Optional<String> problem = Optional.empty();

    VerifyAudit(Map<String, String> environment) {
        super(environment);
    }

    @Override
    boolean needsGateway() {
        return file == null;
    }

    @Override
    int run(OperatorClient gateway, PrintWriter out) throws StoppedException, IOException {
        Map<Long, String> heads = head == null ? Map.of() : AuditHeads.read(head);
        if (file == null) {
            verify(gateway, heads);
        } else {
            verifyFile(heads);
        }
        if (problem.isPresent()) {
            out.println("BROKEN: " + problem.get() + ".");
            return FAILED;
        }
        out.println(chain.last() + " entries are as they were written; the head is " + chain.last() + " "
                + chain.lastHash());
        out.println(
                heads.isEmpty()
                        ? "Nothing was compared that is kept elsewhere (--head FILE): the end may have been cut off, or all"
                                + " of it written anew."
                        : heads.size() + " heads that are kept elsewhere agree.");
        return 0;
    }

    // The head is asked for after the entries: what is appended meanwhile is read as well, and what comes behind it was
    // never appended.
    private void verify(OperatorClient gateway, Map<Long, String> kept) throws StoppedException {
        Map<Long, String> heads = new HashMap<>(kept);
        JsonNode now = heads(gateway, heads);
        chain = new AuditChain(heads);
        try (CommandProgress progress = progress(now.path("auditId").asLong())) {
            long before;
            do {
                before = chain.last();
                Map<String, String> after = before == 0 ? Map.of() : Map.of("after", Long.toString(before));
                gateway.each("/audit", after, entry -> add(entry, progress));
                now = heads(gateway, new HashMap<>());
            } while (problem.isEmpty()
                    && chain.last() > before
                    && now.path("auditId").asLong() > chain.last());
        }
        if (problem.isEmpty()) {
            problem = chain.end(now.path("auditId").asLong(), now.path("hash").asText(AuditChain.START));
        }
    }

    // Those of ended days are added to what is known; the last one is that of the chain as it is now.
    private static JsonNode heads(OperatorClient gateway, Map<Long, String> known) throws StoppedException {
        JsonNode[] last = {MissingNode.getInstance()};
        gateway.each("/audit/heads", Map.of(), head -> {
            if (head.path("ended").asBoolean()) {
                known.putIfAbsent(
                        head.path("auditId").asLong(), head.path("hash").asText());
            }
            last[0] = head;
            return true;
        });
        return last[0];
    }

    private void verifyFile(Map<Long, String> heads) throws IOException {
        chain = new AuditChain(heads);
        long lines = lines();
        try (BufferedReader reader = Files.newBufferedReader(file);
                CommandProgress progress = progress(lines)) {
            for (String line = reader.readLine(); line != null && problem.isEmpty(); line = reader.readLine()) {
                add(ExactJson.MAPPER.readTree(line), progress);
            }
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException(
                    file + " is not NDJSON behind entry " + chain.last() + ": "
                            + Excerpt.oneLine(malformed.getOriginalMessage()),
                    malformed);
        }
        if (problem.isEmpty()) {
            problem = chain.end();
        }
    }

    private long lines() throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(file + " is not a file");
        }
        try (LineNumberReader reader = new LineNumberReader(Files.newBufferedReader(file))) {
            return reader.skip(Long.MAX_VALUE) == 0 ? 0 : reader.getLineNumber();
        }
    }

    private CommandProgress progress(long entries) {
        return CommandProgress.of(
                new CommandProgress.Task("audit verify", " entries", 1, 0, entries), err(), Clock.systemUTC());
    }

    private boolean add(JsonNode entry, CommandProgress progress) {
        problem = chain.add(entry);
        progress.advanced(chain.last(), chain.last() + " entries");
        return problem.isEmpty();
    }
}
