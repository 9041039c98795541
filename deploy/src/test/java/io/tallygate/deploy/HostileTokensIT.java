package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.deploy.testing.CapturedLog;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.RawCaller;
import io.tallygate.gateway.Route;
import io.tallygate.gateway.auth.AuthConfig;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.RefusalReason;
import io.tallygate.gateway.testing.EcSignature;
import io.tallygate.gateway.testing.HostileToken;
import io.tallygate.gateway.testing.HostileTokens;
import io.tallygate.gateway.testing.SigningKey;
import io.tallygate.gateway.testing.TestTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole corpus of hostile tokens against a whole gateway, over TLS. */
class HostileTokensIT {
    private static final String TENANTS = "/tenants?api-version=2016-06-01";
    private static final Path LIST = Path.of("..", "gateway", "hostile-tokens.md");
    private static final Pattern REFUSALS =
            Pattern.compile("tallygate_refusals_total\\{reason=\"(\\w+)\",status=\"401\"} (.*)");
    private static final int MAX_HEADERS = 32 << 10;

    private static TokenWorld world;
    private static List<HostileToken> hostile;
    private static Instant started;

    private CapturedLog log;

    /** An answer as both kinds of callers get it. */
    private record Seen(int status, String body, Optional<String> challenge) {}

    @BeforeAll
    static void start() {
        started = Instant.now();
        world = new TokenWorld(
                AuthConfig.DEFAULT_KEY_REFRESH,
                AuthConfig.DEFAULT_KEY_MAX_AGE,
                AuthConfig.DEFAULT_UNKNOWN_KEY_INTERVAL);
        hostile = HostileTokens.all(world.good, world.others, world.issuer.url() + "/trap");
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    @BeforeEach
    void listen() {
        log = new CapturedLog();
    }

    @AfterEach
    void nothingWasLoggedAndNobodyCalled() {
        log.close();
        log.assertCalm();
        assertThat(log.messages()).noneMatch(message -> message.contains("eyJ"));
        long intervals = Duration.between(started, Instant.now()).dividedBy(AuthConfig.DEFAULT_UNKNOWN_KEY_INTERVAL);
        assertThat(world.issuer.others).as("the trap").hasValue(0);
        assertThat(world.issuer.keySets.get()).isLessThanOrEqualTo(2 + (int) intervals);
        assertThat(world.neighbour.keySets).hasValue(1);
    }

    @Test
    void goodTokensAreAccepted() {
        for (String algorithm : List.of("RS256", "PS256", "ES256")) {
            assertThat(answer(world.good.good(algorithm)).status())
                    .as(algorithm)
                    .isEqualTo(200);
        }
        String stranger = world.others.with(world.others.claims().put("tid", TestTokens.STRANGER.toString()));
        assertThat(answer(stranger).body()).contains(TestTokens.STRANGER.toString());
    }

    @Test
    void everyHostileOneIsA401() {
        List<String> wrong = new ArrayList<>();
        Map<String, Double> expected = refusals();
        for (HostileToken token : hostile) {
            if (token.token().length() < MAX_HEADERS) {
                check(token, wrong);
                // Of an empty one there is only the scheme left.
                RefusalReason reason = token.token().isEmpty() ? RefusalReason.MALFORMED_HEADER : token.reason();
                expected.merge(reason.word(), 1.0, Double::sum);
            }
        }

        assertThat(wrong).isEmpty();
        assertThat(refusals()).as("counted by reason").isEqualTo(expected);
        goodTokensAreAccepted();
    }

    /** The metric of 401s, by reason. */
    private static Map<String, Double> refusals() {
        Map<String, Double> counts = new TreeMap<>();
        for (String line : world.metrics().lines().toList()) {
            Matcher refusal = REFUSALS.matcher(line);
            if (refusal.matches()) {
                counts.put(refusal.group(1), Double.valueOf(refusal.group(2)));
            }
        }
        return counts;
    }

    private static void check(HostileToken token, List<String> wrong) {
        Seen seen = answer(token.token());
        boolean refused = seen.status() == 401
                && (seen.body().contains("\"InvalidAuthenticationToken\"")
                        || seen.body().contains("\"AuthenticationFailed\""))
                && seen.challenge()
                        .filter(challenge -> challenge.startsWith("Bearer "))
                        .isPresent();
        boolean quoted = token.token().length() > 40
                && seen.body().contains(token.token().substring(0, 40));
        if (!refused || quoted) {
            wrong.add(token + ": " + seen);
        }
    }

    /** Larger than all headers together may be: the server does not even read it to the end. */
    @Test
    void oneThatNoHeaderHoldsIsNotReadToTheEnd() {
        HostileToken huge = hostile.stream()
                .filter(token -> token.token().length() > MAX_HEADERS)
                .findFirst()
                .orElseThrow();
        try {
            assertThat(new RawCaller(world.gateway, huge.token())
                            .send("GET", TENANTS)
                            .status())
                    .isEqualTo(ApiError.RequestHeaderFieldsTooLarge.status());
        } catch (UncheckedIOException cut) {
            assertThat(cut).hasMessageMatching(".*(reset|closed|Broken pipe|abort).*");
        }
    }

    @Test
    void whatClaimsRightsInVainIsA403() {
        for (HostileToken token : HostileTokens.powerless(world.good)) {
            HttpCaller caller = HttpCaller.bearing(world.gateway, token.token());
            assertThat(caller.get(TENANTS).status()).as(token + " is believed").isEqualTo(200);
            HttpCaller.Answer windows = caller.get("/windows");
            assertThat(windows.status()).as(token.toString()).isEqualTo(403);
            assertThat(windows.errorCode()).isEqualTo("AuthorizationFailed");
        }
        String operator = world.good.with(world.good
                .claims()
                .put("tid", TestTokens.OPERATOR.toString())
                .put("roles", new io.vertx.core.json.JsonArray().add("Usage.Read.All")));
        assertThat(HttpCaller.bearing(world.gateway, operator).get("/windows").status())
                .isEqualTo(200);
    }

    @Test
    void noRouteBelievesThem() {
        List<HostileToken> some = hostile.stream()
                .filter(token -> List.of(
                                "No algorithm (RFC 8725, 2.1): `alg` {\"alg\":\"none\"}, no signature",
                                "Keys of others under our key id: RS256: a stranger's",
                                "Times (RFC 7519, 4.1.4 to 4.1.6): expired a day ago")
                        .contains(token.toString()))
                .toList();
        assertThat(some).hasSize(3);
        for (Route route : ReferenceTables.all()) {
            for (HostileToken token : some) {
                if (!route.access().anonymous()) {
                    String path = route.template().replaceAll("\\{\\w+}", "00000000-0000-0000-0000-000000000000");
                    HttpCaller.Answer answer = HttpCaller.bearing(world.gateway, token.token())
                            .send(route.method().name(), path, "application/json", "{}");
                    assertThat(answer.status()).as(route.method() + " " + path).isEqualTo(401);
                }
            }
        }
    }

    /** What everyone can make of an ES256 token is the same token: the same caller, and nothing depends on its bytes. */
    @Test
    void theOtherFormOfAnEcSignatureIsTheSameCaller() {
        String token = world.good.good("ES256");
        int dot = token.lastIndexOf('.');
        byte[] signature = Base64.getUrlDecoder().decode(token.substring(dot + 1));
        String other = token.substring(0, dot + 1)
                + SigningKey.encode(EcSignature.of(signature, world.good.ec()).malleated());

        assertThat(other).isNotEqualTo(token);
        assertThat(answer(other).status()).isEqualTo(200);
        assertThat(answer(other).body()).isEqualTo(answer(token).body());
    }

    @Test
    void theListIsThatOfTheCorpus() throws IOException {
        List<HostileToken> all = new ArrayList<>(hostile);
        all.addAll(HostileTokens.powerless(world.good));
        String list = HostileTokenList.of(all);
        Files.writeString(Path.of("target", "hostile-tokens.md"), list);

        assertThat(Files.readString(LIST))
                .as("gateway/hostile-tokens.md; deploy/target/hostile-tokens.md is as it should be")
                .isEqualTo(list);
    }

    /** Over HTTP/2 where a client can send it, else byte by byte. */
    private static Seen answer(String token) {
        boolean plain = !token.isBlank() && token.chars().allMatch(c -> c >= ' ' && c <= '~');
        if (plain && token.length() < 7_000) {
            HttpCaller.Answer answer = HttpCaller.bearing(world.gateway, token).get(TENANTS);
            return new Seen(
                    answer.status(), answer.body(), answer.response().headers().firstValue("WWW-Authenticate"));
        }
        RawCaller.Answer answer = new RawCaller(world.gateway, token).send("GET", TENANTS);
        return new Seen(answer.status(), answer.body(), answer.header("WWW-Authenticate"));
    }
}
