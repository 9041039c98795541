package io.tallygate.deploy;

import static io.tallygate.deploy.testing.TestWorld.CORE_HOURS;
import static io.tallygate.deploy.testing.TestWorld.event;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestWorld;
import io.tallygate.gateway.auth.Role;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.TestPostgres;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class UsageRoundTripIT {
    private final TenantId tenant = new TenantId(UUID.randomUUID());
    private final Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS);

    @Test
    void postedUsageIsSealedReadByItsTenantRoutedToItsPayerAndReconciled() {
        try (TestGateway gateway = TestGateway.over(TestPostgres.fresh())) {
            TestWorld world = new TestWorld(gateway);
            String registration = world.registration(UUID.randomUUID(), "north");
            SubscriptionId subscription = world.subscription(tenant);
            UUID payer = UUID.randomUUID();
            assertThat(world.map(registration, payer, tenant, null).status()).isEqualTo(200);

            JsonNode totals = world.post(
                    event("1", subscription, CORE_HOURS, "1.5", hour)
                            + event("2", subscription, CORE_HOURS, "0.000000000000001", hour),
                    false);
            assertThat(totals.path("Accepted").asInt()).isEqualTo(2);
            Instant end = hour.plus(1, ChronoUnit.HOURS);
            world.sealThrough(end);

            String range = "/providers/Microsoft.Commerce/UsageAggregates?api-version=2015-06-01-preview"
                    + "&aggregationGranularity=hourly&reportedStartTime=" + hour + "&reportedEndTime=" + end;
            JsonNode own = HttpCaller.of(gateway, tenant, Role.USAGE_READ)
                    .get("/subscriptions/" + subscription + range)
                    .json();
            assertThat(own.path("value")).hasSize(1);
            assertThat(own.at("/value/0/properties/quantity").decimalValue()).isEqualByComparingTo("1.500000000000001");
            JsonNode routed = HttpCaller.operator(gateway)
                    .get("/subscriptions/" + payer + range)
                    .json();
            assertThat(routed.at("/value/0/properties/quantity").decimalValue())
                    .isEqualByComparingTo("1.500000000000001");

            Instant day = hour.truncatedTo(ChronoUnit.DAYS);
            JsonNode reconciliation = HttpCaller.operator(gateway)
                    .get("/reconciliation?from=" + day + "&to=" + day.plus(2, ChronoUnit.DAYS))
                    .json();
            assertThat(reconciliation.path("balanced").asBoolean()).isTrue();
            assertThat(reconciliation.at("/totals/mapped/count").asInt()).isEqualTo(2);
            assertThat(reconciliation.at("/totals/pending/count").asInt()).isEqualTo(2);
        }
    }
}
