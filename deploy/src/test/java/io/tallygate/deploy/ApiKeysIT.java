package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.config.ApiKeysConfig;
import io.tallygate.deploy.testing.BulkUsage;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.HttpCaller.Answer;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.deploy.testing.TestWorld;
import io.tallygate.gateway.auth.Role;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.TestPostgres;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** API keys through whole gateways over one database: what reads, what is refused, what is kept. */
class ApiKeysIT {
    private static final String OLD = "the secret that keys were made under before";
    private static final String NEW = "the secret that keys are made under from now on";
    private static final String NOBODY = UUID.randomUUID().toString();

    private static TestPostgres postgres;
    private static BulkUsage usage;
    private static TestGateway gateway;
    private static TestWorld world;
    private static HttpCaller tenant;
    private static String key;

    @BeforeAll
    static void start() {
        postgres = TestPostgres.fresh();
        usage = new BulkUsage(postgres, 60, 24);
        gateway = TestGateway.keyed(postgres, new ApiKeysConfig(Optional.of(OLD), List.of()));
        world = new TestWorld(gateway);
        world.registration(UUID.randomUUID(), "north");
        tenant = HttpCaller.of(gateway, usage.tenant, Role.USAGE_READ);
        key = world.key(tenant, usage.subscription.value());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private static String path(String more) {
        return usage.path("Hourly", more);
    }

    @Test
    void aKeyReadsWhereverItIsSentWhatATokenReads() {
        String page = tenant.get(path("")).json().path("value").toString();
        String csv = tenant.get(path("&$format=csv")).body();
        Map<String, HttpCaller> ways = Map.of(
                "header", HttpCaller.withKey(gateway, key),
                "basic", HttpCaller.with(gateway, Map.of("Authorization", basic("any name:" + key))),
                "basic without a name", HttpCaller.with(gateway, Map.of("Authorization", basic(":" + key))));
        ways.forEach((way, caller) -> {
            assertThat(caller.get(path("")).json().path("value")).as(way).hasToString(page);
            assertThat(caller.get(path("&$format=csv")).body()).as(way).isEqualTo(csv);
            assertThat(caller.send("HEAD", path(""), null, null)
                            .response()
                            .headers()
                            .firstValue("x-row-count"))
                    .as(way)
                    .contains(Long.toString(usage.rows()));
        });
        HttpCaller anonymous = HttpCaller.anonymous(gateway);
        for (String parameter : List.of("&api_key=", "&API_KEY=", "&api%5Fkey=")) {
            assertThat(anonymous.get(path(parameter + key)).json().path("value"))
                    .as(parameter)
                    .hasToString(page);
            assertThat(anonymous.get(path("&$format=csv" + parameter + key)).body())
                    .as(parameter)
                    .isEqualTo(csv);
        }
    }

    @Test
    void noLinkAndNoErrorRepeatsTheKey() {
        HttpCaller anonymous = HttpCaller.anonymous(gateway);
        for (String form : List.of("&api_key=" + key, "&API%5FKEY=" + key + "&x=1", ";api_key=" + key + "&x=1")) {
            Answer first = anonymous.get(path(form));
            String link = first.json().path("nextLink").asText();
            assertThat(link)
                    .as(form)
                    .contains("continuationToken=")
                    .doesNotContain(key)
                    .doesNotContainIgnoringCase("api_key");
            Answer second = anonymous.get(link + "&api_key=" + key);
            assertThat(second.json().path("value")).as(form).hasSize((int) usage.rows() - 1000);
            assertThat(second.body()).doesNotContain("nextLink");
        }
        for (String wrong : List.of(
                path("&$format=parquet&api_key=" + key),
                path("&api_key=" + key + "&api_key=" + key + "x"),
                path("&reportedEndTime=x&api_key=" + key),
                path("&continuationToken=x&api_key=" + key),
                "/nothing?api_key=" + key,
                "/windows?api_key=" + key)) {
            Answer refused = anonymous.get(wrong);
            assertThat(refused.status()).as(wrong).isBetween(400, 499);
            assertThat(refused.body()).doesNotContain("tgk_");
        }
    }

    @Test
    void anythingElseIsRefused() {
        String other = world.key(tenant, usage.subscription.value());
        String mixed = key.substring(0, 60) + other.substring(60);
        for (String forged : List.of("", "x", "tgk_", key + "A", key.substring(1), mixed, "Bearer " + key)) {
            Answer refused = HttpCaller.withKey(gateway, forged).get(path(""));
            assertThat(refused.status() + refused.errorCode()).as(forged).isEqualTo("401InvalidApiKey");
            assertThat(challenge(refused)).startsWith("Bearer").doesNotContain("Basic");
        }
        String token = TestIdentity.get().token(usage.tenant, Role.USAGE_READ);
        for (Map<String, String> headers : List.of(
                Map.of("Authorization", "Bearer " + token, "x-api-key", key),
                Map.of("Authorization", basic("a:" + key), "x-api-key", key))) {
            Answer refused = HttpCaller.with(gateway, headers).get(path(""));
            assertThat(refused.status() + refused.errorCode()).isEqualTo("401AuthenticationFailed");
            assertThat(refused.body()).contains("more than one");
        }
        assertThat(tenant.get(path("&api_key=" + key)).errorCode()).isEqualTo("AuthenticationFailed");
        assertThat(HttpCaller.withKey(gateway, key).get(path("&api_key=" + key)).errorCode())
                .isEqualTo("AuthenticationFailed");
        Answer asked = HttpCaller.with(gateway, Map.of("Authorization", basic("a:" + mixed)))
                .get(path(""));
        assertThat(asked.status()).isEqualTo(401);
        assertThat(challenge(asked)).startsWith("Basic ");
        assertThat(challenge(HttpCaller.anonymous(gateway).get(path("")))).startsWith("Bearer");
    }

    private static String challenge(Answer answer) {
        return answer.response().headers().firstValue("www-authenticate").orElse("");
    }

    @Test
    void aKeyNeverMakesOrSeesKeys() {
        HttpCaller keyed = HttpCaller.withKey(gateway, key);
        String body = TestWorld.keyBody(usage.subscription.value());
        assertThat(keyed.post("/apiKeys", "application/json", body).status()).isEqualTo(403);
        assertThat(keyed.get("/apiKeys").status()).isEqualTo(403);
        assertThat(keyed.get("/subscriptions?api-version=2022-12-01").json().path("value"))
                .hasSize(1);
        assertThat(keyed.get("/meters").status()).isEqualTo(200);
    }

    @Test
    void theTextIsShownOnceAndNowhereKept() {
        Answer made = tenant.post("/apiKeys", "application/json", TestWorld.keyBody(usage.subscription.value()));
        String text = made.json().path("key").asText();
        String id = made.json().path("id").asText();
        assertThat(made.response().headers().firstValue("cache-control")).contains("no-store");
        assertThat(HttpCaller.withKey(gateway, text).get(path("")).status()).isEqualTo(200);

        assertThat(made.json().path("state").asText()).isEqualTo("active");
        assertThat(made.json().path("roles").toString()).isEqualTo("[\"Usage.Read\"]");
        assertThat(tenant.get("/apiKeys/" + id).body() + tenant.get("/apiKeys").body())
                .contains(id)
                .doesNotContain("tgk_")
                .doesNotContain("\"key\"");
        String secret = text.substring(30, 60);
        for (String table : postgres.query(
                "select relname from pg_class where relnamespace = 'tallygate'::regnamespace and relkind in ('r', 'p')"
                        + " and not relispartition")) {
            assertThat(postgres.query("select count(*) from " + table + " t where t::text like '%" + secret + "%'"))
                    .as(table)
                    .containsExactly("0");
        }
        assertThat(postgres.query("select action, subject = '"
                        + made.json().path("createdBy").asText() + "' from audit_entry where target = '/apiKeys/" + id
                        + "'"))
                .containsExactly("apiKeys.create|t");
    }

    @Test
    void noKeyIsLogged() {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Logger ours = (Logger) LoggerFactory.getLogger("io.tallygate");
        Level before = ours.getLevel();
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        root.addAppender(log);
        ours.setLevel(Level.TRACE);
        try {
            HttpCaller anonymous = HttpCaller.anonymous(gateway);
            anonymous.get(path("&api_key=" + key));
            anonymous.get(path("&api_key=" + key + "x"));
            anonymous.get("/nothing?api_key=" + key);
            HttpCaller.withKey(gateway, key).post("/apiKeys", "application/json", "{");
            ours.debug("the end");
        } finally {
            root.detachAppender(log);
            ours.setLevel(before);
        }
        List<String> lines = new ArrayList<>(log.list)
                .stream()
                        .map(event -> event.getFormattedMessage() + event.getThrowableProxy())
                        .toList();
        assertThat(lines)
                .anyMatch(line -> line.contains("the end"))
                .noneMatch(line -> line.contains(key.substring(4, 40)));
    }

    @Test
    void whatIsAskedForIsChecked() {
        String id = usage.subscription.toString();
        Map<String, String> wrong = Map.of(
                "{}",
                "displayName",
                "{\"displayName\":\" \",\"subscriptions\":[\"" + id + "\"]}",
                "displayName",
                "{\"displayName\":\"x\"}",
                "subscriptions",
                "{\"displayName\":\"x\",\"subscriptions\":[]}",
                "subscriptions",
                "{\"displayName\":\"x\",\"subscriptions\":\"" + id + "\"}",
                "subscriptions",
                "{\"displayName\":\"x\",\"subscriptions\":[\"x\"]}",
                "subscriptions",
                body(Stream.generate(UUID::randomUUID).limit(101).toList(), ""),
                "subscriptions",
                body(List.of(usage.subscription.value()), ",\"expiresAt\":\"" + Instant.now() + "\""),
                "expiresAt",
                body(
                        List.of(usage.subscription.value()),
                        ",\"expiresAt\":\"" + Instant.now().plus(Duration.ofDays(367)) + "\""),
                "expiresAt",
                body(List.of(usage.subscription.value()), ",\"roles\":[\"Usage.Read.All\"]"),
                "roles");
        wrong.forEach((body, field) -> {
            Answer refused = tenant.post("/apiKeys", "application/json", body);
            assertThat(refused.status() + refused.errorCode()).as(body).isEqualTo("400InvalidProperty");
            assertThat(refused.body()).as(body).contains(field);
        });
        String longest = body(
                List.of(usage.subscription.value()),
                ",\"expiresAt\":\"" + Instant.now().plus(Duration.ofDays(365)) + "\"");
        assertThat(tenant.post("/apiKeys", "application/json", longest).status())
                .isEqualTo(201);
        assertThat(tenant.get("/apiKeys?tenant=x").status()).isEqualTo(400);
        assertThat(tenant.get("/apiKeys/x").status()).isEqualTo(400);
    }

    private static String body(List<UUID> subscriptions, String more) {
        return "{\"displayName\":\"test\",\"subscriptions\":"
                + subscriptions.stream().map(id -> "\"" + id + "\"").collect(Collectors.joining(",", "[", "]")) + more
                + "}";
    }

    @Test
    void aKeyEndsWhenItIsOver() {
        String text = world.key(tenant, usage.subscription.value());
        postgres.execute(
                "update api_key set expires_at = now() - interval '1 second' where key_id = '" + newest() + "'");
        Answer refused = HttpCaller.withKey(gateway, text).get(path(""));
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.body()).contains("expired");
    }

