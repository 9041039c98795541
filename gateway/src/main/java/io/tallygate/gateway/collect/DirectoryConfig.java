package io.tallygate.gateway.collect;

import java.nio.file.Path;
import java.util.Optional;

/**
 * One configured directory in which files of usage arrive.
 *
 * @param name lower-case letters, digits and hyphens; part of the identity of what is collected, so it never changes
 * @param registration name or resource id of the registration whose usage it is
 * @param path of the directory; those below it are not looked into
 * @param format of all files in it; if it is left out, of each by the end of its name
 * @param doneMarker what the name of the file ends with, behind that of a file, that says that it is all there; without it
 *     that follows from the file's name
 * @param takenInto the directory to which files go that are taken, in the same file system; else they stay
 */
public record DirectoryConfig(
        String name,
        String registration,
        Path path,
        Optional<FileFormat> format,
        Optional<String> doneMarker,
        Optional<Path> takenInto)
        implements ConfiguredSource {}
