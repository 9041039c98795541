package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.azure.core.credential.AccessToken;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpPipeline;
import com.azure.core.http.HttpPipelineBuilder;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.http.policy.AddHeadersFromContextPolicy;
import com.azure.core.http.policy.RequestIdPolicy;
import com.azure.core.http.policy.RetryPolicy;
import com.azure.core.http.policy.UserAgentPolicy;
import com.azure.core.http.rest.PagedFlux;
import com.azure.core.http.rest.PagedIterable;
import com.azure.core.http.rest.PagedResponse;
import com.azure.core.http.rest.PagedResponseBase;
import com.azure.core.http.rest.Response;
import com.azure.core.http.rest.RestProxy;
import com.azure.core.management.exception.ManagementException;
import com.azure.core.management.http.policy.ArmChallengeAuthenticationPolicy;
import com.azure.core.management.serializer.SerializerFactory;
import com.azure.core.util.Context;
import io.tallygate.deploy.UsageAggregatesService.UsageAggregation;
import io.tallygate.deploy.UsageAggregatesService.UsageAggregationListResult;
import io.tallygate.deploy.testing.TestEvent;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.deploy.testing.TestWorld;
import io.tallygate.gateway.auth.Role;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.TestPostgres;
import java.math.BigDecimal;
import java.net.http.HttpClient;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** What an application sees that uses the Azure SDK for Java: its own pipeline, paging and exceptions, over TLS. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AzureSdkIT {
    private static final int ROWS = 2_345;
    private static final String API_VERSION = "2015-06-01-preview";

    private final TenantId tenant = new TenantId(UUID.randomUUID());
    private final Instant today = Instant.now().truncatedTo(ChronoUnit.DAYS);
    private final OffsetDateTime start = today.minus(1, ChronoUnit.DAYS).atOffset(ZoneOffset.UTC);
    private final OffsetDateTime end = today.atOffset(ZoneOffset.UTC);
    private TestGateway gateway;
    private SubscriptionId subscription;
    private UsageAggregatesService service;
    private ManagementException notSealedYet;

    @BeforeAll
    void loadUsage() {
        // It warns of each request that Java's own client sets Content-Length itself.
        ((Logger) LoggerFactory.getLogger("com.azure")).setLevel(Level.ERROR);
        gateway = TestGateway.paused(TestPostgres.fresh());
        service = service(TestIdentity.get().token(tenant, Role.USAGE_READ));
        TestWorld world = new TestWorld(gateway);
        world.registration(UUID.randomUUID(), "north");
        subscription = world.subscription(tenant);
        String lines = IntStream.rangeClosed(1, ROWS)
                .mapToObj(i -> TestEvent.of(Integer.toString(i), subscription, start.toInstant())
                        .raw("data.quantity", i + ".000000000000001")
                        .line())
                .collect(Collectors.joining());
        assertThat(world.post(lines, true).path("Accepted").asInt()).isEqualTo(ROWS);
        notSealedYet = refusal(() -> pages(start, end, "Daily"));
        gateway.startBackgroundWork();
        world.sealThrough(today);
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @Test
    void listsEveryRowOnceOverSeveralPages() {
        List<PagedResponse<UsageAggregation>> pages = pages(start, end, "Daily");
        assertThat(pages).extracting(page -> page.getValue().size()).containsExactly(1000, 1000, ROWS - 2000);
        assertThat(pages).extracting(PagedResponse::getStatusCode).containsOnly(200);
        assertThat(pages.get(0).getContinuationToken()).startsWith(gateway.url() + "/subscriptions/" + subscription);
        assertThat(pages.get(2).getContinuationToken()).isNull();

        List<UsageAggregation> rows =
                pages.stream().flatMap(page -> page.getValue().stream()).toList();
        assertThat(rows).extracting(UsageAggregation::name).doesNotHaveDuplicates();
        assertThat(rows)
                .extracting(row -> row.properties().quantity())
                .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, ROWS)
                        .mapToObj(i -> new BigDecimal(i + ".000000000000001"))
                        .toList());
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.type()).isEqualTo("Microsoft.Commerce/UsageAggregate");
            assertThat(row.properties().subscriptionId()).isEqualTo(subscription.toString());
            assertThat(row.properties().meterId()).isEqualTo(TestWorld.CORE_HOURS);
            assertThat(row.properties().usageStartTime()).isEqualTo(start);
            assertThat(row.properties().usageEndTime()).isEqualTo(end);
            assertThat(row.properties().instanceData()).contains("\"resourceUri\"", "\"location\"");
        });
        assertThat(list(start, end, "Daily")).as("asked again, row by row").containsExactlyElementsOf(rows);
    }

    @Test
    void takesTimesInAnyOffset() {
        OffsetDateTime there = start.withOffsetSameInstant(ZoneOffset.ofHours(2));
        OffsetDateTime elsewhere = end.withOffsetSameInstant(ZoneOffset.ofHours(-4));
        assertThat(list(there, elsewhere, "Hourly")).hasSize(ROWS);
    }

    @Test
    void errorsCarryTheirCodeAndMessage() {
        ManagementException notMidnight = refusal(() -> pages(start.plusHours(1), end, "Daily"));
        assertThat(notMidnight.getResponse().getStatusCode()).isEqualTo(400);
        assertThat(notMidnight.getValue().getCode()).isEqualTo("InvalidProperty");
        assertThat(notMidnight.getValue().getMessage()).contains("`reportedStartTime` must be midnight in UTC");
        assertThat(refusal(() -> pages(start, end, "Monthly")).getValue().getCode())
                .isEqualTo("InvalidAggregationGranularity");
        assertThat(refusal(() -> pages(start, end.plusDays(30), "Daily"))
                        .getValue()
                        .getCode())
                .isEqualTo("RequestEndTimeIsInFuture");
    }

    @Test
    void aForeignSubscriptionAndABadTokenAreRefused() {
        UsageAggregatesService stranger =
                service(TestIdentity.get().token(new TenantId(UUID.randomUUID()), Role.USAGE_READ));
        ManagementException foreign = refusal(() -> pages(stranger, start, end, "Daily"));
        assertThat(foreign.getResponse().getStatusCode()).isEqualTo(403);
        assertThat(foreign.getValue().getCode()).isEqualTo("AuthorizationFailed");

        ManagementException bad = refusal(() -> pages(service("no.token.this"), start, end, "Daily"));
        assertThat(bad.getResponse().getStatusCode()).isEqualTo(401);
        assertThat(bad.getValue().getCode()).isEqualTo("InvalidAuthenticationToken");
    }

    @Test
    void aLinkThatWasTamperedWithIsRefused() {
        String link = pages(start, end, "Daily").get(0).getContinuationToken();
        ManagementException forged = refusal(() -> next(service, link.substring(0, link.length() - 1)));
        assertThat(forged.getResponse().getStatusCode()).isEqualTo(400);
        assertThat(forged.getValue().getMessage()).contains("continuationToken");
    }

    @Test
    void aWindowThatIsNotSealedYetIsNoEmptyList() {
        assertThat(notSealedYet.getResponse().getStatusCode()).isEqualTo(202);
        assertThat(notSealedYet.getValue().getCode()).isEqualTo("ProcessingNotCompleted");
        assertThat(notSealedYet.getResponse().getHeaders().getValue(HttpHeaderName.RETRY_AFTER))
                .isEqualTo("60");
    }

    @Test
    void theRequestIdOfTheSdkComesBack() {
        PagedResponse<UsageAggregation> page = pages(start, end, "Daily").get(0);
        assertThat(page.getHeaders().getValue(HttpHeaderName.X_MS_CLIENT_REQUEST_ID))
                .isEqualTo(page.getRequest().getHeaders().getValue(HttpHeaderName.X_MS_CLIENT_REQUEST_ID));
        assertThat(page.getHeaders().getValue(HttpHeaderName.X_MS_REQUEST_ID)).hasSize(36);
    }

    private static ManagementException refusal(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        ManagementException[] caught = new ManagementException[1];
        assertThatThrownBy(call).isInstanceOfSatisfying(ManagementException.class, exception -> caught[0] = exception);
        return caught[0];
    }

    private List<UsageAggregation> list(OffsetDateTime from, OffsetDateTime to, String granularity) {
        return new PagedIterable<>(flux(service, from, to, granularity))
                .stream().toList();
    }

    private List<PagedResponse<UsageAggregation>> pages(OffsetDateTime from, OffsetDateTime to, String granularity) {
        return pages(service, from, to, granularity);
    }

    private List<PagedResponse<UsageAggregation>> pages(
            UsageAggregatesService asked, OffsetDateTime from, OffsetDateTime to, String granularity) {
        return new PagedIterable<>(flux(asked, from, to, granularity))
                .streamByPage()
                .toList();
    }

    private PagedFlux<UsageAggregation> flux(
            UsageAggregatesService asked, OffsetDateTime from, OffsetDateTime to, String granularity) {
        return new PagedFlux<>(
                () -> asked.list(
                                gateway.url().toString(),
                                from,
                                to,
                                true,
                                granularity,
                                null,
                                API_VERSION,
                                subscription.toString(),
                                "application/json",
                                Context.NONE)
                        .map(AzureSdkIT::page),
                link -> nextPage(asked, link));
    }

    private PagedResponse<UsageAggregation> next(UsageAggregatesService asked, String link) {
        return nextPage(asked, link).block();
    }

    private Mono<PagedResponse<UsageAggregation>> nextPage(UsageAggregatesService asked, String link) {
        return asked.listNext(link, gateway.url().toString(), "application/json", Context.NONE)
                .map(AzureSdkIT::page);
    }

    private static PagedResponse<UsageAggregation> page(Response<UsageAggregationListResult> response) {
        return new PagedResponseBase<Void, UsageAggregation>(
                response.getRequest(),
                response.getStatusCode(),
                response.getHeaders(),
                response.getValue().value(),
                response.getValue().nextLink(),
                null);
    }

    // As the generated clients' builders assemble it.
    private UsageAggregatesService service(String token) {
        HttpClient.Builder tls =
                HttpClient.newBuilder().sslContext(TestIdentity.get().tls());
        HttpPipeline pipeline = new HttpPipelineBuilder()
                .httpClient(new JdkHttpClientBuilder(tls).build())
                .policies(
                        new AddHeadersFromContextPolicy(),
                        new UserAgentPolicy("tallygate-test"),
                        new RequestIdPolicy(),
                        new RetryPolicy(),
                        new ArmChallengeAuthenticationPolicy(
                                scopes -> Mono.just(new AccessToken(
                                        token,
                                        OffsetDateTime.now(ZoneOffset.UTC).plusHours(1))),
                                gateway.url() + "/.default"))
                .build();
        return RestProxy.create(
                UsageAggregatesService.class, pipeline, SerializerFactory.createDefaultManagementSerializerAdapter());
    }
}
