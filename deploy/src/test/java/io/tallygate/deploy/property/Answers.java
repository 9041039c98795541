package io.tallygate.deploy.property;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.gateway.auth.Role;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** Asks random usage queries while everything goes on, and keeps the bytes of whatever was answered as sealed. */
final class Answers {
    private static final int KEPT = 300;

    private final World world;
    private final List<UUID> payers;
    private final List<Kept> kept = new ArrayList<>();

    /** A query, who asked it where, and the bodies of all its pages. */
    private record Kept(int gateway, UUID subscription, String path, List<String> pages) {}

    Answers(World world, List<UUID> payers) {
        this.world = world;
        this.payers = payers;
    }

    int size() {
        return kept.size();
    }

    long pages() {
        return kept.stream().mapToInt(one -> one.pages().size()).sum();
    }

    /** One random query: complete where all of it is sealed (and routed), refused where not. */
    void ask(Random dice) {
        int gateway = dice.nextInt(2);
        boolean daily = dice.nextInt(3) == 0;
        Instant from = world.start.minus(World.PAST_HOURS + 2, ChronoUnit.HOURS);
        Instant start = from.plus(dice.nextInt(World.PAST_HOURS + 20), ChronoUnit.HOURS);
        Instant end = start.plus(1 + dice.nextInt(60), ChronoUnit.HOURS);
        if (daily) {
            start = start.truncatedTo(ChronoUnit.DAYS);
            end = start.plus(1 + dice.nextInt(3), ChronoUnit.DAYS);
        }
        boolean byPayer = dice.nextInt(4) == 0;
        UUID subscription = byPayer ? payers.get(dice.nextInt(payers.size())) : null;
        if (!byPayer && dice.nextBoolean()) {
            subscription = List.copyOf(world.subscriptions.keySet()).get(dice.nextInt(world.subscriptions.size()));
        }
        if (world.lateSubscription.value().equals(subscription)) {
            subscription = null; // It may not exist yet.
        }
        String path = path(subscription, daily, start, end);
        String mark = byPayer ? "routedThrough" : "sealedThrough";
        HttpCaller operator = world.operator(gateway);
        Instant before = Watermark.in(operator.get("/windows"), mark);
        HttpCaller.Answer first = caller(gateway, subscription).get(path);
        Instant after = Watermark.in(operator.get("/windows"), mark);
        if (first.status() == 200) {
            assertThat(after).as("%s was answered", path).isAfterOrEqualTo(end);
            if (kept.size() < KEPT) {
                kept.add(new Kept(gateway, subscription, path, pages(gateway, subscription, first)));
            }
        } else {
            assertThat(first.status() + first.errorCode())
                    .as(first.body())
                    .isIn("202ProcessingNotCompleted", "400RequestEndTimeIsInFuture", "403AuthorizationFailed");
            assertThat(first.status() == 403 && !byPayer).isFalse();
            assertThat(first.status() == 403 || before.isBefore(end))
                    .as("%s was refused", path)
                    .isTrue();
        }
    }

    /** Everything of everyone, in pages; it must be sealed. */
    void askForAll(Instant start, Instant end) {
        for (boolean daily : new boolean[] {true, false}) {
            String path = path(null, daily, start, daily ? end.truncatedTo(ChronoUnit.DAYS) : end);
            HttpCaller.Answer first = caller(1, null).get(path);
            assertThat(first.status()).as(first.body()).isEqualTo(200);
            kept.add(new Kept(1, null, path, pages(1, null, first)));
        }
    }

    /** Asks everything again, at both gateways. */
    void askAgain() {
        for (Kept one : kept) {
            for (int gateway = 0; gateway < 2; gateway++) {
                HttpCaller.Answer first = caller(gateway, one.subscription()).get(one.path());
                assertThat(first.status()).as(first.body()).isEqualTo(200);
                String here = world.gateways.get(gateway).url().toString();
                String there = world.gateways.get(one.gateway()).url().toString();
                assertThat(pages(gateway, one.subscription(), first))
                        .as("%s of gateway %s, asked again at %s", one.path(), one.gateway(), gateway)
                        .isEqualTo(one.pages().stream()
                                .map(page -> page.replace(there, here))
                                .toList());
            }
        }
    }

    /** Sums of what a query shows: everyone's usage (null), a local subscription's, or a payer's. */
    Map<Payload.Key, BigDecimal> sums(UUID subscription, boolean daily, Instant start, Instant end) {
        HttpCaller.Answer first = caller(0, subscription).get(path(subscription, daily, start, end));
        assertThat(first.status()).as(first.body()).isEqualTo(200);
        Map<Payload.Key, BigDecimal> sums = new HashMap<>();
        for (String page : pages(0, subscription, first)) {
            for (JsonNode row : World.json(page).path("value")) {
                JsonNode properties = row.path("properties");
                sums.merge(key(properties), properties.path("quantity").decimalValue(), BigDecimal::add);
            }
        }
        return sums;
    }

    private static Payload.Key key(JsonNode properties) {
        JsonNode resource = World.json(properties.path("instanceData").asText()).path("Microsoft.Resources");
        UUID subscription = UUID.fromString(properties.path("subscriptionId").asText());
        JsonNode info = resource.path("additionalInfo");
        String meter = properties.path("meterId").asText().toLowerCase(Locale.ROOT);
        if (info.has("commerceMeterId")) {
            assertThat(info.path("commerceMeterId").asText().toLowerCase(Locale.ROOT))
                    .isEqualTo(meter);
            subscription = UUID.fromString(info.path("subscriptionId").asText());
            var original = ((com.fasterxml.jackson.databind.node.ObjectNode) info.deepCopy())
                    .without(List.of("commerceMeterId", "subscriptionId"));
            info = original.isEmpty() ? com.fasterxml.jackson.databind.node.NullNode.getInstance() : original;
        }
        Payload.Instance instance = new Payload.Instance(
                subscription,
                resource.path("resourceUri").asText().toLowerCase(Locale.ROOT),
                resource.path("location").asText(),
                resource.path("tags"),
                info);
        String usage = properties.path("usageStartTime").asText().replace("+00:00", "Z");
        return new Payload.Key(instance, meter, Instant.parse(usage));
    }

    private static String path(UUID subscription, boolean daily, Instant start, Instant end) {
        String route = subscription == null
                ? TestGateway.OPERATOR_SUBSCRIPTION + "/providers/Microsoft.Commerce.Admin/subscriberUsageAggregates"
                : subscription + "/providers/Microsoft.Commerce/UsageAggregates";
        return "/subscriptions/" + route + "?api-version=2015-06-01-preview&aggregationGranularity="
                + (daily ? "Daily" : "Hourly") + "&reportedStartTime=" + start + "&reportedEndTime=" + end;
    }

    private HttpCaller caller(int gateway, UUID subscription) {
        return subscription != null && world.subscriptions.containsKey(subscription)
                ? HttpCaller.of(world.gateways.get(gateway), world.subscriptions.get(subscription), Role.USAGE_READ)
                : world.operator(gateway);
    }

    private List<String> pages(int gateway, UUID subscription, HttpCaller.Answer first) {
        List<String> pages = new ArrayList<>(List.of(first.body()));
        JsonNode next = first.json().path("nextLink");
        while (!next.isMissingNode()) {
            HttpCaller.Answer page = caller(gateway, subscription).get(next.asText());
            assertThat(page.status()).as(page.body()).isEqualTo(200);
            pages.add(page.body());
            next = page.json().path("nextLink");
        }
        return pages;
    }
}
