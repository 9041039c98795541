package io.tallygate.deploy.imports;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class FocusIdsTest {
    @Test
    void aUuidStaysWhatItIs() {
        assertThat(FocusIds.subscriptionId("3F0C1A52-6F5E-4A54-9D7B-0C8D6A2F1E11"))
                .isEqualTo(UUID.fromString("3f0c1a52-6f5e-4a54-9d7b-0c8d6a2f1e11"));
        assertThat(FocusIds.isUuid("1-1-1-1-1")).isFalse();
    }

    /** The values of Python's {@code uuid.uuid5(uuid.NAMESPACE_URL, …)}. */
    @Test
    void anotherIdBecomesANameBasedUuid() {
        assertThat(FocusIds.tenantId("1234567890123")).hasToString("29be367d-2447-5f6b-afda-36de81fa55fc");
        assertThat(FocusIds.subscriptionId("51738928782")).hasToString("2bacf79f-47d5-5107-b0ba-1bb7424bb9f6");
    }

    @Test
    void anAccountAndASubAccountOfTheSameIdDiffer() {
        assertThat(FocusIds.tenantId("x")).isNotEqualTo(FocusIds.subscriptionId("x"));
    }
}
