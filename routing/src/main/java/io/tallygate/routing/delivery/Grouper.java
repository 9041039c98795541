package io.tallygate.routing.delivery;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;

/** Puts waiting rows of one endpoint into events, a bounded number in each transaction, payer by payer in turn. */
interface Grouper {
    /**
     * What came of one transaction.
     *
     * @param events made
     * @param exhausted whether nothing more is due at this moment
     */
    record Progress(int events, boolean exhausted) {}

    /** Composes some of what is due. The caller holds the endpoint's lock. */
    Future<Progress> composeSome(SqlConnection transaction, Moment moment);

    /** Forgets what it found to have nothing due. */
    void lookAgain();
}
