package io.tallygate.deploy.imports;

import io.tallygate.deploy.client.CommandProgress;
import io.tallygate.deploy.client.GatewayClient;
import io.tallygate.deploy.client.GatewayTarget;
import io.tallygate.deploy.client.Retries;
import io.tallygate.deploy.client.RetryPolicy;
import io.tallygate.deploy.client.StoppedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One run of the command over all its files: creates what is missing, imports each, forgets the checkpoints. */
final class ImportRun {
    private final ImportOptions options;
    private final GatewayTarget target;
    private final DirectoryOptions directory;
    private final GatewayClient gateway;
    private final Retries.Pause pause;
    private final Clock clock;
    private final Path checkpointDirectory;
    private final PrintWriter err;

    ImportRun(
            ImportOptions options,
            GatewayTarget target,
            DirectoryOptions directory,
            GatewayClient gateway,
            Retries.Pause pause,
            Clock clock,
            Path checkpointDirectory,
            PrintWriter err) {
        this.options = options;
        this.target = target;
        this.directory = directory;
        this.gateway = gateway;
        this.pause = pause;
        this.clock = clock;
        this.checkpointDirectory = checkpointDirectory;
        this.err = err;
    }

    /**
     * Imports the files in order.
     *
     * @param results gets the result of each file that came to its end
     * @throws StoppedException if the gateway does not go on
     */
    void run(Map<InputFile, InputFormat> files, List<ImportResult> results)
            throws IOException, StoppedException, InterruptedException {
        Map<InputFile, CheckpointFile> checkpoints = new LinkedHashMap<>();
        long errorsBytes = 0;
        for (Map.Entry<InputFile, InputFormat> file : files.entrySet()) {
            CheckpointFile checkpoint = CheckpointFile.of(
                    checkpointDirectory, options.key(file.getKey(), file.getValue(), target, directory));
            if (options.restart()) {
                checkpoint.delete();
            }
            errorsBytes = Math.max(errorsBytes, checkpoint.read().errorsBytes());
            checkpoints.put(file.getKey(), checkpoint);
        }
        try (ErrorsFile errors = ErrorsFile.open(options.errors(), errorsBytes)) {
            for (Map.Entry<InputFile, InputFormat> file : files.entrySet()) {
                results.add(run(file.getKey(), file.getValue(), checkpoints.get(file.getKey()), errors));
            }
        }
        for (CheckpointFile checkpoint : checkpoints.values()) {
            checkpoint.delete();
        }
    }

    private ImportResult run(InputFile file, InputFormat format, CheckpointFile checkpoints, ErrorsFile errors)
            throws IOException, StoppedException, InterruptedException {
        Checkpoint start = checkpoints.read();
        try (CommandProgress progress = CommandProgress.of(task(file), err, clock);
                UsageSource source = format.open(file)) {
            Retries retries = new Retries(RetryPolicy.DEFAULT, pause, progress::notice);
            if (start.records() > 0) {
                progress.notice("going on after record " + start.records());
            }
            if (directory != null && !start.complete()) {
                createMissing(
                        FocusCatalogue.read(file), new DirectoryClient(gateway, directory, retries, clock), progress);
            }
            UsageClient client = new UsageClient(gateway, target.token(), options.reportedAt(), retries, clock);
            return new FileImport(file.path().toString(), client, checkpoints, start, errors, progress).run(source);
        }
    }

    private static void createMissing(FocusCatalogue catalogue, DirectoryClient client, CommandProgress progress)
            throws StoppedException, InterruptedException {
        catalogue.remarks().forEach(progress::notice);
        int created = 0;
        for (FocusSubscription subscription : catalogue.subscriptions()) {
            created += client.create(subscription) ? 1 : 0;
        }
        for (FocusMeter meter : catalogue.meters()) {
            String remark = client.create(meter);
            if (remark != null) {
                progress.notice(remark);
            }
        }
        progress.notice(catalogue.subscriptions().size() + " subscriptions (" + created + " new) and "
                + catalogue.meters().size() + " meters are there");
    }

    private static CommandProgress.Task task(InputFile file) {
        return new CommandProgress.Task(file.name(), " KiB", 1024, 0, file.size());
    }
}
