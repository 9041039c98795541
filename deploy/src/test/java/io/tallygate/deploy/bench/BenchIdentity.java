package io.tallygate.deploy.bench;

import io.tallygate.deploy.demo.CertificateAuthority;
import io.tallygate.deploy.demo.DemoClient;
import io.tallygate.deploy.demo.DemoClients;
import io.tallygate.deploy.demo.DemoDirectory;
import io.tallygate.deploy.demo.IdentityProvider;
import io.tallygate.deploy.demo.TokenMint;
import io.tallygate.store.directory.TenantId;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.List;

/** The identity provider and the certificates of a run; the provider runs in this process and is asked for keys alone. */
final class BenchIdentity implements AutoCloseable {
    private final DemoDirectory directory;
    private final IdentityProvider provider;

    private BenchIdentity(DemoDirectory directory, IdentityProvider provider) {
        this.directory = directory;
        this.provider = provider;
    }

    /** Starts it with everything it keeps in this directory. */
    static BenchIdentity start(Path directory) throws IOException {
        DemoDirectory files = new DemoDirectory(directory);
        Clock clock = Clock.systemUTC();
        try {
            return new BenchIdentity(
                    files,
                    IdentityProvider.start(
                            files,
                            new CertificateAuthority(files, clock).serverCertificate(),
                            new DemoClients(World.OPERATOR, "clients"),
                            clock));
        } catch (GeneralSecurityException failed) {
            throw new IOException("Could not make certificates", failed);
        }
    }

    /** A token of the operator, who may do everything. */
    String operator() {
        return provider.mint().token(new DemoClients(World.OPERATOR, "clients").operator());
    }

    /** A token of a tenant's application, which reads its own usage. */
    String of(TenantId tenant) {
        return provider.mint().token(new DemoClient(tenant, "client-of-" + tenant, "secret", List.of("Usage.Read")));
    }

    String audience() {
        return TokenMint.AUDIENCE;
    }

    String issuerTemplate() {
        return provider.issuerTemplate();
    }

    URI discovery() {
        return provider.discovery(World.OPERATOR);
    }

    Path caFile() {
        return directory.caFile();
    }

    Path certificateFile() {
        return directory.certificateFile();
    }

    Path keyFile() {
        return directory.keyFile();
    }

    @Override
    public void close() {
        provider.close();
    }
}
