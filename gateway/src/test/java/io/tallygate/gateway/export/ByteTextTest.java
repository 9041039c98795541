package io.tallygate.gateway.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ByteTextTest {
    @Test
    void uuidsAreWrittenAsEverywhere() {
        Random random = new Random(1);
        ByteText text = new ByteText(0);
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            UUID uuid = new UUID(random.nextLong(), random.nextLong());
            text.add(uuid);
            expected.append(uuid);
        }
        text.add(new UUID(0, 0)).add(new UUID(-1, -1)).add(new UUID(1, 1));
        expected.append(new UUID(0, 0)).append(new UUID(-1, -1)).append(new UUID(1, 1));
        assertThat(text.toString()).isEqualTo(expected.toString());
    }

    @Test
    void itGrowsForWhateverIsAdded() {
        for (int room = 0; room < 40; room++) {
            ByteText text =
                    new ByteText(room).add('a').add("\uD83D\uDE00\u2028\u00FC").add(new byte[] {'x', 'y'});
            int from = text.length() - 2;
            text.repeat(from, 2).add("").add(new byte[0]);
            assertThat(text.toString()).as("room %d", room).isEqualTo("a\uD83D\uDE00\u2028\u00FCxyxy");
            assertThat(text.length()).isEqualTo(1 + 4 + 3 + 2 + 4);
        }
    }

    @Test
    void whatWasCutIsWrittenOver() {
        assertThat(new ByteText(4).add("{}").cut(1).add(",x}").toString()).isEqualTo("{,x}");
    }

    @Test
    void whatIsTakenIsACopyAndGoesIntoTheDigest() throws NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        ByteText text = new ByteText(8).add("one");
        var first = text.take(digest);
        assertThat(text.length()).isZero();
        text.add("two");
        assertThat(first.toString()).isEqualTo("one");
        assertThat(text.take(digest).toString()).isEqualTo("two");
        assertThat(text.take(digest).length()).isZero();
        assertThat(digest.digest())
                .isEqualTo(MessageDigest.getInstance("SHA-256").digest("onetwo".getBytes(StandardCharsets.US_ASCII)));
    }
}
