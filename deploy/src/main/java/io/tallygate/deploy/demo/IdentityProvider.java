package io.tallygate.deploy.demo;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import io.tallygate.store.directory.TenantId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;
import no.nav.security.mock.oauth2.http.NettyWrapper;
import no.nav.security.mock.oauth2.http.Ssl;
import no.nav.security.mock.oauth2.http.SslKeystore;
import no.nav.security.mock.oauth2.token.KeyProvider;
import no.nav.security.mock.oauth2.token.OAuth2TokenProvider;

/**
 * The demo's OpenID Connect provider on a loopback port of its own. The issuer
 * {@code https://localhost:{port}/{tenantId}/v2.0} speaks for that tenant; all issuers share one key, so one discovery
 * document serves a gateway that is configured with the issuers as a template.
 */
public final class IdentityProvider implements AutoCloseable {
    private static final String KEY_STORE_PASSWORD = "in memory only";

    private final MockOAuth2Server server;
    private final TokenMint mint;
    private final String authority;

    private IdentityProvider(MockOAuth2Server server, TokenMint mint, String authority) {
        this.server = server;
        this.mint = mint;
        this.authority = authority;
    }

    /** The same without people. */
    public static IdentityProvider start(
            DemoDirectory directory, ServerCertificate certificate, DemoClients clients, Clock clock)
            throws IOException, GeneralSecurityException {
        return start(directory, certificate, clients, List::of, clock);
    }

    /**
     * Starts it on the port remembered in the directory, with the directory's signing key.
     *
     * @param people who may sign in, whenever somebody does
     */
    public static IdentityProvider start(
            DemoDirectory directory,
            ServerCertificate certificate,
            DemoClients clients,
            Supplier<List<DemoPerson>> people,
            Clock clock)
            throws IOException, GeneralSecurityException {
        int port = RememberedPort.choose(portFile(directory));
        RSAKey key = SigningKey.in(directory);
        TokenMint mint = new TokenMint(key, authority(port), clock);
        Ssl ssl = new Ssl(new SslKeystore(KEY_STORE_PASSWORD, certificate.keyStore(KEY_STORE_PASSWORD)));
        OAuth2Config config = new OAuth2Config(
                true, null, null, false, new OAuth2TokenProvider(new SharedKey(key)), Set.of(), new NettyWrapper(ssl));
        MockOAuth2Server server = new MockOAuth2Server(
                config,
                new SignInRoute(authority(port), clients.portal(), people, mint, new SignInGrants(clock)),
                new TokenRoute(clients, mint));
        server.start(InetAddress.getLoopbackAddress(), port);
        return new IdentityProvider(server, mint, authority(port));
    }

    /** The mint of the provider of this directory, whether it runs or not; the demo must have been started before. */
    static TokenMint mintOf(DemoDirectory directory, Clock clock) throws IOException {
        return new TokenMint(SigningKey.in(directory), authority(RememberedPort.read(portFile(directory))), clock);
    }

    /** Whether a demo has ever been started in this directory. */
    static boolean knownIn(DemoDirectory directory) {
        return Files.exists(portFile(directory));
    }

    /** Makes tokens in process, the same as the token endpoint's. */
    public TokenMint mint() {
        return mint;
    }

    /** What SDKs call the authority host, {@code https://localhost:{port}}. */
    public String authority() {
        return authority;
    }

    /** The issuers of all tenants, with {@code {tenantId}} in the place of the tenant. */
    public String issuerTemplate() {
        return authority + "/{tenantId}/v2.0";
    }

    /** The discovery document of this tenant's issuer; its key set is everybody's. */
    public URI discovery(TenantId tenant) {
        return URI.create(mint.issuer(tenant) + "/.well-known/openid-configuration");
    }

    /** The discovery document of where people of all tenants sign in. */
    public URI signInDiscovery() {
        return URI.create(SignInRoute.discovery(authority));
    }

    /** Where a client of this tenant gets its tokens. */
    public URI tokenEndpoint(TenantId tenant) {
        return URI.create(mint.issuer(tenant) + "/token");
    }

    @Override
    public void close() {
        server.shutdown();
    }

    private static String authority(int port) {
        return "https://localhost:" + port;
    }

    private static Path portFile(DemoDirectory directory) {
        return directory.file("identity.port");
    }

    /** The library would make a key for each issuer. */
    private static final class SharedKey extends KeyProvider {
        private final RSAKey key;

        SharedKey(RSAKey key) {
            super(List.of(), JWSAlgorithm.RS256.getName());
            this.key = key;
        }

        @Override
        public JWK signingKey(String issuer) {
            return key;
        }
    }
}
