package io.tallygate.deploy.observe;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/** Where a process keeps its metrics; of those that libraries offer, the few that answer a question of an operator. */
public final class MetricsRegistry {
    private static final Set<String> OF_THE_PROCESS = Set.of(
            "jvm.memory.used",
            "jvm.memory.max",
            "jvm.buffer.memory.used",
            "jvm.gc.pause",
            "jvm.threads.live",
            "process.cpu.usage",
            "process.uptime",
            "process.files.open",
            "process.files.max",
            "system.cpu.count");
    private static final Set<String> OF_POOLS =
            Set.of("vertx.pool.in.use", "vertx.pool.queue.pending", "vertx.pool.queue.time", "vertx.pool.usage");
    private static final String POOL_NAME = "pool_name";
    private static final Tag POOL_OF_CONNECTIONS = Tag.of("pool_type", "sql");
    // A pool has a name of its own each time, so that two are never one; to an operator it is the same one.
    private static final Pattern EACH_TIME = Pattern.compile("-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$");

    private MetricsRegistry() {}

    /** One with what the process itself has to say. */
    public static PrometheusMeterRegistry create() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        registry.config().meterFilter(new Chosen());
        new JvmMemoryMetrics().bindTo(registry);
        // Listens for as long as the process lives.
        new JvmGcMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        return registry;
    }

    /**
     * A Vert.x that counts the use of pools into the registry, and nothing else: what it could tell of requests has
     * labels without bounds, or is known better here.
     */
    public static Vertx vertx(PrometheusMeterRegistry registry) {
        MicrometerMetricsOptions options = new MicrometerMetricsOptions()
                .setEnabled(true)
                // Registries of one name are one in the whole process.
                .setRegistryName(UUID.randomUUID().toString())
                .setLabels(EnumSet.of(Label.POOL_TYPE, Label.POOL_NAME));
        EnumSet.complementOf(EnumSet.of(MetricsDomain.NAMED_POOLS)).forEach(options::addDisabledMetricsCategory);
        return Vertx.builder()
                .with(new VertxOptions().setPreferNativeTransport(true).setMetricsOptions(options))
                .withMetrics(new MicrometerMetricsFactory(registry))
                .build();
    }

    private static final class Chosen implements MeterFilter {
        @Override
        public MeterFilterReply accept(Meter.Id id) {
            boolean own = id.getName().startsWith("tallygate.");
            boolean pool = OF_POOLS.contains(id.getName()) && id.getTags().contains(POOL_OF_CONNECTIONS);
            return own || pool || OF_THE_PROCESS.contains(id.getName())
                    ? MeterFilterReply.NEUTRAL
                    : MeterFilterReply.DENY;
        }

        @Override
        public Meter.Id map(Meter.Id id) {
            String pool = id.getTag(POOL_NAME);
            return pool == null
                    ? id
                    : id.withTags(
                            List.of(Tag.of(POOL_NAME, EACH_TIME.matcher(pool).replaceFirst(""))));
        }
    }
}
