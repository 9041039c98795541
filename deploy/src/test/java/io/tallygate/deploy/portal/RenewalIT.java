package io.tallygate.deploy.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallygate.deploy.demo.DemoPerson;
import io.tallygate.deploy.portal.TokenGate.Reply;
import io.tallygate.deploy.testing.Browser;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.gateway.auth.Role;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.TestPostgres;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of sessions while who signed people in is slow, wrong or flooded. */
class RenewalIT {
    private static final String SECRET = "a secret of the portal in RenewalIT, long enough";

    private final TestPostgres postgres = TestPostgres.fresh();
    private final DemoPerson person = TestIdentity.get().person(new TenantId(UUID.randomUUID()), Role.USAGE_READ);
    private TokenGate gate;
    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        gate = new TokenGate();
        gateway = TestGateway.withPortal(postgres, Optional.of(gate.portal(SECRET)));
    }

    @AfterEach
    void stop() {
        gate.release();
        gateway.close();
        gate.close();
    }

    /** Its refresh token is spent: what came for it is all that there is. */
    @Test
    void aTokenWhoseKeyIsNotKnownYetIsKept() {
        Browser browser = Browser.of(gateway, person);
        gate.answering(RenewalIT::ofAnotherKey);
        expire();
        for (int i = 0; i < 2; i++) {
            assertThat(meters(browser).statusCode()).isEqualTo(503);
        }
        gate.answering(reply -> reply);
        expire();

        assertThat(meters(browser).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_grant, 401, 0",
        "400, interaction_required, 401, 0",
        "400, invalid_request, 503, 1",
        "401, invalid_client, 503, 1",
        "302, '', 503, 1",
        "404, invalid_grant, 503, 1",
        "429, '', 503, 1",
        "500, '', 503, 1"
    })
    void onlyTheIssuersWordEndsASession(int status, String error, int answered, String left) {
        Browser browser = Browser.of(gateway, person);
        gate.answering(reply -> new Reply(status, "{\"error\":\"" + error + "\"}"));
        expire();

        assertThat(meters(browser).statusCode()).isEqualTo(answered);
        assertThat(postgres.query("select count(*) from portal_session")).containsExactly(left);
    }

    @Test
    void nobodyWaitsForTheProviderWhileTheTokenIsGood() {
        Browser browser = Browser.of(gateway, person);
        int before = gate.asked();
        gate.hold();
        postgres.execute("update portal_session set renew_at = clock_timestamp() - interval '1 hour'");

        assertThat(meters(browser).statusCode()).isEqualTo(200);
        await().until(() -> gate.asked() == before + 1);
        assertThat(meters(browser).statusCode()).isEqualTo(200);
        gate.release();

        await().until(() -> postgres.query("select renew_at > clock_timestamp() from portal_session")
                .equals(List.of("t")));
        assertThat(gate.asked()).isEqualTo(before + 1);
    }

    @Test
    void madeUpCodesTakeFourPlacesAndNoneOfRenewals() throws Exception {
        Browser browser = Browser.of(gateway, person);
        Browser flooder = new Browser();
        URI code = URI.create(flooder.begin(gateway, null)
                .toString()
                .replaceFirst(".*[?&]state=([^&]*).*", gateway.url() + "/portal/callback?code=x&state=$1"));
        int before = gate.asked();
        gate.hold();
        ExecutorService callers = Executors.newFixedThreadPool(4);
        try {
            List<Future<HttpResponse<String>>> flood = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                flood.add(callers.submit(() -> flooder.copy().get(code)));
            }
            await().until(() -> gate.asked() == before + 4);

            assertThat(Browser.location(flooder.copy().get(code))).hasToString("/portal/#/signin?error=busy");
            assertThat(gate.asked()).isEqualTo(before + 4);
            gate.release();
            for (Future<HttpResponse<String>> each : flood) {
                assertThat(Browser.location(each.get())).hasToString("/portal/#/signin?error=providerRefused");
            }
        } finally {
            callers.shutdownNow();
        }
        expire();
        assertThat(meters(browser).statusCode()).isEqualTo(200);
    }

    private static Reply ofAnotherKey(Reply reply) {
        ObjectNode answer = (ObjectNode) HttpCaller.Answer.parse(reply.body());
        String[] parts = answer.path("access_token").asText().split("\\.", -1);
        String head = new String(Base64.getUrlDecoder().decode(parts[0]), StandardCharsets.UTF_8)
                .replaceFirst("\"kid\":\"[^\"]*\"", "\"kid\":\"another\"");
        parts[0] = Base64.getUrlEncoder().withoutPadding().encodeToString(head.getBytes(StandardCharsets.UTF_8));
        return new Reply(
                reply.status(),
                answer.put("access_token", String.join(".", parts)).toString());
    }

    private void expire() {
        postgres.execute("update portal_session set renew_at = clock_timestamp() - interval '1 hour',"
                + " token_expires_at = clock_timestamp() - interval '1 hour'");
    }

    private HttpResponse<String> meters(Browser browser) {
        return browser.get(URI.create(gateway.url() + "/meters"));
    }
}
