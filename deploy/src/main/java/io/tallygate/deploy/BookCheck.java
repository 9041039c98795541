package io.tallygate.deploy;

import io.tallygate.routing.ledger.SelfCheck;
import io.vertx.core.Future;
import java.time.Duration;

/**
 * Runs the self-check again and again, first when an interval has passed. One that could not be made is made the next
 * time; the metric keeps telling the last one. At the start and after each check it warns of endpoints that are missing.
 */
final class BookCheck extends RepeatedWork {
    private final SelfCheck check;
    private final UnservedEndpoints unserved;

    /** Makes the check every {@code interval}; its observer is told. */
    BookCheck(SelfCheck check, UnservedEndpoints unserved, Duration interval) {
        super(interval);
        this.check = check;
        this.unserved = unserved;
    }

    @Override
    Future<Void> begin() {
        return warn();
    }

    @Override
    Future<Void> work() {
        return tried("check the books", check::check).compose(checked -> warn());
    }

    private Future<Void> warn() {
        return tried("look for endpoints that are missing", unserved::warn);
    }
}
