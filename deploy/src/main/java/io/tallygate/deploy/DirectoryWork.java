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
    private final CollectFileStore files;
    private final DirectoryCollector collector;
    private volatile Long opened;

    /** Of this directory. */
    DirectoryWork(
            DirectoryConfig config,
            SourceRegistration registration,
            CollectFileStore files,
            DirectoryCollector collector,
            Duration interval) {
        super(Duration.ZERO, interval);
        this.config = config;
        this.registration = registration;
        this.files = files;
        this.collector = collector;
    }

    @Override
    Future<Void> work() {
        return tried(
                "collect " + config.name(),
                () -> registration
                        .find()
                        .compose(found -> found.isEmpty()
                                ? Future.succeededFuture()
                                : open(found.get().registrationId()).compose(open -> collector.runDue())));
    }

    @Override
    void letGo() {
        collector.stop();
    }

    private Future<Void> open(long registrationId) {
        if (Long.valueOf(registrationId).equals(opened)) {
            return Future.succeededFuture();
        }
        return files.open(config.name(), registrationId).onSuccess(done -> opened = registrationId);
    }
}
