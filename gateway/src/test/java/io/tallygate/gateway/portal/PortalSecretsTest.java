package io.tallygate.gateway.portal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.gateway.portal.PortalSecrets.SessionText;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class PortalSecretsTest {
    private static final byte[] PURPOSE = {1};

    private final PortalSecrets secrets = new PortalSecrets(List.of("one"));
    private final PortalSecrets changed = new PortalSecrets(List.of("two", "one"));
    private final PortalSecrets others = new PortalSecrets(List.of("two"));

    @Test
    void aSessionsTextIsKnownByWhoHasItsSecret() {
        SessionText session = secrets.newSession();
        assertThat(secrets.session(session.text())).contains(session);
        assertThat(changed.session(session.text())).contains(session);
        assertThat(others.session(session.text())).isEmpty();
        assertThat(session.hash().length()).isEqualTo(32);
        assertThat(session.toString()).isEqualTo("SessionText");
    }

    @Test
    void everyChangedCharacterIsNoticed() {
        String text = secrets.newSession().text();
        for (int i = 0; i < text.length(); i++) {
            char other = text.charAt(i) == 'A' ? 'B' : 'A';
            assertThat(secrets.session(text.substring(0, i) + other + text.substring(i + 1)))
                    .as("character %s", i)
                    .isEmpty();
        }
        for (String none : List.of("", "=", text + "A", text.substring(1), "!".repeat(64), "ä".repeat(64))) {
            assertThat(secrets.session(none)).as(none).isEmpty();
        }
    }

    @Test
    void theCsrfValueIsTheSessionsOwnAndSaysNothingOfItsText() {
        SessionText session = secrets.newSession();
        assertThat(session.isCsrf(session.csrf())).isTrue();
        assertThat(session.isCsrf(secrets.newSession().csrf())).isFalse();
        assertThat(session.isCsrf(null)).isFalse();
        assertThat(session.isCsrf("")).isFalse();
        assertThat(session.text()).doesNotContain(session.csrf().substring(0, 20));
    }

    @Test
    void whatIsSealedOpensForItsPurposeAlone() {
        Buffer sealed = secrets.seal("text", PURPOSE);
        assertThat(secrets.open(sealed, PURPOSE)).contains("text");
        assertThat(changed.open(sealed, PURPOSE)).contains("text");
        assertThat(others.open(sealed, PURPOSE)).isEmpty();
        assertThat(secrets.open(sealed, new byte[] {2})).isEmpty();
        assertThat(secrets.seal("text", PURPOSE)).isNotEqualTo(sealed);
        for (int i = 0; i < sealed.length(); i++) {
            Buffer spoilt = sealed.copy().setByte(i, (byte) (sealed.getByte(i) ^ 1));
            assertThat(secrets.open(spoilt, PURPOSE)).as("byte %s", i).isEmpty();
        }
        assertThat(secrets.open(Buffer.buffer(), PURPOSE)).isEmpty();
    }

    @Test
    void aSignInComesBackWithinItsTime() {
        Instant now = Instant.parse("2026-03-01T00:00:00Z");
        SignIn signIn = SignIn.begin(secrets, "https://localhost/portal/callback", "/portal/#/a?b=c", now);
        String cookie = signIn.seal(secrets);
        assertThat(SignIn.open(changed, cookie, now.plusSeconds(599))).contains(signIn);
        assertThat(SignIn.open(secrets, cookie, now.plusSeconds(600))).isEmpty();
        assertThat(SignIn.open(others, cookie, now)).isEmpty();
        assertThat(cookie).doesNotContain(signIn.state());
        assertThat(signIn.returnTo()).isEqualTo("/portal/#/a?b=c");
    }

    // RFC 7636, appendix B.
    @Test
    void theChallengeIsThatOfTheStandard() {
        assertThat(Pkce.challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"))
                .isEqualTo("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    // Sessions and what is sealed outlive an update of the gateway.
    @Test
    void whatAnEarlierVersionMadeIsStillGood() {
        PortalSecrets same = new PortalSecrets(List.of("a secret of thirty-two characters"));
        assertThat(same.session("0YnLG8B9qj3dA9Z3G4_3seql4R27mm6X1MWXNzT8z5hAm8h7fJpgAQQRgIEcE8fV"))
                .map(SessionText::csrf)
                .contains("ML2SYPo1b7fYfWpYSjyXoKAtkotuewQHKyUgEiVabP0");
        byte[] sealed = Base64.getUrlDecoder().decode("6TB-Z5goj0feSqqvaKLdkmVygpwrK-i7TMcG5yqdoJC0jqqxGZZA6BU");
        assertThat(same.open(Buffer.buffer(sealed), PURPOSE)).contains("sealed text");
    }
}
