package io.tallygate.deploy.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Several gateways on one database, all running all the time, of which some are used: the first one, two or four. To the
 * endpoint {@code first-N} the first N deliver.
 */
final class Fleet implements AutoCloseable {
    /** How many are used. */
    static final List<Integer> SIZES = List.of(1, 2, 4);

    private static final int ALL = 4;

    private final List<Gateway> gateways = new ArrayList<>();

    /** Starts them; what they deliver goes to this URL. */
    Fleet(Site site, String endpointUrl) throws IOException {
        for (int number = 0; number < ALL; number++) {
            JsonArray endpoints = new JsonArray();
            for (int size : SIZES) {
                if (number < size) {
                    endpoints.add(new JsonObject()
                            .put("name", endpoint(size))
                            .put("adapter", "cloudevents")
                            .put("url", endpointUrl)
                            .put("batchLimit", 100));
                }
            }
            gateways.add(site.oneOfSeveral(new JsonObject()
                    .put(
                            "delivery",
                            new JsonObject().put("endpoints", endpoints).put("interval", "PT0.1S"))));
        }
    }

    /** The endpoint that so many deliver to. */
    static String endpoint(int size) {
        return "first-" + size;
    }

    /** Something that is done at one of them. */
    @FunctionalInterface
    interface Part {
        double take(Gateway gateway, int part) throws IOException;
    }

    /** Does so many parts at the same time, spread over the first gateways; what they gave in sum. */
    double together(int size, int parts, Part part) throws IOException {
        List<CompletableFuture<Double>> all = new ArrayList<>();
        for (int number = 0; number < parts; number++) {
            int mine = number;
            Gateway gateway = gateways.get(number % size);
            all.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return part.take(gateway, mine);
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                }
            }));
        }
        return all.stream().mapToDouble(CompletableFuture::join).sum();
    }

    /** Does so many parts at the same time, and says how much that was in a second, from the first to the last. */
    Reading timed(int size, int parts, Part amount) throws IOException {
        long began = System.nanoTime();
        double sum = together(size, parts, amount);
        return Reading.rate(sum / ((System.nanoTime() - began) / 1e9));
    }

    @Override
    public void close() throws IOException {
        for (Gateway gateway : gateways) {
            gateway.close();
        }
    }
}
