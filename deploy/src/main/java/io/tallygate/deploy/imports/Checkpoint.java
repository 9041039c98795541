package io.tallygate.deploy.imports;

import java.util.List;
import java.util.Map;

/**
 * How far the import of a file has come.
 *
 * @param records how many of its records are durable
 * @param complete whether the file is done
 * @param totals how many of those records had each outcome
 * @param refusals the first of those that were not taken
 * @param errorsBytes the length of the file of all refusals by then
 */
record Checkpoint(long records, boolean complete, Map<String, Long> totals, List<Refusal> refusals, long errorsBytes) {
    /** Nothing is done yet. */
    static final Checkpoint NONE = new Checkpoint(0, false, Map.of(), List.of(), 0);
}
