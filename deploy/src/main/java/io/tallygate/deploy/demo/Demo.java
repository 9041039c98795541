package io.tallygate.deploy.demo;

import io.tallygate.deploy.demo.DemoInfo.Data;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything embedded in one process: Postgres, certificates, identity provider, commerce endpoint, gateway and the
 * sample world. The gateway neither seals nor routes before the world is loaded, so that its usage can join the windows
 * of its own hours.
 */
final class Demo {
    private static final Logger LOG = LoggerFactory.getLogger(Demo.class);
    private static final Duration RETRY_PAUSE = Duration.ofMillis(500);
    private static final Duration SEALING_PATIENCE = Duration.ofMinutes(3);

    private final DemoDirectory directory;
    private final GatewayStarter starter;
    private final Clock clock;
    private final ShutdownOrder shutdown;
    private final SampleWorld world = new SampleWorld();

    /** A demo that is started by {@link #start} and stopped by closing this order. */
    Demo(DemoDirectory directory, GatewayStarter starter, Clock clock, ShutdownOrder shutdown) {
        this.directory = directory;
        this.starter = starter;
        this.clock = clock;
        this.shutdown = shutdown;
    }

    /**
     * Starts it and answers when all of the sample world can be read.
     *
     * @param port the gateway's port, 0 for a free one
     * @param infoFile where else to write the info, or null
     * @param scale the size of the sample world if it is not there yet, from 1 on
     */
    DemoInfo start(int port, Path infoFile, int scale) throws Exception {
        shutdown.add(DemoLock.take(directory));
        DemoFiles files = shutdown.add(new DemoFiles(directory, infoFile));
        requireFree(port);
        ServerCertificate certificate = new CertificateAuthority(directory, clock).serverCertificate();
        EmbeddedDatabase database = shutdown.add(EmbeddedDatabase.start(directory));
        DemoClients clients = clients(directory);
        IdentityProvider identity = shutdown.add(
                IdentityProvider.start(directory, certificate, clients, () -> SamplePeople.of(world), clock));
        CommerceEndpoint commerce = shutdown.add(CommerceEndpoint.start(directory, clock));
        RunningGateway gateway = shutdown.add(starter.start(
                environment(port, database, identity, clients.portal(), access(commerce, identity, clients))));

        Data data = provision(gateway, certificate.clientContext(), identity.mint(), clients, scale);
        Supplier<DemoInfo> info =
                () -> DemoInfo.of(gateway, commerce.url(), directory, identity.mint(), clients, world, data);
        files.publish(info);
        return info.get();
    }

    /** The clients of a directory's demo, whether it runs or not. */
    static DemoClients clients(DemoDirectory directory) throws IOException {
        return new DemoClients(SampleWorld.OPERATOR_TENANT, directory.secret("clients"));
    }

    private Data provision(RunningGateway gateway, SSLContext tls, TokenMint mint, DemoClients clients, int scale)
            throws IOException {
        SampleState state = SampleState.in(directory, clock.instant(), scale);
        if (state.scale() != scale) {
            LOG.warn("The sample world in {} has scale {} and keeps it", directory.root(), state.scale());
        }
        GatewayApi operator = new GatewayApi(tls, gateway.baseUrl(), mint.token(clients.operator()), RETRY_PAUSE);
        SampleUsage usage = new SampleUsage(world, state.period(), state.scale());
        if (!state.loaded()) {
            GatewayApi reporter = new GatewayApi(tls, gateway.baseUrl(), mint.token(clients.reporter()), RETRY_PAUSE);
            SampleDirectory sampleDirectory = new SampleDirectory(operator, world);
            sampleDirectory.create(state.period(), directory.secret("registration-token"));
            new SampleLoader(reporter).load(usage, state.period());
            sampleDirectory.delete();
            state.markLoaded(directory);
        }
        gateway.startBackgroundWork();
        new SealingProgress(operator, SEALING_PATIENCE).await(state.period());
        return new Data(
                state.period().from().toString(),
                state.period().to().toString(),
                usage.records(),
                usage.dailyAggregates());
    }

    private static CommerceAccess access(CommerceEndpoint commerce, IdentityProvider identity, DemoClients clients) {
        DemoClient client = clients.commerce();
        return new CommerceAccess(commerce.url(), identity.tokenEndpoint(client.tenant()), client);
    }

    private DemoEnvironment environment(
            int port,
            EmbeddedDatabase database,
            IdentityProvider identity,
            DemoClient portal,
            CommerceAccess commerce) {
        return new DemoEnvironment(
                directory,
                port,
                database.access(),
                identity.issuerTemplate(),
                identity.discovery(SampleWorld.OPERATOR_TENANT),
                identity.signInDiscovery(),
                portal,
                identity.authority(),
                TokenMint.AUDIENCE,
                SampleWorld.OPERATOR_TENANT,
                SampleWorld.OPERATOR_NAME,
                SampleWorld.OPERATOR_SUBSCRIPTION,
                commerce);
    }

    private static void requireFree(int port) {
        if (port != 0 && !RememberedPort.isFree(port)) {
            throw new IllegalStateException(
                    "Port " + port + " is in use. Choose another one with --port, or any free one with --port 0.");
        }
    }
}
