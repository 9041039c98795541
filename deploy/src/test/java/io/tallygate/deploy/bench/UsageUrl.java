package io.tallygate.deploy.bench;

import io.tallygate.store.directory.SubscriptionId;
import java.time.Instant;

/** URLs of the usage routes, of the gateway and of the peer alike. */
final class UsageUrl {
    private final String base;

    /** Below {@code http://host:port}. */
    UsageUrl(String base) {
        this.base = base;
    }

    /** What a provider sees, or with the operator's subscription everyone's. */
    String admin(SubscriptionId provider, String granularity, Instant from, Instant to) {
        return base + "/subscriptions/" + provider + "/providers/Microsoft.Commerce.Admin/subscriberUsageAggregates?"
                + query(granularity, from, to);
    }

    /** What a tenant sees of its own subscription. */
    String tenant(SubscriptionId subscription, String granularity, Instant from, Instant to) {
        return base + "/subscriptions/" + subscription + "/providers/Microsoft.Commerce/UsageAggregates?"
                + query(granularity, from, to);
    }

    private static String query(String granularity, Instant from, Instant to) {
        return "api-version=2015-06-01-preview&aggregationGranularity=" + granularity + "&reportedStartTime=" + from
                + "&reportedEndTime=" + to;
    }
}
