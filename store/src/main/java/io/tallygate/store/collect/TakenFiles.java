package io.tallygate.store.collect;

/**
 * The files of a source that usage was taken from.
 *
 * @param files with different contents
 * @param skipped rows that are no usage
 * @param counts of all of them; the rows that are no usage are among the rows
 */
public record TakenFiles(String source, long files, long skipped, CollectCounts counts) {}
