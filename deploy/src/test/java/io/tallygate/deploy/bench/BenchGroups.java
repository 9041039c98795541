package io.tallygate.deploy.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** All groups of lines, in the order in which they are measured. */
final class BenchGroups {
    private final List<Group> groups = new ArrayList<>();

    /** For a quick look or a full run. */
    BenchGroups(boolean quick, boolean growth, Path peer, Progress progress) {
        int seconds = quick ? 1 : 2;
        groups.add(new StreamLines());
        groups.add(new PageLines(quick ? List.of(1, 32) : List.of(1, 8, 32, 64), seconds));
        groups.add(new WallLines(seconds));
        groups.add(new SummaryLines(seconds));
        groups.add(new OverloadLines(quick ? 4 : 15));
        groups.add(new MemoryLines(quick ? 16 : 64));
        groups.add(new IngestLines(quick ? 50_000 : 200_000));
        groups.add(new SealingLines(quick ? 100_000 : 1_000_000));
        groups.add(new CollectLines(quick ? 200_000 : 3_000_000));
        groups.add(new ScalingLines(quick ? 40_000 : 200_000, seconds));
        groups.add(new StartLines());
        groups.add(new PeerLines(peer, seconds));
        if (growth) {
            groups.add(new GrowthLines(progress, seconds));
        }
    }

    /** Those of these names; all if none is named. */
    List<Group> chosen(List<String> names) {
        for (String name : names) {
            if (groups.stream().noneMatch(group -> group.name().equals(name))) {
                throw new IllegalArgumentException("There is no group `" + name + "`");
            }
        }
        return groups.stream()
                .filter(group -> names.isEmpty() || names.contains(group.name()))
                .toList();
    }

    /** The names, for the help. */
    static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return new BenchGroups(false, true, Path.of("peer"), new Progress(System.err))
                    .groups.stream().map(Group::name).iterator();
        }
    }
}
