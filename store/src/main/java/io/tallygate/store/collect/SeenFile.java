package io.tallygate.store.collect;

/**
 * A file as it stands in a directory.
 *
 * @param name without directories; 1 to 255 characters
 * @param seen what tells it from another file of that name: sizes and times, of what goes with it too
 * @param arrived whether it is all there
 */
public record SeenFile(String name, String seen, boolean arrived) {}
