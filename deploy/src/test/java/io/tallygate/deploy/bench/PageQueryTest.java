package io.tallygate.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class PageQueryTest {
    // 1,500 slots: the rows of a day.
    private static final World WORLD = World.of(45_000, 1, Instant.parse("2026-11-21T16:00:00Z"));

    @Test
    void aPageBeginsAfterTheLastRowOfTheOneBefore() {
        assertThat(after(1)).isEqualTo("2026-10-22T00:00:00Z 0");
        assertThat(after(2)).isEqualTo("2026-10-22T00:00:00Z 1000");
        assertThat(after(3)).isEqualTo("2026-10-23T00:00:00Z 500");
        // Its first row is the first of a day.
        assertThat(after(4)).isEqualTo("2026-10-23T00:00:00Z 1500");
    }

    private static String after(int page) {
        var values = PageQuery.everyone(WORLD, page).values();
        return values.get("after") + " " + values.get("seq");
    }
}
