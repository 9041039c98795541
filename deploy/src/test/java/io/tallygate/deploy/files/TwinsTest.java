package io.tallygate.deploy.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TwinsTest {
    @Test
    void eachTwinIsCountedWhicheverRowsThereAreBetweenThem() {
        long seed = System.nanoTime();
        Random dice = new Random(seed);
        List<UUID> keys = new ArrayList<>();
        for (int i = 0; i < 50_000; i++) {
            boolean twin = !keys.isEmpty() && dice.nextInt(10) == 0;
            keys.add(twin ? keys.get(dice.nextInt(keys.size())) : new UUID(dice.nextLong(), dice.nextLong()));
        }
        Twins twins = Twins.of(1, dice.nextBoolean());
        keys.forEach(key -> assertThat(twins.applyAsInt(key)).isZero());
        twins.count();
        Map<UUID, Integer> before = new HashMap<>();
        for (UUID key : keys) {
            assertThat(twins.applyAsInt(key)).as("seed %d", seed).isEqualTo(before.merge(key, 1, Integer::sum) - 1);
        }
    }
}
