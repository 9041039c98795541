package io.tallygate.store.collect;

/**
 * What is in a file, as the store knows it.
 *
 * @param name under which it is stored, whatever the file's name is
 * @param collected whether all of it is stored already
 */
public record FileContent(String name, boolean collected) {}
