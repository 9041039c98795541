package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.deploy.observe.Metrics;
import io.tallygate.deploy.observe.MetricsRegistry;
import io.tallygate.routing.commerce.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MetricsTest {
    private static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");

    private final Clock clock = new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    };
    private final Metrics metrics = new Metrics(MetricsRegistry.create(), clock);
    private Instant now = NOON;

    @Test
    void eventsAreCountedByEndpointAndOutcome() {
        metrics.delivery().attempted("default", Outcome.Accepted, 25, null);
        metrics.delivery().attempted("default", Outcome.Accepted, 5, null);
        metrics.delivery().attempted("default", Outcome.Duplicate, 1, null);
        metrics.delivery().attempted("other", Outcome.Accepted, 2, null);

        assertThat(metrics.scrape().lines())
                .contains(
                        "tallygate_delivery_attempts_total{endpoint=\"default\",outcome=\"Accepted\"} 30.0",
                        "tallygate_delivery_attempts_total{endpoint=\"default\",outcome=\"Duplicate\"} 1.0",
                        "tallygate_delivery_attempts_total{endpoint=\"other\",outcome=\"Accepted\"} 2.0");
    }

    @Test
    void aBreakerIsOpenUntilItChanges() {
        metrics.delivery().endpoint("default");
        assertThat(metrics.scrape()).contains("tallygate_delivery_breaker_open{endpoint=\"default\"} 0.0");

        metrics.delivery().breaker("default", "open");
        assertThat(metrics.scrape()).contains("tallygate_delivery_breaker_open{endpoint=\"default\"} 1.0");

        metrics.delivery().breaker("default", "half_open");
        assertThat(metrics.scrape()).contains("tallygate_delivery_breaker_open{endpoint=\"default\"} 0.0");
    }

    @Test
    void aPauseEndsByItself() {
        metrics.delivery().endpoint("default");
        metrics.delivery().paused("default", NOON.plusSeconds(60), "401");
        assertThat(metrics.scrape()).contains("tallygate_delivery_paused{endpoint=\"default\"} 1.0");

        now = NOON.plusSeconds(60);
        assertThat(metrics.scrape()).contains("tallygate_delivery_paused{endpoint=\"default\"} 0.0");
    }

    @Test
    void anIssuersKeysHaveAnAgeOnceTheyAreThere() {
        metrics.access().issuers(List.of(new FixedIssuer("https://gone.example", Optional.empty(), 1, 1)));
        metrics.access()
                .issuers(List.of(
                        new FixedIssuer("https://a.example", Optional.empty(), 3, 3),
                        new FixedIssuer("https://b.example/{tenantId}", Optional.of(Duration.ofMillis(90_500)), 7, 2)));

        assertThat(metrics.scrape().lines())
                .contains(
                        "tallygate_issuer_keys_age_seconds{issuer=\"https://a.example\"} NaN",
                        "tallygate_issuer_keys_age_seconds{issuer=\"https://b.example/{tenantId}\"} 90.5",
                        "tallygate_issuer_fetches_total{issuer=\"https://b.example/{tenantId}\"} 7.0",
                        "tallygate_issuer_fetches_failed_total{issuer=\"https://a.example\"} 3.0",
                        "tallygate_issuer_fetches_failed_total{issuer=\"https://b.example/{tenantId}\"} 2.0");
    }

    @Test
    void nothingIsSaidOfTheBooksBeforeTheyAreChecked() {
        assertThat(metrics.scrape()).doesNotContain("reconciliation");

        metrics.books().balanced(null, now);
        assertThat(metrics.scrape()).contains("tallygate_reconciliation_balanced 1.0");

        now = NOON.plusSeconds(3600);
        metrics.books().unbalanced(null, List.of("a difference"), now);
        assertThat(metrics.scrape())
                .contains("tallygate_reconciliation_balanced 0.0")
                .contains("tallygate_reconciliation_checked_seconds " + (double) now.getEpochSecond());
    }
}