    private static String newest() {
        return postgres.query("select key_id from api_key order by created_at desc limit 1")
                .get(0);
    }

    @Test
    void everyGatewayRefusesARevokedKeySoon() {
        String text = world.key(tenant, usage.subscription.value());
        String id = newest();
        try (TestGateway second = TestGateway.keyed(postgres, new ApiKeysConfig(Optional.of(OLD), List.of()))) {
            List<HttpCaller> callers = List.of(HttpCaller.withKey(gateway, text), HttpCaller.withKey(second, text));
            callers.forEach(caller -> assertThat(caller.get(path("")).status()).isEqualTo(200));

            assertThat(tenant.delete("/apiKeys/" + id).status()).isEqualTo(204);
            assertThat(tenant.delete("/apiKeys/" + id).status()).isEqualTo(204);

            callers.forEach(caller -> await().atMost(Duration.ofSeconds(30))
                    .until(() -> caller.get(path("")).body().contains("revoked")));
        }
        JsonNode shown = tenant.get("/apiKeys/" + id).json();
        assertThat(shown.path("state").asText()).isEqualTo("revoked");
        assertThat(postgres.query(
                        "select action from audit_entry where target = '/apiKeys/" + id + "' order by audit_id"))
                .containsExactly("apiKeys.create", "apiKeys.revoke");
    }

