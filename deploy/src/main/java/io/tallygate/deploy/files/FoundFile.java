package io.tallygate.deploy.files;

import io.tallygate.gateway.collect.FileFormat;
import io.tallygate.store.collect.SeenFile;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/**
 * A file of usage that stands in a directory.
 *
 * @param name without directories; clean text
 * @param attributes of itself
 * @param companions what goes with it, as far as it is there: the done-marker, and a file with its checksum
 * @param arrived whether it is all there
 * @param seen what tells it from another file of that name
 */
record FoundFile(
        String name,
        Path path,
        FileFormat format,
        BasicFileAttributes attributes,
        List<Path> companions,
        boolean arrived,
        String seen) {

    /** As the store wants to know it. */
    SeenFile told() {
        return new SeenFile(name, seen, arrived);
    }

    /** Whether these are the attributes of the same file, unchanged. */
    boolean isStill(BasicFileAttributes now) {
        return now.size() == attributes.size() && now.lastModifiedTime().equals(attributes.lastModifiedTime());
    }
}
