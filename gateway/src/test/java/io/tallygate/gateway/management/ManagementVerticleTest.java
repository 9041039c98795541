package io.tallygate.gateway.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.gateway.http.Answer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ManagementVerticleTest {
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @Test
    void aWarningIsShownAndTakesNobodyAway() throws Exception {
        HttpResponse<String> ready = ready(
                HealthCheck.deciding("store", () -> Future.succeededFuture(List.of())),
                HealthCheck.warning("sealing", () -> List.of("it is late")));

        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(new JsonObject(ready.body())).isEqualTo(new JsonObject("""
                {"status": "UP", "checks": [
                  {"name": "store", "status": "UP", "problems": []},
                  {"name": "sealing", "status": "WARN", "problems": ["it is late"]}], "warnings": []}"""));
    }

    @Test
    void aProblemAndAFailureOfWhatDecidesDo() throws Exception {
        HttpResponse<String> ready = ready(
                HealthCheck.deciding("process", () -> Future.succeededFuture(List.of("stopping"))),
                HealthCheck.deciding("store", () -> Future.failedFuture("it is away")));

        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(ready.body())
                .contains("{\"name\":\"process\",\"status\":\"DOWN\",\"problems\":[\"stopping\"]}")
                .contains("{\"name\":\"store\",\"status\":\"DOWN\",\"problems\":[\"it is away\"]}");
    }

    private HttpResponse<String> ready(HealthCheck... checks) throws Exception {
        ManagementVerticle management = new ManagementVerticle(
                "localhost",
                0,
                List.of(checks),
                List::of,
                () -> Answer.ok(new JsonObject()),
                () -> Future.succeededFuture(new JsonObject()));
        vertx.deployVerticle(management).await();
        URI uri = URI.create("http://localhost:" + management.port() + "/health/ready");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
