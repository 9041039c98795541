package io.tallygate.deploy.fuzz;

import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.deploy.testing.TestWorld;
import io.tallygate.gateway.auth.Role;
import io.tallygate.store.testing.TestPostgres;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * The whole gateway over HTTPS and a real Postgres, asked anything by a caller who may do everything: no 5xx, no answer
 * that does not come, and every refusal names what was wrong.
 */
final class ApiFuzzTest {
    private static final Pattern NAMES_IT = Pattern.compile("`|[Bb]ody|[Qq]uery|[Pp]ath|HTTP|batch");
    private static final int MAX_MESSAGE = 2000;
    private static final int SECONDS = 20;

    private static TestGateway gateway;
    private static Vertx vertx;
    private static HttpClient client;
    private static String token;

    @BeforeAll
    static void start() {
        gateway = TestGateway.paused(TestPostgres.fresh());
        TestWorld world = new TestWorld(gateway);
        world.registration(UUID.fromString("c0000000-0000-4000-8000-000000000001"), "northwind");
        vertx = Vertx.vertx();
        client = vertx.createHttpClient(
                new HttpClientOptions().setSsl(true).setTrustAll(true).setVerifyHost(false));
        token = TestIdentity.get().token(TestIdentity.OPERATOR, Role.values());
    }

    @AfterAll
    static void stop() {
        await(vertx.close());
        gateway.close();
    }

    @DictionaryFile(resourcePath = "api.dict")
    @FuzzTest
    void isAnsweredAndNeverWithADefect(byte[] data) {
        FuzzedRequest request = FuzzedRequest.of(data);
        Answer answer = await(client.request(options(request))
                .compose(sent -> send(sent, request))
                .timeout(SECONDS, TimeUnit.SECONDS));
        assertThat(answer.status()).as("%s: %s", request, answer.body()).isLessThan(500);
        if (answer.status() >= 400 && !request.method().equals("HEAD")) {
            JsonNode error = HttpCaller.Answer.parse(answer.body()).path("error");
            String message = error.path("message").asText();
            assertThat(error.path("code").asText()).as("%s", request).isNotBlank();
            assertThat(message).as("%s", request).isNotBlank().hasSizeLessThan(MAX_MESSAGE);
            if (answer.status() == 400) {
                assertThat(message).as("%s", request).containsPattern(NAMES_IT);
            }
        }
    }

    private record Answer(int status, String body) {}

    private static RequestOptions options(FuzzedRequest request) {
        return new RequestOptions()
                .setMethod(HttpMethod.valueOf(request.method()))
                .setHost(gateway.url().getHost())
                .setPort(gateway.url().getPort())
                .setURI(request.target())
                .putHeader("Authorization", "Bearer " + token)
                .putHeader("Content-Type", request.contentType());
    }

    private static Future<Answer> send(HttpClientRequest sent, FuzzedRequest request) {
        return sent.send(request.body()).compose(ApiFuzzTest::read);
    }

    private static Future<Answer> read(HttpClientResponse response) {
        return response.body().map(body -> new Answer(response.statusCode(), body.toString()));
    }
}
