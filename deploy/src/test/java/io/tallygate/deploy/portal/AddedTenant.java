package io.tallygate.deploy.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.testing.HttpCaller.Answer;
import io.tallygate.deploy.testing.TestEvent;
import io.tallygate.store.directory.SubscriptionId;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A tenant that a test adds to the world, with a subscription, usage and whoever pays for it: to be changed as it likes. */
final class AddedTenant {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final PortalWorld world;
    private final String name;
    private final UUID id = UUID.randomUUID();
    private final UUID subscription = UUID.randomUUID();
    private final Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS);

    private AddedTenant(PortalWorld world, String name) {
        this.world = world;
        this.name = name;
    }

    /** Without usage, and nobody pays. */
    static AddedTenant of(PortalWorld world, String name) {
        AddedTenant added = new AddedTenant(world, name);
        ok(world.operator()
                .put(
                        "/subscriptions/"
                                + world.info().at("/operator/subscriptionId").asText()
                                + "/providers/Microsoft.Subscriptions.Admin/subscriptions/" + added.subscription
                                + "?api-version=2015-11-01",
                        "{\"displayName\":\"" + name + "\",\"owner\":\"owner@example.com\",\"tenantId\":\"" + added.id
                                + "\",\"registrationId\":\"" + world.registration() + "\"}"));
        return added;
    }

    /** As the portal names it. */
    String name() {
        return name;
    }

    /** Its id. */
    UUID id() {
        return id;
    }

    /** The hour that began this many hours before the one in which the tenant was added. */
    Instant hoursBack(int hours) {
        return hour.minus(hours, ChronoUnit.HOURS);
    }

    /** Where the mapping to this payer is, or will be. */
    String mapping(UUID payer, String query) {
        return world.registration() + "/customerSubscriptions/" + payer + "?api-version=2022-06-01" + query;
    }

    /** What maps it from an hour on. */
    String mappedFrom(Instant from) {
        return "{\"properties\":{\"tenantId\":\"" + id + "\",\"effectiveFrom\":\"" + from + "\"}}";
    }

    /** This customer subscription pays from some hours back on. */
    AddedTenant paidBy(UUID payer, int hoursBack) {
        ok(world.operator().put(mapping(payer, ""), mappedFrom(hoursBack(hoursBack))));
        return this;
    }

    /** One core-hour in each of the last hours, routed to whoever pays. */
    AddedTenant using(int hours) {
        String lines = IntStream.rangeClosed(1, hours)
                .mapToObj(back -> TestEvent.of(
                                subscription + "-" + back, new SubscriptionId(subscription), hoursBack(back))
                        .line())
                .collect(Collectors.joining());
        Answer answer = world.operator().post("/usage/records", "application/x-ndjson", lines);
        assertThat(answer.lastLine().at("/totals/Accepted").asInt())
                .as(answer.body())
                .isEqualTo(hours);
        JsonNode before = world.operator().get("/windows").json();
        Instant now = Instant.now().truncatedTo(ChronoUnit.HOURS);
        Instant closed = before.hasNonNull("closedThrough") ? time(before.path("closedThrough")) : now;
        Instant through = (closed.isBefore(now) ? now : closed).plus(1, ChronoUnit.HOURS);
        ok(world.operator().post("/windows/seal", "application/json", "{\"through\":\"" + through + "\"}"));
        await("the usage of " + name + " is routed").atMost(PATIENCE).until(() -> {
            JsonNode routed = world.operator().get("/windows").json().path("routedThrough");
            return !routed.isNull() && !time(routed).isBefore(through);
        });
        return this;
    }

    /** Its events in this state, as {@code /deliveries} lists them, as soon as there are so many. */
    JsonNode awaitEvents(String state, int events) {
        String path = "/deliveries?state=" + state + "&tenant=" + id;
        return await("events in state " + state)
                .atMost(PATIENCE)
                .until(() -> world.operator().get(path).json().path("value"), found -> found.size() == events);
    }

    private static Instant time(JsonNode text) {
        return OffsetDateTime.parse(text.asText()).toInstant();
    }

    private static void ok(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }
}
