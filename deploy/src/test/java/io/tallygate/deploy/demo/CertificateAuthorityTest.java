package io.tallygate.deploy.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateAuthorityTest {
    private static final Instant NOW = Instant.parse("2026-11-21T09:30:00Z");

    @TempDir
    Path root;

    @Test
    void chainVerifiesIncludingNameConstraints() throws Exception {
        ServerCertificate made = at(NOW);

        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(made.authority(), null)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(NOW));
        var path = CertificateFactory.getInstance("X.509").generateCertPath(List.of(made.certificate()));
        var result = CertPathValidator.getInstance("PKIX").validate(path, parameters);
        assertThat(result).isNotNull();
        assertThat(made.authority().getBasicConstraints()).isZero();
    }

    @Test
    void certificateNamesLocalhostAndBothLoopbackAddresses() throws Exception {
        assertThat(at(NOW).certificate().getSubjectAlternativeNames())
                .extracting(name -> name.get(0), name -> name.get(1))
                .containsExactly(tuple(2, "localhost"), tuple(7, "127.0.0.1"), tuple(7, "0:0:0:0:0:0:0:1"));
    }

    @Test
    void sameCertificateAtTheNextStart() throws Exception {
        assertThat(at(NOW.plus(Duration.ofDays(300))).certificate())
                .isNotEqualTo(null)
                .isEqualTo(at(NOW.plus(Duration.ofDays(301))).certificate());
    }

    @Test
    void newCertificateOfTheSameAuthorityNearItsEnd() throws Exception {
        ServerCertificate first = at(NOW);
        ServerCertificate later = at(NOW.plus(Duration.ofDays(380)));

        assertThat(later.authority()).isEqualTo(first.authority());
        assertThat(later.certificate()).isNotEqualTo(first.certificate());
        assertThat(later.certificate().getNotAfter())
                .isAfter(first.certificate().getNotAfter());
    }

    @Test
    void newCertificateWhenTheAuthorityIsAnotherOne() throws Exception {
        at(NOW);
        Files.delete(root.resolve("ca-key.pem"));
        ServerCertificate again = at(NOW);

        again.certificate().verify(again.authority().getPublicKey());
        assertThat(Files.readString(root.resolve("server.pem"))).contains(Files.readString(root.resolve("ca.pem")));
    }

    @Test
    void keysAreForTheirOwnerOnly() throws Exception {
        at(NOW);

        for (String key : List.of("ca-key.pem", "server-key.pem")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve(key))))
                    .isEqualTo("rw-------");
        }
    }

    private ServerCertificate at(Instant now) throws Exception {
        return new CertificateAuthority(new DemoDirectory(root), Clock.fixed(now, ZoneOffset.UTC)).serverCertificate();
    }
}
