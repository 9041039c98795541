package io.tallygate.deploy.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.deploy.testing.BulkUsage;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.HttpCaller.Answer;
import io.tallygate.deploy.testing.StreamCaller;
import io.tallygate.deploy.testing.StreamCaller.Received;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.gateway.auth.Role;
import io.tallygate.gateway.export.StreamConfig;
import io.tallygate.store.testing.TestPostgres;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams that say where they are, and go on from there: from any place exactly the rest. */
class StreamPositionsIT {
    private static final String HEADER_END = "\r\n";

    private static TestGateway gateway;
    private static BulkUsage usage;
    private static StreamCaller caller;

    @BeforeAll
    static void start() {
        TestPostgres postgres = TestPostgres.fresh();
        usage = new BulkUsage(postgres, 210, 24);
        gateway = TestGateway.streaming(postgres, postgres.config(), StreamConfig.DEFAULT);
        caller = StreamCaller.of(gateway, usage.tenant, Role.USAGE_READ);
    }

    @AfterAll
    static void stop() {
        caller.close();
        gateway.close();
    }

    private static String path(String format, String more) {
        return usage.path("Hourly", "&$format=" + format + more);
    }

    private static List<String> lines(String more) {
        Received stream = caller.get(path("ndjson", more));
        assertThat(stream.status()).as(stream.text()).isEqualTo(200);
        assertThat(stream.digest()).isEqualTo(StreamCaller.sha256(stream.body()));
        return JsonRows.ofLines(stream.text());
    }

    private static String csv(String more) {
        Received stream = caller.get(path("csv", more));
        assertThat(stream.status()).as(stream.text()).isEqualTo(200);
        return stream.text();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 2000, 2001, 5039, 5040, 1_000_000})
    void everyNthRowHasATokenAndNoOther(int every) {
        List<String> plain = lines("");
        List<String> marked = lines("&$positions=" + every);
        List<CsvRows> csv = List.of(CsvRows.parse(csv("")), CsvRows.parse(csv("&$positions=" + every)));
        assertThat(marked).hasSize((int) usage.rows());
        assertThat(csv).allSatisfy(rows -> assertThat(rows.records()).hasSize((int) usage.rows()));
        for (int i = 0; i < plain.size(); i++) {
            String token = Tokens.ofLine(marked.get(i));
            assertThat(token.isEmpty()).as("row %d", i).isEqualTo((i + 1) % every != 0);
            assertThat(Tokens.without(marked.get(i))).isEqualTo(plain.get(i));
            // The same place has the same token in either format: they are interchangeable.
            assertThat(csv.get(1).records().get(i).getField("continuationToken"))
                    .isEqualTo(token);
        }
        assertThat(csv.get(1).json("Microsoft.Commerce/UsageAggregate")).isEqualTo(plain);
    }

    @Test
    void anyPositionIsFollowedByExactlyTheRest() {
        List<String> plain = lines("");
        List<String> marked = lines("&$positions=1");
        String csv = csv("");
        int header = csv.indexOf(HEADER_END) + HEADER_END.length();
        List<String> csvRows = List.of(csv.substring(header).split(HEADER_END, -1));
        IntStream.of(0, 999, 1998, 1999, 2000, 3999, 4000, plain.size() - 2, plain.size() - 1)
                .forEach(i -> {
                    String from = "&continuationToken=" + Tokens.ofLine(marked.get(i));
                    assertThat(lines(from)).isEqualTo(plain.subList(i + 1, plain.size()));
                    assertThat(csv(from))
                            .isEqualTo(csv.substring(0, header)
                                    + String.join(HEADER_END, csvRows.subList(i + 1, csvRows.size())));
                });
    }

    @Test
    void positionsAfterAResumptionAreThoseOfTheWhole() {
        List<String> marked = lines("&$positions=1");
        assertThat(lines("&$positions=1&continuationToken=" + Tokens.ofLine(marked.get(2500))))
                .isEqualTo(marked.subList(2501, marked.size()));
    }

    @Test
    void aPageAndAStreamGoOnFromEachOthersPlaces() {
        List<String> plain = lines("");
        HttpCaller pages = HttpCaller.of(gateway, usage.tenant, Role.USAGE_READ);
        Answer first = pages.get(usage.path("Hourly", ""));
        Answer second = pages.get(first.json().path("nextLink").asText());
        assertThat(lines("&continuationToken=" + Tokens.ofPage(first))).isEqualTo(plain.subList(1000, plain.size()));
        assertThat(lines("&continuationToken=" + Tokens.ofPage(second))).isEqualTo(plain.subList(2000, plain.size()));

        String token = Tokens.ofLine(lines("&$positions=1").get(1233));
        Answer page = pages.get(usage.path("Hourly", "&continuationToken=" + token));
        assertThat(JsonRows.ofPage(page.body())).isEqualTo(plain.subList(1234, 2234));
    }

    @Test
    void aTokenIsGoodForWhomItWasGivenToAlone() {
        String token = Tokens.ofLine(lines("&$positions=1").get(10));
        try (StreamCaller operator = StreamCaller.of(gateway, TestIdentity.OPERATOR, Role.USAGE_READ_ALL)) {
            assertThat(operator.get(path("ndjson", "")).status()).isEqualTo(200);
            for (String format : List.of("json", "ndjson", "csv")) {
                Received refused = operator.get(path(format, "&continuationToken=" + token));
                assertThat(refused.status()).isEqualTo(400);
                assertThat(refused.text()).contains("InvalidProperty", "`continuationToken`");
                assertThat(operator.head(path(format, "&continuationToken=" + token))
                                .status())
                        .isEqualTo(400);
            }
        }
    }
}
