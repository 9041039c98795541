package io.tallygate.deploy;

import io.tallygate.deploy.config.CollectConfig;
import io.tallygate.deploy.config.ServeConfig;
import io.tallygate.deploy.files.DirectoryCollector;
import io.tallygate.deploy.observe.Observation;
import io.tallygate.gateway.collect.CollectSource;
import io.tallygate.gateway.collect.CollectSources;
import io.tallygate.gateway.collect.DirectoryConfig;
import io.tallygate.gateway.collect.SourceCollector;
import io.tallygate.gateway.collect.SourceConfig;
import io.tallygate.gateway.collect.SourceDirectory;
import io.tallygate.gateway.ingest.UsageRecordParser;
import io.tallygate.routing.registration.RegistrationStore;
import io.tallygate.store.Database;
import io.tallygate.store.Partitions;
import io.tallygate.store.audit.Actor;
import io.tallygate.store.collect.CollectFileStore;
import io.tallygate.store.collect.CollectStore;
import io.tallygate.store.directory.ProviderStore;
import io.tallygate.store.directory.SubscriptionStore;
import io.tallygate.store.usage.UsageRecordStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** Collects usage from the configured sources, each at its own pace. */
final class CollectWork {
    // A stamp that is away for a night is no emergency; it keeps its usage for weeks.
    private static final Duration LATE = Duration.ofHours(6);

    private final Vertx vertx;
    private final Database database;
    private final ServeConfig config;
    private final UsageRecordStore records;
    private final UsageRecordParser parser;
    private final Observation observation;
    private final Clock clock;
    private final List<CollectSource> sources = new CopyOnWriteArrayList<>();
    private final List<String> deployments = new CopyOnWriteArrayList<>();

    /** Does nothing before it is started. */
    CollectWork(
            Vertx vertx,
            Database database,
            Partitions partitions,
            ServeConfig config,
            Observation observation,
            Clock clock) {
        this.vertx = vertx;
        this.database = database;
        this.config = config;
        this.records = new UsageRecordStore(database, partitions);
        this.parser = new UsageRecordParser(clock, config.retention().keep());
        this.observation = observation;
        this.clock = clock;
    }

    /** Lets it go on by itself. */
    Future<Void> start() {
        CollectConfig collect = config.collect();
        Stream<RepeatedWork> asked = collect.sources().stream().map(source -> work(source, collect.interval()));
        Stream<RepeatedWork> arriving =
                collect.directories().stream().map(directory -> work(directory, collect.interval()));
        return Future.join(Stream.concat(asked, arriving)
                        .map(work -> vertx.deployVerticle(work).onSuccess(deployments::add))
                        .toList())
                .mapEmpty();
    }

    /** Claims nothing more, and waits for the pages under way. */
    Future<Void> stop() {
        return Future.join(deployments.stream().map(vertx::undeploy).toList())
                .eventually(() ->
                        Future.join(sources.stream().map(CollectSource::close).toList()))
                .mapEmpty();
    }

    private static Duration reported(SourceConfig source) {
        return source.type().isAskedByDay() ? Duration.ofDays(1) : Duration.ZERO;
    }

    private SourceWork work(SourceConfig source, Duration interval) {
        observation.metrics().collect().source(source.name());
        observation
                .figures()
                .source(
                        source.name(),
                        source.granularity()
                                .length()
                                .plus(source.lag())
                                .plus(reported(source))
                                .plus(LATE));
        CollectSource cloud = CollectSources.of(vertx, source, config.operatorSubscription());
        sources.add(cloud);
        CollectStore windows = new CollectStore(database);
        RegistrationStore registrations = new RegistrationStore(database);
        SourceDirectory directory = new SourceDirectory(
                source,
                cloud,
                new SubscriptionStore(database),
                new ProviderStore(database),
                registrations,
                config.operatorSubscription(),
                new Actor(config.auth().operatorTenant().value(), "collect:" + source.name(), "collect"));
        return new SourceWork(
                source,
                new SourceRegistration(source, registrations, SourceWork.notes(source, windows, clock), clock),
                directory,
                missing -> new SourceCollector(
                        vertx,
                        windows,
                        records,
                        source,
                        cloud,
                        missing,
                        parser,
                        observation.metrics().collect()),
                clock,
                interval);
    }

    private DirectoryWork work(DirectoryConfig directory, Duration interval) {
        observation.metrics().collect().source(directory.name());
        observation.files().source(directory.name(), LATE);
        CollectFileStore files = new CollectFileStore(database);
        return new DirectoryWork(
                directory,
                new SourceRegistration(
                        directory, new RegistrationStore(database), DirectoryWork.notes(directory, files), clock),
                new DirectoryCollector(
                        vertx,
                        directory,
                        files,
                        records,
                        parser,
                        observation.metrics().collect()),
                interval);
    }
}
