package io.tallygate.deploy;

import io.tallygate.routing.ledger.SharedCheck;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Looks ten times an interval whether the self-check is due and nobody else makes it, and tells what the last one found,
 * whoever made it. One that could not be made is made an interval later. At the start and after each check that was made
 * here it warns of endpoints that are missing.
 */
final class BookCheck extends RepeatedWork {
    private static final int LOOKS = 10;
    private static final Future<Void> NOTHING = Future.succeededFuture();

    private final SharedCheck check;
    private final UnservedEndpoints unserved;
    private final Consumer<SharedCheck.Found> told;
    private boolean warned;

    /** Looks for a check that is due once in an {@code interval}; {@code told} is what the last one found. */
    BookCheck(SharedCheck check, UnservedEndpoints unserved, Consumer<SharedCheck.Found> told, Duration interval) {
        super(Duration.ZERO, interval.dividedBy(LOOKS));
        this.check = check;
        this.unserved = unserved;
        this.told = told;
    }

    @Override
    Future<Void> work() {
        if (warned) {
            return look();
        }
        warned = true;
        return warn();
    }

    private Future<Void> look() {
        return tried("check the books", () -> check.checkIfDue().compose(made -> made ? warn() : NOTHING))
                .compose(looked -> tried("see what the last check of the books found", this::tell));
    }

    private Future<Void> tell() {
        return check.last().map(found -> {
            found.ifPresent(told);
            return null;
        });
    }

    private Future<Void> warn() {
        return tried("look for endpoints that are missing", unserved::warn);
    }
}
