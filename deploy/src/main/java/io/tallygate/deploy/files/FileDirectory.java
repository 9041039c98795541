package io.tallygate.deploy.files;

import io.tallygate.gateway.collect.DirectoryConfig;
import io.tallygate.gateway.collect.FileFormat;
import io.tallygate.gateway.http.WireText;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What stands in a configured directory. Only files in it are looked at, and no link is followed: what a stranger can put
 * there leads nowhere else. Everything blocks.
 */
final class FileDirectory {
    /** A file of this name with this behind it has its checksum, as {@code sha256sum} writes it. */
    static final String CHECKSUM = ".sha256";

    private static final List<String> PARTIAL = List.of(".tmp", ".part", ".partial");
    private static final int LONGEST_NAME = 255;
    private static final char UNREADABLE = '\uFFFD';

    private final DirectoryConfig config;

    FileDirectory(DirectoryConfig config) {
        this.config = config;
    }

    /**
     * What is there.
     *
     * @param files of usage, the oldest first
     * @param others the names of those that are not, but for hidden ones; as they are, so that they may hold anything
     */
    record Listing(List<FoundFile> files, List<String> others) {}

    /** Reads the directory. */
    Listing list() throws IOException {
        List<FoundFile> files = new ArrayList<>();
        List<String> others = new ArrayList<>();
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(config.path())) {
            for (Path path : paths) {
                String name = String.valueOf(path.getFileName());
                if (!name.startsWith(".") && !isCompanion(name)) {
                    find(name).ifPresentOrElse(files::add, () -> others.add(name));
                }
            }
        }
        files.sort(Comparator.comparing((FoundFile file) -> file.attributes().lastModifiedTime())
                .thenComparing(FoundFile::name));
        others.sort(Comparator.naturalOrder());
        return new Listing(List.copyOf(files), List.copyOf(others));
    }

    /** The file of usage of that name; empty if there is none. */
    Optional<FoundFile> find(String name) throws IOException {
        Optional<FileFormat> format = format(name);
        Path path = config.path().resolve(name);
        Optional<BasicFileAttributes> attributes = format.isEmpty() ? Optional.empty() : file(path);
        if (attributes.isEmpty()) {
            return Optional.empty();
        }
        List<Path> companions = new ArrayList<>();
        StringBuilder seen = new StringBuilder(look(attributes.get()));
        boolean marked = config.doneMarker().isEmpty();
        for (String ending : companionEndings()) {
            Path companion = config.path().resolve(name + ending);
            Optional<BasicFileAttributes> its = file(companion);
            seen.append(' ').append(its.map(FileDirectory::look).orElse("-"));
            if (its.isPresent()) {
                companions.add(companion);
                marked |= config.doneMarker().filter(ending::equals).isPresent();
            }
        }
        return Optional.of(new FoundFile(
                name,
                path,
                format.get(),
                attributes.get(),
                List.copyOf(companions),
                marked && !isPartial(name),
                seen.toString()));
    }

    /**
     * Puts a file that is taken where such files go, with what goes with it. That goes first: a marker that is left behind
     * would say of the next file of that name that it is all there.
     *
     * @throws IOException if it cannot be moved; it is harmless to try again
     */
    void moveAway(FoundFile file) throws IOException {
        if (find(file.name()).filter(now -> now.seen().equals(file.seen())).isEmpty()) {
            return;
        }
        for (Path companion : file.companions()) {
            move(companion);
        }
        Optional<Path> moved = move(file.path());
        // In between another one may have been put in its place, which nobody has read.
        if (moved.isPresent() && file(moved.get()).filter(file::isStill).isEmpty() && !Files.exists(file.path())) {
            Files.move(moved.get(), file.path());
        }
    }

    // Empty if somebody else was faster.
    private Optional<Path> move(Path path) throws IOException {
        Path target = free(config.takenInto().orElseThrow().resolve(path.getFileName()));
        try {
            return Optional.of(Files.move(path, target, StandardCopyOption.ATOMIC_MOVE));
        } catch (NoSuchFileException gone) {
            if (Files.isDirectory(config.takenInto().get())) {
                return Optional.empty();
            }
            throw gone;
        }
    }

    private static Path free(Path wanted) {
        Path free = wanted;
        for (int i = 1; Files.exists(free, LinkOption.NOFOLLOW_LINKS); i++) {
            free = wanted.resolveSibling(wanted.getFileName() + "." + i);
        }
        return free;
    }

    private Optional<FileFormat> format(String name) {
        if (name.length() > LONGEST_NAME || !WireText.isClean(name) || name.indexOf(UNREADABLE) >= 0) {
            return Optional.empty();
        }
        return config.format().or(() -> FileFormat.of(finalName(name)));
    }

    private static boolean isPartial(String name) {
        return PARTIAL.stream().anyMatch(name.toLowerCase(Locale.ROOT)::endsWith);
    }

    // The name that a partial file will have.
    private static String finalName(String name) {
        return isPartial(name) ? name.substring(0, name.lastIndexOf('.')) : name;
    }

    private boolean isCompanion(String name) {
        return companionEndings().stream().anyMatch(name::endsWith);
    }

    private List<String> companionEndings() {
        return Stream.concat(config.doneMarker().stream(), Stream.of(CHECKSUM))
                .distinct()
                .toList();
    }

    private static String look(BasicFileAttributes attributes) {
        return attributes.size() + "@" + attributes.lastModifiedTime().toMillis();
    }

    // Links and whatever else is no plain file are as if they were not there.
    private static Optional<BasicFileAttributes> file(Path path) throws IOException {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return attributes.isRegularFile() ? Optional.of(attributes) : Optional.empty();
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        }
    }
}
