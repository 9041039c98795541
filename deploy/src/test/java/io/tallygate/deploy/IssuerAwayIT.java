package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.gateway.testing.SigningKey;
import io.tallygate.gateway.testing.TestTokens;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A whole gateway while the keys of an issuer change, and while it is away: no restart, no gap, and it shows. */
class IssuerAwayIT {
    private static final String AGE = "tallygate_issuer_keys_age_seconds{issuer=\"";

    private TokenWorld world;

    @BeforeEach
    void start() {
        world = new TokenWorld(Duration.ofSeconds(1), Duration.ofSeconds(6), Duration.ofSeconds(1));
    }

    @AfterEach
    void stop() {
        world.close();
    }

    @Test
    void keysRotateWithoutARestart() {
        SigningKey next = SigningKey.rsa("next");
        TestTokens after = new TestTokens(world.issuer.url(), world.good.now(), next, world.good.ec());
        assertThat(status(world.good.good("RS256"))).isEqualTo(200);
        assertThat(status(after.good("RS256"))).isEqualTo(401);

        world.issuer.publish(world.good.rsa(), next);
        soon().untilAsserted(() -> assertThat(status(after.good("RS256"))).isEqualTo(200));
        assertThat(status(world.good.good("RS256"))).as("both at once").isEqualTo(200);

        world.issuer.publish(next);
        soon().untilAsserted(() -> assertThat(status(world.good.good("RS256"))).isEqualTo(401));
        assertThat(status(after.good("RS256"))).isEqualTo(200);
    }

    @Test
    void anIssuerThatIsAwayShowsBeforeAndAfterItsKeysAreTooOld() {
        assertThat(ready().statusCode()).isEqualTo(200);
        assertThat(world.metrics().lines()).anyMatch(line -> line.startsWith(AGE + world.issuer.url() + "\"} 0."));

        world.issuer.stop();
        soon().until(() -> {
            HttpResponse<String> health = ready();
            return health.statusCode() == 200
                    && warnings(health).toString().contains(world.issuer.url())
                    && status(world.good.good("RS256")) == 200;
        });
        soon().until(() -> ready().statusCode() == 503);
        assertThat(status(world.good.good("RS256"))).isEqualTo(503);
        assertThat(warnings(ready())).isEmpty();
        assertThat(world.metrics())
                .containsPattern(
                        "tallygate_issuer_fetches_failed_total\\{issuer=\"" + world.issuer.url() + "\"} [1-9]");
        String stranger = world.others.with(world.others.claims().put("tid", TestTokens.STRANGER.toString()));
        assertThat(status(stranger))
                .as("another issuer's callers notice nothing")
                .isEqualTo(200);

        world.issuer.start();
        soon().until(() -> ready().statusCode() == 200);
        assertThat(status(world.good.good("RS256"))).isEqualTo(200);
    }

    private int status(String token) {
        return HttpCaller.bearing(world.gateway, token)
                .get("/tenants?api-version=2016-06-01")
                .status();
    }

    private static JsonNode warnings(HttpResponse<String> health) {
        return HttpCaller.Answer.parse(health.body()).path("warnings");
    }

    private HttpResponse<String> ready() {
        return world.management("/health/ready");
    }

    private static ConditionFactory soon() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }
}
