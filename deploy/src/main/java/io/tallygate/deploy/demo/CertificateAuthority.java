package io.tallygate.deploy.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * The demo's own certificate authority. It lies in the data directory ({@code ca.pem}, {@code ca-key.pem}) and may sign
 * for localhost and the loopback addresses only, so that trusting it gives nothing else away. A server certificate is
 * used again until 30 days before its end; the authority stays the same for ten years.
 */
public final class CertificateAuthority {
    private static final Duration RENEW_BEFORE = Duration.ofDays(30);
    private static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
    /** Apple's clients refuse more than 398 days. */
    private static final Duration SERVER_LIFE = Duration.ofDays(397);

    private final DemoDirectory directory;
    private final Clock clock;

    /** The authority that lies, or will lie, in this directory. */
    public CertificateAuthority(DemoDirectory directory, Clock clock) {
        this.directory = directory;
        this.clock = clock;
    }

    /** The server's certificate: the one on disk if it is good for long enough, else a new one. */
    public ServerCertificate serverCertificate() throws IOException, GeneralSecurityException {
        if (!goodForLong(directory.caFile(), directory.file("ca-key.pem"))) {
            createAuthority();
            createServerCertificate();
        } else if (!goodForLong(directory.certificateFile(), directory.keyFile()) || !signedByAuthority()) {
            createServerCertificate();
        }
        return new ServerCertificate(
                Pem.certificate(directory.caFile()),
                Pem.certificate(directory.certificateFile()),
                Pem.key(directory.keyFile()));
    }

    private boolean goodForLong(Path certificate, Path key) throws IOException, GeneralSecurityException {
        if (!Files.exists(certificate) || !Files.exists(key)) {
            return false;
        }
        Instant end = Pem.certificate(certificate).getNotAfter().toInstant();
        return end.isAfter(clock.instant().plus(RENEW_BEFORE));
    }

    private boolean signedByAuthority() throws IOException, GeneralSecurityException {
        try {
            Pem.certificate(directory.certificateFile())
                    .verify(Pem.certificate(directory.caFile()).getPublicKey());
            return true;
        } catch (SignatureException | InvalidKeyException other) {
            return false;
        }
    }

    private void createAuthority() throws IOException, GeneralSecurityException {
        KeyPair keys = keyPair();
        X509Certificate certificate =
                new CertificateRequest(keys, clock.instant(), AUTHORITY_LIFE).authority("Tallygate demo authority");
        PrivateFile.write(directory.file("ca-key.pem"), Pem.of(keys.getPrivate()));
        PrivateFile.write(directory.caFile(), Pem.of(certificate));
    }

    private void createServerCertificate() throws IOException, GeneralSecurityException {
        X509Certificate authority = Pem.certificate(directory.caFile());
        PrivateKey authorityKey = Pem.key(directory.file("ca-key.pem"));
        KeyPair keys = keyPair();
        X509Certificate certificate =
                new CertificateRequest(keys, clock.instant(), SERVER_LIFE).localhost(authority, authorityKey);
        PrivateFile.write(directory.keyFile(), Pem.of(keys.getPrivate()));
        PrivateFile.write(directory.certificateFile(), Pem.of(certificate) + Pem.of(authority));
    }

    private static KeyPair keyPair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }
}
