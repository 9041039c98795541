package io.tallygate.gateway.collect;

import static io.tallygate.gateway.collect.ScriptedSource.answer;
import static io.tallygate.gateway.collect.ScriptedSource.page;
import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallygate.gateway.collect.ScriptedSource.Asked;
import io.tallygate.gateway.testing.TestCertificate;
import io.tallygate.store.aggregate.AggregationGranularity;
import io.tallygate.store.directory.SubscriptionId;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A window of a stamp is asked for under each of its providers. */
class StampProvidersIT {
    private static final TestCertificate CERTIFICATE = TestCertificate.create();
    private static final UUID OPERATOR = new UUID(0, 1);
    private static final UUID SECOND = new UUID(0, 7);
    private static final UUID THIRD = new UUID(0, 8);
    private static final UsageWindow WINDOW =
            new UsageWindow(Instant.parse("2026-11-20T12:00:00Z"), Instant.parse("2026-11-20T13:00:00Z"));

    private final Vertx vertx = Vertx.vertx();
    private final ScriptedSource stamp = new ScriptedSource(vertx, CERTIFICATE);
    // The rows of the pages under each provider; then the provider of each subscription that is listed.
    private final Map<UUID, List<String>> usage = new ConcurrentHashMap<>(
            Map.of(OPERATOR, List.of("1", "2"), SECOND, List.of("3", "4"), THIRD, List.of("5")));
    private volatile List<UUID> providers = List.of(OPERATOR, THIRD, SECOND, OPERATOR, THIRD);

    @TempDir
    private Path directory;

    @BeforeEach
    void start() throws Exception {
        Files.writeString(directory.resolve("token"), "t");
        stamp.says(this::answerAsStamp);
    }

    @AfterEach
    void stop() {
        stamp.close();
        await(vertx.close());
    }

    private void answerAsStamp(HttpServerRequest request) {
        if (request.path().endsWith("/subscriptions")) {
            List<String> rows = new ArrayList<>();
            for (UUID provider : providers) {
                rows.add("{\"subscriptionId\":\"" + new UUID(2, rows.size()) + "\",\"tenantId\":\"" + OPERATOR
                        + "\",\"delegatedProviderSubscriptionId\":\"" + provider + "\"}");
            }
            page(String.join(",", rows), "").answer(request);
            return;
        }
        List<String> pages = usage.get(UUID.fromString(request.path().split("/", -1)[2]));
        if (pages == null) {
            answer(403, "{}").answer(request);
            return;
        }
        String token = request.getParam("continuationToken");
        int page = token == null ? 0 : Integer.parseInt(token);
        page(pages.get(page), page + 1 < pages.size() ? ",\"nextLink\":\"" + (page + 1) + "\"" : "")
                .answer(request);
    }

    private CollectSource source(UUID... without) {
        SourceConfig config = new SourceConfig(
                "stamp",
                "registration",
                AggregationGranularity.Hourly,
                Duration.ZERO,
                Optional.empty(),
                2,
                Duration.ofSeconds(30),
                Optional.of(CERTIFICATE.certificatePem()),
                new SourceOrigin.Stamp(
                        SourceType.azureStackHub,
                        URI.create(stamp.url()),
                        new SubscriptionId(OPERATOR),
                        new SourceAccess.TokenFile(directory.resolve("token")),
                        Set.copyOf(List.of(without).stream()
                                .map(SubscriptionId::new)
                                .toList())));
        return CollectSources.of(vertx, config, new SubscriptionId(OPERATOR));
    }

    // The rows, and "|" where another listing begins.
    private static String read(CollectSource source, UsageWindow window) {
        StringBuilder rows = new StringBuilder();
        FollowedLinks followed = new FollowedLinks(100);
        Optional<String> next = Optional.empty();
        do {
            SourcePage page = followed.once(await(source.page(window, next)));
            rows.append(page.beginsAnew() ? "|" : "");
            page.rows().forEach(rows::append);
            next = page.next();
        } while (next.isPresent());
        return rows.toString();
    }

    private long listings() {
        return stamp.asked().stream()
                .map(Asked::uri)
                .filter(uri -> uri.contains("/subscriptions?"))
                .count();
    }

    @Test
    void theOperatorsPagesAreFirstThenThoseOfEachProviderToTheirEnd() {
        assertThat(read(source(), WINDOW)).isEqualTo("12|34|5");
    }

    @Test
    void whoMayNotBeReadIsNamedUnlessItIsLeftOut() {
        usage.remove(SECOND);
        assertThatThrownBy(() -> read(source(), WINDOW))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("delegated provider's subscription " + SECOND)
                .hasMessageContaining("403");
        assertThat(read(source(SECOND), WINDOW)).isEqualTo("12|5");
        assertThat(await(source(SECOND).subscriptions())).hasSize(4);
    }

    @Test
    void providersAreAskedForAgainForUsageOfATimeAfterThat() {
        CollectSource source = source();
        read(source, WINDOW);
        read(source, WINDOW);
        assertThat(listings()).isEqualTo(1);
        providers = List.of(OPERATOR, THIRD);
        read(source, new UsageWindow(WINDOW.from(), Instant.now().plusSeconds(3600)));
        assertThat(listings()).isGreaterThan(1);
        assertThat(read(source, WINDOW)).isEqualTo("12|5");
    }

    @Test
    void aWindowBeginsAnewIfProvidersChangeInIt() {
        CollectSource source = source();
        SourcePage page = await(source.page(WINDOW, Optional.empty()));
        page = await(source.page(WINDOW, page.next()));
        page = await(source.page(WINDOW, page.next()));
        Optional<String> next = page.next();
        providers = List.of(OPERATOR, THIRD);
        await(source.subscriptions());
        assertThatThrownBy(() -> await(source.page(WINDOW, next)))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("changed");
        assertThat(read(source, WINDOW)).isEqualTo("12|5");
    }
}
