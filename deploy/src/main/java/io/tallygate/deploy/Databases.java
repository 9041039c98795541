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
import java.util.function.Supplier;

/** The database and, if one is configured, its replica. */
record Databases(Database primary, Optional<Replica> replica) {
    /** Opens them; connections are made when needed. */
    static Databases open(Vertx vertx, ServeConfig config) {
        Database primary = Database.open(vertx, config.database());
        Optional<Replica> replica = config.replica().map(settings -> Replica.open(vertx, primary, settings));
        return new Databases(primary, replica);
    }

    /** Where sealed usage is read. */
    SealedReads sealed() {
        return replica.map(copy -> SealedReads.of(primary, copy)).orElseGet(() -> SealedReads.of(primary));
    }

    /** How many reads of sealed usage the replica had, by what became of them. */
    static Map<String, Supplier<Number>> counted(Replica copy) {
        return Map.of("answered", copy::answered, "notReplayed", copy::notReplayed, "failed", copy::failed);
    }

    /** What keeps the replica from being used: it is no problem, since the primary does its work. */
    List<String> warnings() {
        return replica.map(Replica::warnings).orElse(List.of());
    }

    /** Closes them; running work fails. */
    Future<Void> close() {
        return replica.map(Replica::close).orElseGet(Future::succeededFuture).eventually(primary::close);
    }
}
