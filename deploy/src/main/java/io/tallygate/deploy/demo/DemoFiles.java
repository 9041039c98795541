package io.tallygate.deploy.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files by which others find a running demo: the info file in the data directory, the one asked for by
 * {@code --info}, and the curl headers. All with mode 0600, and written again with new tokens before the old ones end.
 */
final class DemoFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DemoFiles.class);

    private final DemoDirectory directory;
    private final Path infoFile;
    private final ScheduledExecutorService refresh = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "demo-tokens");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Removes what an earlier demo left, so that nobody takes it for this one.
     *
     * @param infoFile the file of {@code --info}, or null
     */
    DemoFiles(DemoDirectory directory, Path infoFile) throws IOException {
        this.directory = directory;
        this.infoFile = infoFile == null ? null : infoFile.toAbsolutePath();
        removeInfo();
        if (this.infoFile != null) {
            Files.deleteIfExists(this.infoFile);
        }
    }

    /** Writes the files now and twice in the life of a token. */
    void publish(Supplier<DemoInfo> info) throws IOException {
        write(info.get());
        long period = TokenMint.LIFE.toMinutes() / 2;
        var unused = refresh.scheduleAtFixedRate(() -> rewrite(info), period, period, TimeUnit.MINUTES);
    }

    @Override
    public void close() throws IOException {
        refresh.shutdownNow();
        removeInfo();
    }

    private void rewrite(Supplier<DemoInfo> info) {
        try {
            write(info.get());
        } catch (IOException e) {
            LOG.error("The demo's files could not be written with new tokens", e);
        }
    }

    private void write(DemoInfo info) throws IOException {
        header("operator", info.operator().token());
        header("reporter", info.reporter().token());
        for (DemoInfo.Tenant tenant : info.tenants()) {
            header(tenant.name(), tenant.token());
        }
        header(
                new SampleWorld().delegatedProvider().name(),
                info.delegatedProvider().token());
        PrivateFile.write(directory.infoFile(), info.toJson());
        // Last: whoever waits for this file finds everything else in place.
        if (infoFile != null) {
            PrivateFile.write(infoFile, info.toJson());
        }
    }

    private void header(String name, String token) throws IOException {
        PrivateFile.write(directory.headerFile(name), "Authorization: Bearer " + token + "\n");
    }

    private void removeInfo() throws IOException {
        Files.deleteIfExists(directory.infoFile());
    }
}
