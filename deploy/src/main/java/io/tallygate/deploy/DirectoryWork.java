package io.tallygate.deploy;

import io.tallygate.deploy.files.DirectoryCollector;
import io.tallygate.gateway.collect.DirectoryConfig;
import io.tallygate.store.collect.CollectFileStore;
import io.vertx.core.Future;
import java.time.Duration;

/** Takes what arrives in one directory while the registration of its source is there. */
final class DirectoryWork extends RepeatedWork {
    private final DirectoryConfig config;
    private final SourceRegistration registration;
    private final DirectoryCollector collector;

    /** Of this directory. */
    DirectoryWork(
            DirectoryConfig config, SourceRegistration registration, DirectoryCollector collector, Duration interval) {
        super(Duration.ZERO, interval);
        this.config = config;
        this.registration = registration;
        this.collector = collector;
    }

    @Override
    Future<Void> work() {
        return tried("collect " + config.name(), () -> registration.whenOpen(id -> collector.runDue()));
    }

    @Override
    void letGo() {
        collector.stop();
    }

    /** How a source of files is noted. */
    static SourceRegistration.Notes notes(DirectoryConfig config, CollectFileStore files) {
        return new SourceRegistration.Notes() {
            @Override
            public Future<Void> open(long registrationId) {
                return files.open(config.name(), registrationId);
            }

            @Override
            public Future<Void> wait(String trouble) {
                return files.wait(config.name(), trouble);
            }
        };
    }
}
