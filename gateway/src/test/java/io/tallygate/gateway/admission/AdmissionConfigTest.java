package io.tallygate.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class AdmissionConfigTest {
    private static AdmissionConfig config(int requests, int waiting) {
        return new AdmissionConfig(requests, waiting, Duration.ofSeconds(1), 1, 1, 1, 1);
    }

    @Test
    void oneCallerOfTheOperatorLeavesRoomForAnother() {
        FairLine.Limits limits = config(8, 100).operators();

        assertThat(limits.share()).isEqualTo(7);
        assertThat(limits.waitingShare()).isEqualTo(25);
    }

    @Test
    void everybodyHasAPlace() {
        FairLine.Limits limits = config(1, 1).operators();

        assertThat(limits.share()).isEqualTo(1);
        assertThat(limits.waitingShare()).isEqualTo(1);
    }

    @Test
    void anAddressMayAskMoreOftenThanItMayFail() {
        assertThat(AdmissionConfig.DEFAULT.addressRequests()).isEqualTo(200);
        assertThat(new AdmissionConfig(1, 1, Duration.ZERO, 1, 1, 1, 0).addressRequests())
                .isZero();
    }
}
