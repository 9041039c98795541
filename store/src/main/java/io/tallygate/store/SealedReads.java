package io.tallygate.store;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.function.Function;

/** Where sealed usage is read: on a replica, if there is one that has it; else on the primary. */
public final class SealedReads {
    private static final String SEALED_THROUGH = "select sealed_through from window_state";

    private final Database primary;
    private final Replica replica;

    private SealedReads(Database primary, Replica replica) {
        this.primary = primary;
        this.replica = replica;
    }

    /** All of it on the primary. */
    public static SealedReads of(Database primary) {
        return new SealedReads(primary, null);
    }

    /** What the replica has there. */
    public static SealedReads of(Database primary, Replica replica) {
        return new SealedReads(primary, replica);
    }

    /** The primary, for what else belongs to an answer. */
    public Database primary() {
        return primary;
    }

    /**
     * Reads what was reported before a time, which must be sealed.
     *
     * @param work may be done twice, since whatever goes wrong on the replica is done anew on the primary; it must read only
     *     what never changes once it is sealed
     */
    public <T> Future<T> read(Instant sealedThrough, Function<Reads, Future<T>> work) {
        return isReplicaAsked()
                ? replica.read(sealedThrough, work).recover(any -> work.apply(primary))
                : work.apply(primary);
    }

    /** Reads all that is sealed by now; {@code work} as for the other. */
    public <T> Future<T> readAll(Function<Reads, Future<T>> work) {
        return isReplicaAsked()
                ? primary.read(connection -> connection.query(SEALED_THROUGH).execute())
                        .map(rows -> Rows.instant(rows.iterator().next(), "sealed_through"))
                        .compose(through -> through == null ? work.apply(primary) : read(through, work))
                : work.apply(primary);
    }

    private boolean isReplicaAsked() {
        return replica != null && replica.isAsked();
    }
}
