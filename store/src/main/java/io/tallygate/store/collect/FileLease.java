package io.tallygate.store.collect;

/**
 * A file that is this gateway's for a while.
 *
 * @param seen how it looks, as the directory was read last
 * @param token of this lease
 * @param attempts how often it was claimed since it looks like that, this time included
 */
public record FileLease(String source, String name, String seen, long token, int attempts) {}
