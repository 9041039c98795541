package io.tallygate.deploy.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.tallygate.deploy.demo.CertificateAuthority;
import io.tallygate.deploy.demo.CommerceEndpoint;
import io.tallygate.deploy.demo.DemoClient;
import io.tallygate.deploy.demo.DemoClients;
import io.tallygate.deploy.demo.DemoDirectory;
import io.tallygate.deploy.demo.DemoPerson;
import io.tallygate.deploy.demo.IdentityProvider;
import io.tallygate.deploy.demo.ServerCertificate;
import io.tallygate.deploy.demo.TokenMint;
import io.tallygate.gateway.auth.Role;
import io.tallygate.gateway.portal.PortalConfig;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;

/** A real identity provider and real certificates for tests: one of each per JVM. */
public final class TestIdentity {
    /** The operator's tenant. */
    public static final TenantId OPERATOR = new TenantId(UUID.fromString("0a000000-0000-4000-8000-000000000001"));

    private static TestIdentity instance;

    private final DemoDirectory directory;
    private final ServerCertificate certificate;
    private final IdentityProvider provider;
    private final List<DemoPerson> people = new CopyOnWriteArrayList<>();

    private TestIdentity() throws IOException, GeneralSecurityException {
        directory = new DemoDirectory(
                Files.createTempDirectory(Files.createDirectories(Path.of("target")), "test-identity"));
        Clock clock = Clock.systemUTC();
        certificate = new CertificateAuthority(directory, clock).serverCertificate();
        provider = IdentityProvider.start(
                directory, certificate, new DemoClients(OPERATOR, "clients"), () -> people, clock);
    }

    /** Somebody of this tenant with these roles, who may sign in from now on. */
    public DemoPerson person(TenantId tenant, Role... roles) {
        String id = UUID.randomUUID().toString();
        DemoPerson person = new DemoPerson(
                tenant,
                "Organization " + tenant,
                id,
                "Person " + id,
                id + "@example.com",
                Arrays.stream(roles).map(Role::claimValue).toList());
        people.add(person);
        return person;
    }

    /** How people sign in to a portal, with these secrets. */
    public PortalConfig portal(String... secrets) {
        try {
            return portal(provider.signInDiscovery(), Files.readString(caFile()), secrets);
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** The same by another discovery document. */
    public static PortalConfig portal(URI discovery, String caPem, String... secrets) {
        DemoClient client = new DemoClients(OPERATOR, "clients").portal();
        return new PortalConfig(
                discovery,
                Optional.of(caPem),
                client.clientId(),
                Optional.of(client.clientSecret()),
                PortalConfig.DEFAULT_SCOPE,
                List.of(secrets),
                Duration.ofMinutes(30),
                Duration.ofHours(12));
    }

    /** The one of this JVM. */
    public static synchronized TestIdentity get() {
        if (instance == null) {
            try {
                instance = new TestIdentity();
            } catch (IOException | GeneralSecurityException failed) {
                throw new IllegalStateException(failed);
            }
        }
        return instance;
    }

    /** An access token of this tenant with these roles. */
    public String token(TenantId tenant, Role... roles) {
        String client = "client-of-" + tenant;
        return provider.mint()
                .token(new DemoClient(
                        tenant,
                        client,
                        "secret",
                        Arrays.stream(roles).map(Role::claimValue).toList()));
    }

    /** The same, but for this audience and good until then. */
    public String token(TenantId tenant, String audience, Instant expiry, Role... roles) {
        try {
            SignedJWT usual = SignedJWT.parse(token(tenant, roles));
            JWTClaimsSet claims = new JWTClaimsSet.Builder(usual.getJWTClaimsSet())
                    .audience(audience)
                    .notBeforeTime(Date.from(expiry.minus(TokenMint.LIFE)))
                    .issueTime(Date.from(expiry.minus(TokenMint.LIFE)))
                    .expirationTime(Date.from(expiry))
                    .build();
            SignedJWT token = new SignedJWT(usual.getHeader(), claims);
            token.sign(new RSASSASigner(
                    RSAKey.parse(Files.readString(directory.root().resolve("signing-key.json")))));
            return token.serialize();
        } catch (IOException | ParseException | JOSEException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** A commerce endpoint that takes this provider's tokens, with its port and its book in this directory. */
    public CommerceEndpoint commerceEndpoint(DemoDirectory own) throws IOException {
        return CommerceEndpoint.start(directory, own, Clock.systemUTC());
    }

    /** The options by which an endpoint of the kind {@code marketplace} gets tokens for it. */
    public JsonObject commerceClient() {
        DemoClient client = new DemoClients(OPERATOR, "clients").commerce();
        return new JsonObject()
                .put("tokenUrl", provider.tokenEndpoint(client.tenant()).toString())
                .put("clientId", client.clientId())
                .put("clientSecret", client.clientSecret())
                .put("scope", TokenMint.AUDIENCE + "/.default");
    }

    /** Trusts the authority that signed the gateway's and the provider's certificates. */
    public SSLContext tls() {
        try {
            return certificate.clientContext();
        } catch (GeneralSecurityException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** PEM of the authority that signed the gateway's and the provider's certificates. */
    public Path caFile() {
        return directory.caFile();
    }

    /** PEM of the server certificate for localhost. */
    public Path certificateFile() {
        return directory.certificateFile();
    }

    /** PEM of its key. */
    public Path keyFile() {
        return directory.keyFile();
    }

    /** The issuers of all tenants, with {@code {tenantId}} in the place of the tenant. */
    public String issuerTemplate() {
        return provider.issuerTemplate();
    }

    /** The discovery document of where people sign in. */
    public URI signInDiscovery() {
        return provider.signInDiscovery();
    }

    /** The discovery document that serves all issuers. */
    public URI discovery() {
        return provider.discovery(OPERATOR);
    }

    DemoDirectory directory() {
        return directory;
    }

    IdentityProvider provider() {
        return provider;
    }
}
