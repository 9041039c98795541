package io.tallygate.routing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.store.directory.SubscriptionId;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EventKeyTest {
    private static final SubscriptionId PAYER =
            new SubscriptionId(UUID.fromString("11111111-2222-3333-4444-555555555555"));
    private static final Instant REPORTED = Instant.parse("2026-03-01T00:00:00Z");
    private static final Buffer ONE = EventKey.digest(PAYER, REPORTED, 1);
    private static final Buffer TWO = EventKey.digest(PAYER, REPORTED, 2);

    // Fixed for ever: a key that changes bills its rows again.
    @Test
    void keyOfTheseRowsNeverChanges() {
        assertThat(EventKey.of("default", PAYER, List.of(ONE, TWO)))
                .isEqualTo(UUID.fromString("a9c51118-5c7f-81fa-b259-80ab362cbaba"));
    }

    @Test
    void keyIsAUuidOfVersion8() {
        UUID key = EventKey.of("default", PAYER, List.of(ONE));
        assertThat(key.version()).isEqualTo(8);
        assertThat(key.variant()).isEqualTo(2);
    }

    @Test
    void anythingElseGivesAnotherKey() {
        assertThat(List.of(
                        EventKey.of("default", PAYER, List.of(ONE)),
                        EventKey.of("default", PAYER, List.of(TWO)),
                        EventKey.of("default", PAYER, List.of(ONE, TWO)),
                        EventKey.of("default", PAYER, List.of(TWO, ONE)),
                        EventKey.of("other", PAYER, List.of(ONE)),
                        EventKey.of("default", new SubscriptionId(new UUID(0, 0)), List.of(ONE))))
                .doesNotHaveDuplicates();
    }

    @Test
    void payersFollowEachOtherAsInPostgres() {
        assertThat(WaitingPayers.after(new UUID(0, 0))).isEqualTo(new UUID(0, 1));
        assertThat(WaitingPayers.after(new UUID(7, -1))).isEqualTo(new UUID(8, 0));
        assertThat(WaitingPayers.after(new UUID(-1, -1))).isEqualTo(WaitingPayers.FIRST);
    }
}
