package io.tallygate.routing.payer;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.usage.ResourceInstance;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RoutedInstanceDataTest {
    private static final UUID LOCAL = UUID.fromString("00000000-0000-0000-0000-000000000001");
    private static final String ADDED = "\\\"commerceMeterId\\\":\\\"m\\\"";
    private static final String SUBSCRIPTION = "\\\"subscriptionId\\\":\\\"" + LOCAL + "\\\"";

    @Test
    void additionalInfoIsExtendedInCanonicalOrder() {
        assertThat(render("{\"a\":1,\"z\":0.12345678901234567890123,\"commerceMeterId\":\"sent\"}"))
                .isEqualTo(
                        "\"{\\\"Microsoft.Resources\\\":{\\\"resourceUri\\\":\\\"/vm\\\",\\\"location\\\":\\\"local\\\","
                                + "\\\"tags\\\":{\\\"k\\\":\\\"v\\\"},\\\"additionalInfo\\\":{\\\"a\\\":1," + ADDED
                                + ","
                                + SUBSCRIPTION + ",\\\"z\\\":0.12345678901234567890123}}}\"");
    }

    @Test
    void nothingThereBecomesAnObject() {
        assertThat(render(null)).contains("\\\"additionalInfo\\\":{" + ADDED + "," + SUBSCRIPTION + "}");
    }

    @Test
    void whatIsNoObjectIsKeptWithinOne() {
        assertThat(render("[1,\"x\"]"))
                .contains("\\\"additionalInfo\\\":{\\\"additionalInfo\\\":[1,\\\"x\\\"]," + ADDED + "," + SUBSCRIPTION
                        + "}");
    }

    private static String render(String additionalInfo) {
        return RoutedInstanceData.of(
                new ResourceInstance(new SubscriptionId(LOCAL), "/vm", "local", "{\"k\":\"v\"}", additionalInfo), "m");
    }
}
