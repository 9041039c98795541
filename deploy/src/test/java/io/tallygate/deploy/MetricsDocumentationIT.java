package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.gateway.admission.Admission;
import io.tallygate.gateway.admission.AdmissionConfig;
import io.tallygate.gateway.audit.Refusal;
import io.tallygate.gateway.http.ClientAddress;
import io.tallygate.gateway.http.ConnectionConfig;
import io.tallygate.gateway.http.Connections;
import io.tallygate.gateway.portal.PortalEvent;
import io.tallygate.routing.commerce.Outcome;
import io.tallygate.store.directory.SubscriptionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The README's metrics are those of the program. */
final class MetricsDocumentationIT {
    private static final Pattern TABLE =
            Pattern.compile("(?<=<!-- metrics -->\n).*(?=<!-- /metrics -->)", Pattern.DOTALL);
    private static final Pattern METRIC =
            Pattern.compile("# HELP (\\S+) (.*)\n# TYPE \\S+ (\\S+)\n\\S+?(?:\\{(.*)})? ");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=");

    @Test
    void theTableIsThatOfTheMetrics() throws IOException {
        Metrics metrics = new Metrics(Clock.systemUTC());
        everythingHappens(metrics);

        Matcher documented = TABLE.matcher(Files.readString(Path.of("README.md")));
        assertThat(documented.find()).isTrue();
        assertThat(documented.group()).isEqualTo(table(metrics.scrape()));
    }

    private static void everythingHappens(Metrics metrics) {
        metrics.admission(
                new Admission(AdmissionConfig.DEFAULT),
                new Connections(ConnectionConfig.DEFAULT, new ClientAddress(List.of())));
        metrics.endpoint("default");
        metrics.issuer(new FixedIssuer("https://login.example", Optional.empty(), 0, 0));
        metrics.balanced(null, Instant.EPOCH);
        metrics.composed("default", 1);
        metrics.attempted("default", Outcome.Accepted, 1, null);
        metrics.fenced("default", 1);
        metrics.setAside("default", "OutcomeUnknown", 1);
        metrics.breaker("default", "open");
        metrics.paused("default", Instant.MAX, "no");
        metrics.held("default", new SubscriptionId(new UUID(1, 1)), "no");
        metrics.refused(new Refusal(403, "notYours", Optional.empty(), "::1"));
        metrics.replica(Map.of("answered", () -> 1));
        metrics.portal(PortalEvent.SIGNED_IN);
        metrics.expiring("default", 1, Duration.ofHours(1));
    }

    private static String table(String scraped) {
        Map<String, String> rows = new TreeMap<>();
        METRIC.matcher(scraped).results().forEach(found -> rows.put(found.group(1), row(found)));
        assertThat(rows).hasSize((int)
                scraped.lines().filter(line -> line.startsWith("# TYPE")).count());
        return rows.values().stream()
                .collect(Collectors.joining("", "| metric | type | labels | what it is |\n|---|---|---|---|\n", ""));
    }

    private static String row(MatchResult found) {
        String labels = found.group(4) == null
                ? ""
                : LABEL.matcher(found.group(4))
                        .results()
                        .map(label -> "`" + label.group(1) + "`")
                        .collect(Collectors.joining(", "));
        return "| `" + found.group(1) + "` | " + found.group(3) + " | " + labels + " | " + found.group(2) + " |\n";
    }
}
