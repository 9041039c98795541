package io.tallygate.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.gateway.auth.ApiKeyTexts.Fresh;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ApiKeyTextsTest {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private static final String OLD = "the secret of last year, long enough";
    private static final String NEW = "the secret of this year, long enough";

    private final ApiKeyTexts texts = new ApiKeyTexts(List.of(OLD));

    @Test
    void aTextSaysItsIdAndItsHash() {
        Fresh fresh = texts.make();

        assertThat(fresh.text()).matches("tgk_[A-Za-z0-9_-]{76}");
        assertThat(texts.read(fresh.text())).hasValueSatisfying(presented -> {
            assertThat(presented.id()).isEqualTo(fresh.id());
            assertThat(presented.hash()).isEqualTo(fresh.hash());
        });
        assertThat(fresh.hash().length()).isEqualTo(32);
        assertThat(fresh.toString()).doesNotContain(fresh.text().substring(4, 20));
    }

    @Test
    void textsDiffer() {
        Set<String> made = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            made.add(texts.make().text());
        }
        assertThat(made).hasSize(100);
    }

    @Test
    void everyOtherCharacterAtEveryPlaceIsRefused() {
        String text = texts.make().text();
        for (int at = 0; at < text.length(); at++) {
            for (int i = 0; i < ALPHABET.length(); i++) {
                if (text.charAt(at) != ALPHABET.charAt(i)) {
                    String changed = text.substring(0, at) + ALPHABET.charAt(i) + text.substring(at + 1);
                    assertThat(texts.read(changed)).as(changed).isEmpty();
                }
            }
        }
    }

    @Test
    void otherFormsAreRefused() {
        String text = texts.make().text();
        for (String other : List.of(
                "",
                "tgk_",
                text.substring(4),
                text.substring(0, text.length() - 1),
                text + "A",
                text + "=",
                " " + text,
                text + " ",
                text.toUpperCase(Locale.ROOT),
                "tgk_" + "/".repeat(76),
                "tgk_" + "\u00e9".repeat(76),
                text + text)) {
            assertThat(texts.read(other)).as(other).isEmpty();
        }
    }

    @Test
    void aSecretIsChangedWithAnOverlap() {
        Fresh old = texts.make();
        ApiKeyTexts both = new ApiKeyTexts(List.of(NEW, OLD));
        Fresh next = both.make();
        ApiKeyTexts late = new ApiKeyTexts(List.of(NEW));

        assertThat(both.read(old.text())).isPresent();
        assertThat(both.read(next.text())).isPresent();
        assertThat(texts.read(next.text())).isEmpty();
        assertThat(late.read(next.text())).isPresent();
        assertThat(late.read(old.text())).isEmpty();

        String madeUnder = HexFormat.of().formatHex(old.madeUnder().getBytes());
        assertThat(texts.isCurrent(madeUnder)).isTrue();
        assertThat(both.isCurrent(madeUnder)).isFalse();
        assertThat(both.takes(madeUnder)).isTrue();
        assertThat(late.takes(madeUnder)).isFalse();
    }

    @Test
    void withoutASecretNothingIsTaken() {
        ApiKeyTexts none = new ApiKeyTexts(List.of());
        assertThat(none.enabled()).isFalse();
        assertThat(none.read(texts.make().text())).isEmpty();
    }

    // Keys outlive an update of the gateway.
    @Test
    void aKeyOfAnEarlierVersionIsStillGood() {
        ApiKeyTexts same = new ApiKeyTexts(List.of("a secret of thirty-two characters"));

        assertThat(same.isCurrent("0e5ea1ee")).isTrue();
        assertThat(same.read("tgk_ix2_wPUrT2SRYFHtzMFm_pEF4JB8UnWllM3dp5SM0m4xmGJRzDusRBnspbyKe5jmRPWYUhZc_g_W"))
                .hasValueSatisfying(
                        presented -> assertThat(presented.id()).hasToString("8b1dbfc0-f52b-4f64-9160-51edccc166fe"));
    }
}
