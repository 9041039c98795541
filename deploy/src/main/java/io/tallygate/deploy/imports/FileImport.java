package io.tallygate.deploy.imports;

import io.tallygate.deploy.client.CommandProgress;
import io.tallygate.deploy.client.StoppedException;
import java.io.IOException;

/** The import of one file: what is not yet durable goes to the gateway in chunks, with a checkpoint after each. */
final class FileImport {
    private final String file;
    private final UsageClient client;
    private final CheckpointFile checkpoints;
    private final ErrorsFile errors;
    private final CommandProgress progress;
    private final Checkpoint start;
    private final ImportResult result;
    private Chunk chunk = new Chunk();
    private long records;

    /**
     * An import.
     *
     * @param file its name, for a person
     * @param start how far an earlier run came
     */
    FileImport(
            String file,
            UsageClient client,
            CheckpointFile checkpoints,
            Checkpoint start,
            ErrorsFile errors,
            CommandProgress progress) {
        this.file = file;
        this.client = client;
        this.checkpoints = checkpoints;
        this.start = start;
        this.errors = errors;
        this.progress = progress;
        this.result = new ImportResult(file, start);
    }

    /**
     * Imports the file.
     *
     * @throws StoppedException if the gateway does not go on; the checkpoint tells how far it came
     */
    ImportResult run(UsageSource source) throws IOException, StoppedException, InterruptedException {
        for (ImportItem item = source.next(); item != null; item = source.next()) {
            take(item, source);
        }
        if (chunk.size() > 0) {
            post(source);
        }
        checkpoints.write(checkpoint(true));
        return result;
    }

    private void take(ImportItem item, UsageSource source) throws IOException, StoppedException, InterruptedException {
        if (item instanceof ImportItem.Event event) {
            records++;
            if (records > start.records()) {
                chunk.add(event);
            }
            if (chunk.full()) {
                post(source);
            }
        } else if (item instanceof Refusal refusal) {
            result.add(refusal);
            // What stands before the checkpoint has been written already.
            if (records >= start.records() && !start.complete()) {
                errors.add(file, refusal);
            }
        } else if (item instanceof ImportItem.Skipped skipped) {
            result.add(skipped);
        }
    }

    private void post(UsageSource source) throws IOException, StoppedException, InterruptedException {
        ChunkAnswer answer = client.post(chunk);
        result.add(answer);
        for (Refusal refusal : answer.refusals()) {
            errors.add(file, refusal);
        }
        chunk = new Chunk();
        checkpoints.write(checkpoint(false));
        progress.advanced(source.bytesRead(), records + " records");
    }

    private Checkpoint checkpoint(boolean complete) throws IOException {
        return new Checkpoint(records, complete, result.gatewayTotals(), result.gatewayRefusals(), errors.length());
    }
}