    @Test
    void theLastUseIsNotedOnceAMinute() {
        String text = world.key(tenant, usage.subscription.value());
        String id = newest();
        String used = "select last_used_at from api_key where key_id = '" + id + "'";
        assertThat(postgres.query(used)).containsExactly("null");

        HttpCaller.withKey(gateway, text).get(path(""));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> !postgres.query(used).get(0).equals("null"));
        String first = postgres.query(used).get(0);
        HttpCaller.withKey(gateway, text).get(path(""));
        HttpCaller.withKey(gateway, text).get("/meters");

        assertThat(tenant.get("/apiKeys/" + id).json().path("lastUsedAt").asText())
                .isNotEmpty();
        assertThat(postgres.query(used)).containsExactly(first);
    }

    @Test
    void secretsChangeWithAnOverlap() {
        String old = world.key(tenant, usage.subscription.value());
        String id = newest();
        try (TestGateway both = TestGateway.keyed(postgres, new ApiKeysConfig(Optional.of(NEW), List.of(OLD)));
                TestGateway late = TestGateway.keyed(postgres, new ApiKeysConfig(Optional.of(NEW), List.of()));
                TestGateway off = TestGateway.keyed(postgres, ApiKeysConfig.OFF)) {
            HttpCaller maker = HttpCaller.of(both, usage.tenant, Role.USAGE_READ);
            assertThat(HttpCaller.withKey(both, old).get(path("")).status()).isEqualTo(200);
            assertThat(maker.get("/apiKeys/" + id).json().path("secret").asText())
                    .isEqualTo("previous");
            String next = world.key(maker, usage.subscription.value());
            assertThat(HttpCaller.withKey(late, next).get(path("")).status()).isEqualTo(200);
            assertThat(HttpCaller.withKey(late, old).get(path("")).errorCode()).isEqualTo("InvalidApiKey");
            assertThat(HttpCaller.of(late, usage.tenant, Role.USAGE_READ)
                            .get("/apiKeys/" + id)
                            .json()
                            .path("secret")
                            .asText())
                    .isEqualTo("retired");

            HttpCaller without = HttpCaller.of(off, usage.tenant, Role.USAGE_READ);
            assertThat(HttpCaller.withKey(off, next).get(path("")).body()).contains("takes no API keys");
            assertThat(without.post("/apiKeys", "application/json", TestWorld.keyBody(usage.subscription.value()))
                            .errorCode())
                    .isEqualTo("ApiKeysNotEnabled");
            assertThat(without.get("/apiKeys").status()).isEqualTo(200);
        }
    }

    @Test
    void keysAreTheirTenantsAndTheOperators() {
        TenantId other = new TenantId(UUID.randomUUID());
        UUID others = world.subscription(other).value();
        HttpCaller stranger = HttpCaller.of(gateway, other, Role.USAGE_READ);
        world.key(stranger, others);
        String id = newest();
        HttpCaller reader = HttpCaller.of(gateway, TestIdentity.OPERATOR, Role.USAGE_READ_ALL);
        HttpCaller registrar = HttpCaller.of(gateway, TestIdentity.OPERATOR, Role.REGISTRATION_READ_WRITE);

        assertThat(tenant.get("/apiKeys").body()).doesNotContain(id);
        assertThat(stranger.get("/apiKeys").json().path("value")).hasSize(1);
        for (String method : List.of("GET", "DELETE")) {
            Answer foreign = tenant.send(method, "/apiKeys/" + id, null, null);
            Answer unknown = tenant.send(method, "/apiKeys/" + NOBODY, null, null);
            assertThat(foreign.status()).isEqualTo(404);
            assertThat(foreign.body()).isEqualTo(unknown.body());
        }
        assertThat(reader.get("/apiKeys").body()).contains(id);
        assertThat(reader.delete("/apiKeys/" + id).status()).isEqualTo(404);
        assertThat(registrar.get("/apiKeys/" + id).status()).isEqualTo(200);
        assertThat(registrar.delete("/apiKeys/" + id).status()).isEqualTo(204);
        assertThat(stranger.get("/apiKeys/" + id).json().path("state").asText()).isEqualTo("revoked");
    }

    @Test
    void aTenantThatHasAsManyKeysAsItMayIsTold() {
        TenantId other = new TenantId(UUID.randomUUID());
        UUID own = world.subscription(other).value();
        HttpCaller caller = HttpCaller.of(gateway, other, Role.USAGE_READ);
        postgres.execute("""
                insert into api_key (key_id, key_hash, made_under, tenant_id, display_name, subscriptions, roles, created_by,
                  expires_at)
                select gen_random_uuid(), sha256(convert_to(i::text, 'UTF8')), '\\x00000000', 'TENANT', i::text,
                  array[gen_random_uuid()], array['Usage.Read'], 'somebody', now() + interval '1 hour'
                from generate_series(1, 50) i""".replace("TENANT", other.toString()));
        Answer full = caller.post("/apiKeys", "application/json", TestWorld.keyBody(own));
        assertThat(full.status() + full.errorCode()).isEqualTo("409Conflict");
        assertThat(full.body()).contains("50 active API keys").doesNotContain("tgk_");

        postgres.execute(
                "update api_key set revoked_at = now(), revoked_by = 'x', created_at = now() - interval '1 hour'"
                        + " where tenant_id = '" + other + "'");
        world.key(caller, own);
    }

    @Test
    void manyKeysAreListedInPages() {
        TenantId other = new TenantId(UUID.randomUUID());
        postgres.execute("""
                insert into api_key (key_id, key_hash, made_under, tenant_id, display_name, subscriptions, roles, created_by,
                  expires_at)
                select gen_random_uuid(), sha256(convert_to(i::text, 'UTF8')), '\\x00000000', 'TENANT', i::text,
                  array[gen_random_uuid()], array['Usage.Read'], 'somebody', now()
                from generate_series(1, 150) i""".replace("TENANT", other.toString()));
        HttpCaller caller = HttpCaller.of(gateway, other, Role.USAGE_READ);
        Answer first = caller.get("/apiKeys");
        Answer second = caller.get(first.json().path("nextLink").asText());

        assertThat(first.json().path("value")).hasSize(100);
        assertThat(second.json().path("value")).hasSize(50);
        assertThat(second.json().has("nextLink")).isFalse();
        assertThat(first.json().path("value").findValuesAsText("id"))
                .doesNotContainAnyElementsOf(second.json().path("value").findValuesAsText("id"));
    }

    @Test
    void theDefaultProviderSubscriptionReadsEveryone() {
        HttpCaller reader = HttpCaller.of(gateway, TestIdentity.OPERATOR, Role.USAGE_READ_ALL);
        String everyones = world.key(reader, TestGateway.OPERATOR_SUBSCRIPTION.value());
        String all = path("&$format=csv")
                .replace(usage.subscription.toString(), TestGateway.OPERATOR_SUBSCRIPTION.toString())
                .replace("Microsoft.Commerce/UsageAggregates", "Microsoft.Commerce.Admin/subscriberUsageAggregates");

        assertThat(HttpCaller.withKey(gateway, everyones).get(all).body())
                .isEqualTo(reader.get(all).body())
                .contains(usage.subscription.toString());
        assertThat(HttpCaller.withKey(gateway, everyones).get(path("")).status())
                .isEqualTo(403);
        assertThat(HttpCaller.withKey(gateway, key).get(all).status()).isEqualTo(403);
    }
}
