package io.tallygate.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.gateway.audit.RefusalSums.Who;
import io.tallygate.gateway.auth.Caller;
import io.tallygate.gateway.auth.Role;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RefusalSumsTest {
    private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");

    private final TenantId tenant = new TenantId(UUID.randomUUID());
    private final RefusalSums sums = new RefusalSums(Clock.fixed(NOON, ZoneOffset.UTC));

    private Refusal by(String subject, int status, String reason, String address) {
        Caller caller = new Caller(tenant, subject, Set.of(Role.USAGE_READ), false);
        return new Refusal(status, reason, Optional.of(caller), address);
    }

    private static Refusal byNobody(String address) {
        return new Refusal(401, "expired", Optional.empty(), address);
    }

    private static long count(List<RefusalSum> sums) {
        return sums.stream()
                .mapToLong(sum -> new JsonObject(sum.detail()).getLong("count"))
                .sum();
    }

    @Test
    void refusalsAreSummedByCallerAndReason() {
        sums.refused(by("a", 403, "notYours", "10.0.0.1"));
        sums.refused(by("a", 403, "notYours", "10.0.0.2"));
        sums.refused(by("a", 429, "busy", "10.0.0.1"));
        sums.refused(by("b", 403, "notYours", "10.0.0.1"));

        List<RefusalSum> taken = sums.take();

        assertThat(taken)
                .extracting(RefusalSum::who)
                .containsExactlyInAnyOrder(new Who(tenant.value(), "a"), new Who(tenant.value(), "b"));
        RefusalSum ofA = taken.stream()
                .filter(sum -> sum.who().subject().equals("a"))
                .findFirst()
                .orElseThrow();
        assertThat(new JsonObject(ofA.detail()))
                .isEqualTo(new JsonObject()
                        .put("from", NOON.toString())
                        .put("to", NOON.toString())
                        .put("count", 3)
                        .put(
                                "refusals",
                                new JsonArray().add(cause(403, "notYours", 2)).add(cause(429, "busy", 1)))
                        .put("addresses", new JsonObject().put("10.0.0.1", 2).put("10.0.0.2", 1)));
        assertThat(sums.take()).isEmpty();
    }

    private static JsonObject cause(int status, String reason, int count) {
        return new JsonObject().put("status", status).put("reason", reason).put("count", count);
    }

    @Test
    void whoIsUnknownIsSummedUpOnceWithAFewAddresses() {
        for (int i = 0; i < 1000; i++) {
            sums.refused(byNobody("10.0." + i / 250 + "." + i % 250));
        }

        List<RefusalSum> taken = sums.take();

        assertThat(taken).extracting(RefusalSum::who).containsExactly(Who.UNKNOWN);
        JsonObject addresses = new JsonObject(taken.get(0).detail()).getJsonObject("addresses");
        assertThat(addresses.fieldNames()).hasSize(RefusalSum.MOST_ADDRESSES + 1);
        assertThat(addresses.getLong("others")).isEqualTo(1000 - RefusalSum.MOST_ADDRESSES);
    }

    @Test
    void callersBeyondABoundShareASum() {
        for (int i = 0; i < 3 * RefusalSums.MOST_CALLERS; i++) {
            sums.refused(by("caller " + i, 403, "notYours", "::1"));
        }
        sums.refused(by("caller 0", 403, "notYours", "::1"));

        List<RefusalSum> taken = sums.take();

        assertThat(taken)
                .hasSize(RefusalSums.MOST_CALLERS + 1)
                .anyMatch(sum -> sum.who().equals(Who.OTHERS));
        assertThat(count(taken)).isEqualTo(3 * RefusalSums.MOST_CALLERS + 1);
    }

    @Test
    void whatIsPutBackIsAddedToWhatCameMeanwhile() {
        sums.refused(by("a", 403, "notYours", "::1"));
        sums.refused(byNobody("::1"));
        List<RefusalSum> taken = sums.take();
        for (int i = 0; i < 2 * RefusalSums.MOST_CALLERS; i++) {
            sums.refused(by("caller " + i, 403, "notYours", "::1"));
        }
        sums.putBack(taken);

        List<RefusalSum> all = sums.take();

        assertThat(count(all)).isEqualTo(2 * RefusalSums.MOST_CALLERS + 2);
        assertThat(all).hasSize(RefusalSums.MOST_CALLERS + 2);
        assertThat(all).extracting(RefusalSum::who).contains(Who.UNKNOWN, Who.OTHERS);
    }

    @Test
    void noneIsLostWhileTheyAreTaken() throws Exception {
        int threads = 4;
        int each = 50_000;
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService pool = Executors.newFixedThreadPool(threads + 1);
        Future<Long> taken = pool.submit(() -> {
            long count = 0;
            while (!done.get()) {
                count += count(sums.take());
            }
            return count;
        });
        List<Future<?>> counting = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            String own = "caller " + thread;
            counting.add(pool.submit(() -> {
                for (int i = 0; i < each; i++) {
                    sums.refused(i % 2 == 0 ? byNobody("::1") : by(own, 403, "notYours", "::1"));
                }
            }));
        }
        for (Future<?> one : counting) {
            one.get(60, TimeUnit.SECONDS);
        }
        done.set(true);

        assertThat(taken.get(60, TimeUnit.SECONDS) + count(sums.take())).isEqualTo((long) threads * each);
        pool.shutdown();
    }
}
