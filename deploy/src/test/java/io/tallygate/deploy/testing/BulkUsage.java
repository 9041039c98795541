package io.tallygate.deploy.testing;

import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.TestPostgres;
import io.tallygate.store.usage.ResourceInstance;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * Much sealed usage of one tenant, written straight into the tables: each instance has a row in each hour, and in each
 * day. Rows are a little less than a kilobyte, as usual.
 */
public final class BulkUsage {
    /** Where the hours begin: a month's first. */
    public static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

    private static final String NUMBER = "@number@";

    public final TenantId tenant = new TenantId(UUID.randomUUID());
    public final SubscriptionId subscription = new SubscriptionId(UUID.randomUUID());
    public final int instances;
    public final int hours;

    /** Fills a fresh database; {@code hours} is a number of whole days, 31 of them at the most. */
    public BulkUsage(TestPostgres postgres, int instances, int hours) {
        if (hours % 24 != 0 || hours > 31 * 24) {
            throw new IllegalArgumentException("Not whole days of one month: " + hours);
        }
        this.instances = instances;
        this.hours = hours;
        postgres.execute("""
                select ensure_partitions('START');
                insert into subscription (subscription_id, tenant_id, display_name, owner, state, provider_subscription_id)
                values ('SUBSCRIPTION', 'TENANT', 'Bulk', '', 'Enabled', 'SUBSCRIPTION');
                insert into instance (subscription_id, digest, resource_uri, location, instance_data)
                select 'SUBSCRIPTION', sha256(convert_to(i::text, 'UTF8')), 'URI', 'local', replace('DATA', 'NUMBER', i::text)
                from generate_series(1, INSTANCES) i;
                insert into usage_hourly (reported_time, seq, subscription_id, meter_key, instance_id, usage_time, quantity,
                  record_count)
                select at, row_number() over (partition by at order by instance_id), 'SUBSCRIPTION', 1, instance_id, at,
                  instance_id + 0.25, 1
                from generate_series(timestamptz 'START', timestamptz 'END' - interval '1 hour', interval '1 hour') at,
                  instance;
                insert into usage_daily (reported_time, seq, subscription_id, meter_key, instance_id, usage_time, quantity,
                  record_count)
                select at, row_number() over (partition by at order by instance_id), 'SUBSCRIPTION', 1, instance_id, at,
                  24 * instance_id + 6, 24
                from generate_series(timestamptz 'START', timestamptz 'END' - interval '1 day', interval '1 day') at,
                  instance;
                update window_state set first_hour = 'START', sealed_through = 'END', closed_through = 'END';
                update routing_state set routed_through = 'END';
                analyze""".replace("SUBSCRIPTION", subscription.toString())
                .replace("TENANT", tenant.toString())
                .replace("INSTANCES", Integer.toString(instances))
                .replace("DATA", instanceData().replace("'", "''"))
                .replace("NUMBER", NUMBER)
                .replace("START", START.toString())
                .replace("END", end().toString()));
    }

    private String instanceData() {
        return new ResourceInstance(
                        subscription,
                        "/subscriptions/" + subscription
                                + "/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm-" + NUMBER,
                        "local",
                        "{\"department\":\"dept " + NUMBER + "\",\"purpose\":\"'bulk' \u2028 \uD83D\uDE00\"}",
                        "{\"imageType\":\"Windows\",\"serviceType\":\"Standard_D2\",\"vCores\":2}")
                .instanceData();
    }

    /** Where the hours end. */
    public Instant end() {
        return START.plus(hours, ChronoUnit.HOURS);
    }

    /** How many hourly rows there are. */
    public long rows() {
        return (long) instances * hours;
    }

    /** The tenant's route to all of it; more parameters as {@code &name=value}. */
    public String path(String granularity, String more) {
        return path(granularity, START, end(), more);
    }

    /** The same for a part of the time. */
    public String path(String granularity, Instant from, Instant to, String more) {
        return "/subscriptions/" + subscription
                + "/providers/Microsoft.Commerce/UsageAggregates?api-version=2015-06-01-preview&aggregationGranularity="
                + granularity + "&reportedStartTime=" + from + "&reportedEndTime=" + to + more;
    }
}
