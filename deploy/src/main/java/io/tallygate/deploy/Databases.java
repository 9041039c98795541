package io.tallygate.deploy;

import io.tallygate.deploy.config.ServeConfig;
import io.tallygate.store.Database;
import io.tallygate.store.Replica;
import io.tallygate.store.SealedReads;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The database and, if one is configured, its replica. */
record Databases(Database primary, Optional<Replica> replica) {
    /** Opens them; connections are made when needed. */
    static Databases open(Vertx vertx, ServeConfig config, Metrics metrics) {
        Database primary = Database.open(vertx, config.database());
        Optional<Replica> replica = config.replica().map(settings -> Replica.open(vertx, primary, settings));
        replica.ifPresent(copy -> metrics.replica(
                Map.of("answered", copy::answered, "notReplayed", copy::notReplayed, "failed", copy::failed)));
        return new Databases(primary, replica);
    }

    /** Where sealed usage is read. */
    SealedReads sealed() {
        return replica.map(copy -> SealedReads.of(primary, copy)).orElseGet(() -> SealedReads.of(primary));
    }

    /** These warnings, and what keeps the replica from being used: it is no problem, since the primary does its work. */
    List<String> warnings(List<String> others) {
        return Stream.concat(
                        others.stream(), replica.map(Replica::warnings).stream().flatMap(List::stream))
                .toList();
    }

    /** Closes them; running work fails. */
    Future<Void> close() {
        return replica.map(Replica::close).orElseGet(Future::succeededFuture).eventually(primary::close);
    }
}
