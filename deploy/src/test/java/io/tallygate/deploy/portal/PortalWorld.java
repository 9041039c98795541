package io.tallygate.deploy.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.demo.RunningDemo;
import io.tallygate.deploy.demo.SampleWorld;
import io.tallygate.deploy.testing.HttpCaller;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What the portal shows in tests: the demo with its thirty days of usage, and today's {@link Incidents}.
 * One for each test process; it ends with the process. Tests add to it and change what they have added, and nothing else.
 */
final class PortalWorld {
    /** Whose person operates the gateway. */
    static final String OPERATOR = SampleWorld.OPERATOR_NAME;

    private static PortalWorld instance;

    private final RunningDemo demo;
    private final JsonNode info;
    private final HttpCaller operator;

    private PortalWorld(RunningDemo demo) {
        this.demo = demo;
        this.info = demo.info();
        this.operator = caller(info.path("operator"));
    }

    /** The one of this process. */
    static synchronized PortalWorld get() {
        if (instance == null) {
            instance = start();
        }
        return instance;
    }

    private static PortalWorld start() {
        try {
            Path target = Files.createDirectories(Path.of("target"));
            Path directory = Files.createTempDirectory(target, "portal-world");
            RunningDemo demo = RunningDemo.start(directory);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(demo, directory), "portal-world-end"));
            PortalWorld world = new PortalWorld(demo);
            world.awaitDelivered();
            new Incidents(world).make();
            return world;
        } catch (Exception failed) {
            throw new IllegalStateException("The portal's world did not start", failed);
        }
    }

    /** A world is nearly a gigabyte. */
    private static void end(RunningDemo demo, Path directory) {
        demo.close();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException stillInUse) {
            throw new UncheckedIOException(stillInUse);
        }
    }

    /** The gateway, without a slash at the end. */
    URI url() {
        return URI.create(info.path("baseUrl").asText());
    }

    /** The identity provider, without a path. */
    URI identity() {
        return URI.create(info.path("issuer").asText()).resolve("/");
    }

    /** What the demo's info file says. */
    JsonNode info() {
        return info;
    }

    /** The service administrator, by a token. */
    HttpCaller operator() {
        return operator;
    }

    /** The tenant of this name, as the info file has it. */
    JsonNode tenant(String name) {
        return StreamSupport.stream(info.path("tenants").spliterator(), false)
                .filter(tenant -> tenant.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** The path of the one registration. */
    String registration() {
        JsonNode registration = info.path("registration");
        return "/subscriptions/" + registration.path("subscriptionId").asText() + "/resourceGroups/"
                + registration.path("resourceGroup").asText() + "/providers/Microsoft.AzureStack/registrations/"
                + registration.path("name").asText();
    }

    /** Somebody of the info file who has a token. */
    HttpCaller caller(JsonNode person) {
        return HttpCaller.at(url(), demo.tls(), person.path("token").asText());
    }

    /** Whoever sends these headers. */
    HttpCaller with(Map<String, String> headers) {
        return HttpCaller.at(url(), demo.tls(), headers);
    }

    /** Turns the commerce endpoint's switch, as {@code {"mode":"429"}}. */
    void switchEndpoint(String json) {
        HttpCaller.Answer answer =
                operator.post(info.path("commerceUrl").asText() + "/switch", "application/json", json);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    /** Runs SQL as superuser: to let time pass that nobody can wait for. */
    void execute(String sql) {
        demo.execute(sql);
    }

    private void awaitDelivered() {
        String period = "?from=" + info.at("/data/reportedStartTime").asText() + "&to="
                + info.at("/data/reportedEndTime").asText();
        await("the sample world's usage is delivered")
                .atMost(Duration.ofMinutes(5))
                .until(() -> operator.get("/reconciliation" + period)
                                .json()
                                .at("/totals/pending/count")
                                .asLong()
                        == 0);
    }
}
