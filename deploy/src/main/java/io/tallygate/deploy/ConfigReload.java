package io.tallygate.deploy;

import io.tallygate.deploy.config.ConfigChange;
import io.tallygate.deploy.config.ConfigException;
import io.tallygate.deploy.config.Configuration;
import io.tallygate.deploy.config.ServeConfig;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the configuration again while the gateway runs. What can change does; what cannot is named, and waits for a restart.
 * If anything is wrong with what is read, all of it is logged and nothing changes.
 */
final class ConfigReload {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigReload.class);

    private final Vertx vertx;
    private final Context context;
    private final Source source;
    private final Target target;
    private Configuration running;
    private Future<Void> last = Future.succeededFuture();
    private volatile List<String> warnings = List.of();

    /** Where the configuration is. */
    @FunctionalInterface
    interface Source {
        /** Reads and checks it; may block. */
        Configuration load() throws ConfigException;
    }

    /** What runs. */
    @FunctionalInterface
    interface Target {
        /** Takes over what can change, or fails and changes nothing. */
        Future<Void> apply(ServeConfig config, ConfigChange change);
    }

    /**
     * Does nothing by itself.
     *
     * @param running what the gateway was started with
     */
    ConfigReload(Vertx vertx, Source source, Configuration running, Target target) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.source = source;
        this.running = running;
        this.target = target;
    }

    /** Reads it and takes it over, after those that were asked for before. On any thread. */
    void now() {
        context.runOnContext(asked -> last = last.transform(done -> reload()));
    }

    /** For the readiness route: why the last reload was refused, and what waits for a restart. */
    List<String> warnings() {
        return warnings;
    }

    private Future<Void> reload() {
        return vertx.executeBlocking(() -> ConfigChange.between(running, source.load()))
                .compose(this::apply)
                .recover(failure -> refused(reason(failure)));
    }

    private Future<Void> apply(ConfigChange change) {
        change.next().warnings().forEach(warning -> LOG.warn("{}", warning));
        return target.apply(ServeConfig.from(change.next()), change).onSuccess(applied -> done(change));
    }

    private void done(ConfigChange change) {
        running = change.next();
        LOG.info(
                "Configuration reloaded: {}",
                change.changes().isEmpty()
                        ? "nothing changed"
                        : change.changes().stream()
                                .map(each -> each.key() + ": " + each.from() + " -> " + each.to())
                                .collect(Collectors.joining("; ")));
        String waiting = String.join(", ", change.waiting());
        warnings = waiting.isEmpty() ? List.of() : List.of("changed, but a restart is needed: " + waiting);
        warnings.forEach(warning -> LOG.warn("Configuration {}", warning));
    }

    private Future<Void> refused(String reason) {
        LOG.error("Configuration not reloaded, the gateway goes on with the one it has: {}", reason);
        warnings = List.of("not reloaded: " + reason);
        return Future.succeededFuture();
    }

    private static String reason(Throwable failure) {
        return failure instanceof ConfigException config
                ? config.problems().stream().map(Object::toString).collect(Collectors.joining("; "))
                : String.valueOf(failure.getMessage());
    }
}
