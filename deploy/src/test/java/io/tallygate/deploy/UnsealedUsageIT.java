package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.HttpCaller.Answer;
import io.tallygate.deploy.testing.TestEvent;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestWorld;
import io.tallygate.gateway.auth.Role;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.TestPostgres;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A window that is past but not sealed, or not routed, is never a partial list. */
class UnsealedUsageIT {
    private final TenantId tenant = new TenantId(UUID.randomUUID());
    private final UUID payer = UUID.randomUUID();
    private final Instant today = Instant.now().truncatedTo(ChronoUnit.DAYS);
    private final Instant yesterday = today.minus(1, ChronoUnit.DAYS);

    @Test
    void itIsProcessingNotCompletedUntilItIsThereAndThenComplete() {
        try (TestGateway gateway = TestGateway.paused(TestPostgres.fresh())) {
            TestWorld world = new TestWorld(gateway);
            String registration = world.registration(UUID.randomUUID(), "north");
            SubscriptionId subscription = world.subscription(tenant);
            world.map(registration, payer, tenant, yesterday);
            List<String> tenantPaths = paths(subscription + "/providers/Microsoft.Commerce/UsageAggregates");
            List<String> adminPaths = paths(TestGateway.OPERATOR_SUBSCRIPTION
                    + "/providers/Microsoft.Commerce.Admin/subscriberUsageAggregates");
            List<String> payerPaths = paths(payer + "/providers/Microsoft.Commerce/UsageAggregates");
            HttpCaller caller = HttpCaller.of(gateway, tenant, Role.USAGE_READ);
            HttpCaller operator = HttpCaller.operator(gateway);

            tenantPaths.forEach(path -> assertNotCompleted(caller.get(path), "not sealed yet"));
            world.post(TestEvent.of("1", subscription, yesterday).line(), true);
            tenantPaths.forEach(path -> assertNotCompleted(caller.get(path), "not sealed yet"));
            adminPaths.forEach(path -> assertNotCompleted(operator.get(path), "not sealed yet"));
            payerPaths.forEach(path -> assertNotCompleted(operator.get(path), "not routed yet"));

            gateway.startBackgroundWork();
            world.sealThrough(today);
            tenantPaths.forEach(path -> assertOneRow(caller.get(path), subscription.toString()));
            adminPaths.forEach(path -> assertOneRow(operator.get(path), subscription.toString()));
            payerPaths.forEach(path -> assertOneRow(operator.get(path), subscription.toString()));
        }
    }

    @Test
    void theFutureIsNotProcessingButRefusedUnlessItWasSealedEarly() {
        try (TestGateway gateway = TestGateway.over(TestPostgres.fresh())) {
            TestWorld world = new TestWorld(gateway);
            world.registration(UUID.randomUUID(), "north");
            SubscriptionId subscription = world.subscription(tenant);
            HttpCaller caller = HttpCaller.of(gateway, tenant, Role.USAGE_READ);
            Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS);
            Instant end = hour.plus(5, ChronoUnit.HOURS);
            String path = "/subscriptions/" + subscription + "/providers/Microsoft.Commerce/UsageAggregates"
                    + "?api-version=2015-06-01-preview&aggregationGranularity=Hourly&reportedStartTime=" + hour
                    + "&reportedEndTime=";
            assertThat(caller.get(path + end).errorCode()).isEqualTo("RequestEndTimeIsInFuture");
            world.post(TestEvent.of("early", subscription, hour).line(), false);
            world.sealThrough(end);
            assertOneRow(caller.get(path + end), "vm-early");
            assertThat(caller.get(path + end.plus(1, ChronoUnit.HOURS)).errorCode())
                    .isEqualTo("RequestEndTimeIsInFuture");
        }
    }

    private List<String> paths(String route) {
        String path = "/subscriptions/" + route + "?api-version=2015-06-01-preview&reportedStartTime=" + yesterday
                + "&reportedEndTime=" + today + "&aggregationGranularity=";
        return List.of(path + "Daily", path + "Hourly");
    }

    private static void assertNotCompleted(Answer answer, String why) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        assertThat(answer.errorCode()).isEqualTo("ProcessingNotCompleted");
        assertThat(answer.json().at("/error/message").asText()).contains(why);
        assertThat(answer.json().has("value")).isFalse();
        assertThat(answer.response().headers().firstValue("retry-after")).contains("60");
        assertThat(answer.response().headers().firstValue("content-type")).contains("application/json; charset=utf-8");
    }

    private static void assertOneRow(Answer answer, String inRow) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.json().path("value")).hasSize(1);
        assertThat(answer.json().path("value").get(0).toString()).contains(inRow);
    }
}
