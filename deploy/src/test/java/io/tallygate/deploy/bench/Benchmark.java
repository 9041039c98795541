package io.tallygate.deploy.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The program behind {@code deploy/bench/run}. */
@Command(
        name = "deploy/bench/run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures the gateway against Postgres's own tools, on this machine, in one run. Everything counts as a ratio to"
                    + " a floor that is measured in turn with it. What comes out is printed, and written to bench.json and"
                    + " bench.html in deploy/bench/target."
        })
public final class Benchmark implements Callable<Integer> {
    @Option(names = "--rows", paramLabel = "N", description = "daily aggregates to load (default: 2000000)")
    private Long rows;

    @Option(names = "--rounds", paramLabel = "N", description = "rounds after the one that warms up (default: 5)")
    private Integer rounds;

    @Option(
            names = "--only",
            paramLabel = "GROUP",
            split = ",",
            description = "only these groups of lines: ${COMPLETION-CANDIDATES}",
            completionCandidates = BenchGroups.Names.class)
    private List<String> only = List.of();

    @Option(names = "--quick", description = "100000 rows, 3 rounds, fewer clients: a look, not a result")
    private boolean quick;

    @Option(names = "--growth", description = "also streams and page 1 over 10^5, 10^6 and 10^7 rows")
    private boolean growth;

    @Option(names = "--heap", paramLabel = "SIZE", description = "the gateway's -Xmx (default: ${DEFAULT-VALUE})")
    private String heap = "256m";

    @Option(
            names = "--profile",
            description = "record the gateways with JFR, and say what costs most; figures are lower")
    private boolean profile;

    @Option(names = "--jar", paramLabel = "FILE", hidden = true, required = true)
    private Path jar;

    @Option(names = "--target", paramLabel = "DIR", hidden = true, required = true)
    private Path target;

    @Spec
    private CommandSpec spec;

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private final Progress progress = new Progress(new PrintStream(System.err, true, StandardCharsets.UTF_8));

    /** Runs it. */
    public static void main(String[] arguments) {
        // Threads of libraries must not keep it alive.
        System.exit(new CommandLine(new Benchmark()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        String missing = Tools.missing(System.getenv().getOrDefault("PATH", ""));
        if (!missing.isEmpty()) {
            out.println(missing);
            return CommandLine.ExitCode.SOFTWARE;
        }
        BenchGroups groups = new BenchGroups(
                quick,
                growth || only.contains(GrowthLines.NAME),
                target.resolveSibling("peer").resolve("run"),
                progress);
        List<Group> chosen;
        try {
            chosen = groups.chosen(only);
        } catch (IllegalArgumentException unknown) {
            throw new CommandLine.ParameterException(spec.commandLine(), unknown.getMessage(), unknown);
        }
        WorkDirectory work = WorkDirectory.fresh(target);
        try (BenchServer server = BenchServer.start(work.path(), Machine.sharedBuffersMb());
                BenchIdentity identity = BenchIdentity.start(work.path().resolve("identity"))) {
            long asked = rows != null ? rows : quick ? 100_000 : 2_000_000;
            Site site = new Site(
                    work.path(),
                    jar,
                    server,
                    identity,
                    World.of(asked, 2.5, Instant.now()),
                    List.of("-Xmx" + heap),
                    profile);
            server.create(Site.DATABASE);
            new Load(server, progress).load(Site.DATABASE, site.world());
            report(measure(site, chosen));
        } finally {
            work.delete();
        }
        return CommandLine.ExitCode.OK;
    }

    private Run measure(Site site, List<Group> groups) throws IOException {
        Rounds counted = new Rounds(rounds != null ? rounds : quick ? 3 : 5, progress);
        List<Line> lines = new ArrayList<>();
        Map<String, String> missing = new LinkedHashMap<>();
        for (Group group : groups) {
            try {
                List<Line> measured = group.measure(site, counted);
                out.println(TableReport.of(measured));
                lines.addAll(measured);
            } catch (Group.Unavailable unavailable) {
                out.println(group.name() + ": not measured: " + unavailable.getMessage() + "\n");
                missing.put(group.name(), unavailable.getMessage());
            }
            profile(site, group);
        }
        return new Run(facts(site), lines, missing);
    }

    private void profile(Site site, Group group) throws IOException {
        List<Path> recordings;
        try (Stream<Path> files = Files.list(site.directory())) {
            recordings = files.filter(file -> file.toString().endsWith(".jfr")).toList();
        }
        if (recordings.isEmpty()) {
            return;
        }
        HotMethods hot = new HotMethods();
        for (Path recording : recordings) {
            hot.add(recording);
            Files.delete(recording);
        }
        Files.writeString(target.resolve("profile-" + group.name() + ".txt"), hot.text());
        out.println("Profile of " + group.name() + ": " + hot.text());
    }

    private Map<String, String> facts(Site site) throws IOException {
        Map<String, String> facts = new LinkedHashMap<>(Machine.describe());
        facts.put("postgres", site.server().ask(Site.DATABASE, "select version()"));
        facts.put("shared_buffers", site.server().sharedBuffersMb() + " MB");
        BenchServer.SETTINGS.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(setting -> facts.put(setting.getKey(), setting.getValue()));
        facts.put("gateway", "java " + String.join(" ", site.jvmOptions()));
        facts.put(
                "rows",
                Numbers.short3(site.world().dailyRows()) + " daily aggregates, " + World.SUBSCRIPTIONS
                        + " subscriptions and " + World.SMALL + " small ones, " + World.DAYS + " days");
        facts.put("when", Instant.now().toString());
        return facts;
    }

    private void report(Run run) throws IOException {
        Files.writeString(target.resolve("bench.json"), JsonReport.of(run));
        Files.writeString(target.resolve("bench.html"), HtmlReport.of(run));
        out.println(TableReport.of(run.lines()));
        out.println("Written: " + target.resolve("bench.json") + ", " + target.resolve("bench.html"));
    }
}
