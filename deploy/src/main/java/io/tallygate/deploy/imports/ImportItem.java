package io.tallygate.deploy.imports;

import io.vertx.core.buffer.Buffer;

/** One thing that a file holds, in the order in which it stands there. */
sealed interface ImportItem permits ImportItem.Event, ImportItem.Skipped, Refusal {
    /** The physical line of the file it starts on; the first is 1. */
    long line();

    /**
     * A usage record to post.
     *
     * @param json one CloudEvent as UTF-8, without a line feed
     */
    record Event(long line, Buffer json) implements ImportItem {}

    /**
     * Something that is no usage and is left out on purpose.
     *
     * @param reason why, for a person
     */
    record Skipped(long line, String reason) implements ImportItem {}
}
