package io.tallygate.deploy;

import static io.tallygate.deploy.testing.TestWorld.CORE_HOURS;
import static io.tallygate.deploy.testing.TestWorld.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tallygate.deploy.streams.Locked;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.HttpCaller.Answer;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.deploy.testing.TestWorld;
import io.tallygate.gateway.auth.Role;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.TestPostgres;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Readers outside the operator's tenant, of what is routed to customer subscriptions. */
class GrantsIT {
    private static final UUID BASE = UUID.randomUUID();
    private static final UUID PAYER = UUID.randomUUID();
    private static final UUID OTHER_PAYER = UUID.randomUUID();

    private static Instant hour;
    private static TestGateway gateway;
    private static TestWorld world;
    private static HttpCaller operator;

    private final TenantId reseller = new TenantId(UUID.randomUUID());
    private HttpCaller caller;

    @BeforeAll
    static void start() {
        hour = Instant.now().truncatedTo(ChronoUnit.HOURS);
        gateway = TestGateway.over(TestPostgres.fresh());
        world = new TestWorld(gateway);
        operator = HttpCaller.operator(gateway);
        String registration = world.registration(BASE, "north");
        StringBuilder events = new StringBuilder();
        for (UUID payer : new UUID[] {PAYER, OTHER_PAYER, null}) {
            TenantId tenant = new TenantId(UUID.randomUUID());
            SubscriptionId subscription = world.subscription(tenant);
            if (payer != null) {
                assertThat(world.map(registration, payer, tenant, null).status())
                        .isEqualTo(200);
            }
            events.append(event(subscription + "/1", subscription, CORE_HOURS, "1.5", hour));
        }
        world.post(events.toString(), false);
        world.sealThrough(hour.plus(1, ChronoUnit.HOURS));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void signIn() {
        caller = HttpCaller.of(gateway, reseller, Role.USAGE_READ);
    }

    private static String path(UUID payer, String more) {
        return "/subscriptions/" + payer
                + "/providers/Microsoft.Commerce/UsageAggregates?api-version=2015-06-01-preview"
                + "&aggregationGranularity=Hourly&reportedStartTime=" + hour + "&reportedEndTime="
                + hour.plus(1, ChronoUnit.HOURS) + more;
    }

    private int status(HttpCaller http, UUID payer) {
        return http.get(path(payer, "")).status();
    }

    @Test
    void aGrantShowsWhatIsRoutedInEveryForm() {
        Answer before = caller.get(path(PAYER, ""));
        assertThat(before.status()).isEqualTo(403);
        assertThat(before.body())
                .isEqualTo(caller.get(path(UUID.randomUUID(), "")).body());

        String id = world.grant(reseller, null, PAYER);

        Answer page = caller.get(path(PAYER, ""));
        assertThat(page.status()).as(page.body()).isEqualTo(200);
        assertThat(page.json().path("value")).hasSize(1);
        assertThat(page.body()).isEqualTo(operator.get(path(PAYER, "")).body());
        for (String format : List.of("csv", "ndjson")) {
            assertThat(caller.get(path(PAYER, "&$format=" + format)).body())
                    .isNotEmpty()
                    .isEqualTo(operator.get(path(PAYER, "&$format=" + format)).body());
        }
        assertThat(caller.send("HEAD", path(PAYER, ""), null, null)
                        .response()
                        .headers()
                        .firstValue("x-row-count"))
                .contains("1");
        assertThat(status(caller, OTHER_PAYER)).isEqualTo(403);
        assertThat(status(caller, BASE)).isEqualTo(403);
        assertThat(status(HttpCaller.of(gateway, reseller), PAYER)).isEqualTo(403);
        assertThat(caller.get(path(PAYER, "")
                                .replace("Microsoft.Commerce/Usage", "Microsoft.Commerce.Admin/subscriberUsage"))
                        .status())
                .isEqualTo(403);

        assertThat(operator.delete("/grants/" + id).status()).isEqualTo(204);
        assertThat(operator.delete("/grants/" + id).status()).isEqualTo(204);
        assertThat(caller.get(path(PAYER, "")).body()).isEqualTo(before.body());
        assertThat(gateway.postgres()
                        .query("select action, reason from audit_entry where target = '/grants/" + id
                                + "' order by audit_id"))
                .containsExactly("grants.create|test", "grants.revoke|test");
    }

    @Test
    void aGrantEnds() {
        String id = world.grant(reseller, null, PAYER, OTHER_PAYER);
        assertThat(status(caller, OTHER_PAYER)).isEqualTo(200);
        gateway.postgres()
                .execute("update usage_grant set expires_at = now() - interval '1 second' where grant_id = '" + id
                        + "'");
        assertThat(status(caller, OTHER_PAYER)).isEqualTo(403);
        assertThat(operator.get("/grants/" + id).json().path("state").asText()).isEqualTo("expired");
    }

    @Test
    void aGrantToASubjectIsForItAndForTheKeysThatItMade() {
        String subject = subject();
        String wrong = world.grant(reseller, subject + "x", PAYER);
        assertThat(status(caller, PAYER)).isEqualTo(403);
        operator.delete("/grants/" + wrong);
        String right = world.grant(reseller, subject, PAYER);
        assertThat(status(caller, PAYER)).isEqualTo(200);

        HttpCaller key = HttpCaller.withKey(gateway, world.key(caller, PAYER));
        assertThat(key.get(path(PAYER, "")).body())
                .isEqualTo(caller.get(path(PAYER, "")).body());
        operator.delete("/grants/" + right);
        assertThat(status(key, PAYER)).isEqualTo(403);
    }

    // As the tenant's own keys call it.
    private String subject() {
        SubscriptionId own = world.subscription(reseller);
        world.key(caller, own.value());
        return caller.get("/apiKeys").json().at("/value/0/createdBy").asText();
    }

    @Test
    void whatBecomesARegistrationsOwnIsHiddenAgain() {
        UUID turned = UUID.randomUUID();
        TenantId tenant = new TenantId(UUID.randomUUID());
        String north = "/subscriptions/" + BASE
                + "/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations/north";
        assertThat(world.map(north, turned, tenant, null).status()).isEqualTo(200);
        world.grant(reseller, null, turned);
        assertThat(status(caller, turned)).isEqualTo(200);
        gateway.postgres().execute("""
                insert into registration (subscription_id, resource_group, name, location, billing_model, multi_tenant)
                values ('TURNED', 'g', 'turned', 'global', 'PayAsYouUse', true)""".replace("TURNED", turned.toString()));
        try {
            assertThat(status(caller, turned)).isEqualTo(403);
        } finally {
            gateway.postgres().execute("delete from registration where name = 'turned'");
        }
    }

    @Test
    void whatIsAskedForIsChecked() {
        String tenant = "{\"tenantId\":\"" + reseller + "\"";
        String payers = ",\"customerSubscriptions\":[\"" + PAYER + "\"]";
        Map<String, String> wrong = Map.of(
                "{}",
                "tenantId",
                "{\"tenantId\":\"x\"}",
                "tenantId",
                tenant + "}",
                "customerSubscriptions",
                tenant + ",\"customerSubscriptions\":[\"" + UUID.randomUUID() + "\"],\"reason\":\"r\"}",
                "never was",
                tenant + ",\"customerSubscriptions\":[\"" + PAYER + "\",\"" + BASE + "\"],\"reason\":\"r\"}",
                BASE.toString(),
                tenant + payers + "}",
                "reason",
                tenant + payers + ",\"reason\":\" \"}",
                "reason",
                tenant + payers + ",\"reason\":\"r\",\"subject\":\"\"}",
                "subject",
                tenant + payers + ",\"reason\":\"r\",\"expiresAt\":\"2020-01-01\"}",
                "expiresAt",
                tenant + payers + ",\"reason\":\"r\",\"role\":\"x\"}",
                "role");
        wrong.forEach((body, named) -> {
            Answer refused = operator.post("/grants", "application/json", body);
            assertThat(refused.status() + refused.errorCode()).as(body).isEqualTo("400InvalidProperty");
            assertThat(refused.body()).as(body).contains(named);
        });
        assertThat(operator.get("/grants?tenant=" + reseller).json().path("value"))
                .isEmpty();
        world.grant(reseller, null, PAYER);
        assertThat(operator.get("/grants?tenant=" + reseller).json().path("value"))
                .hasSize(1);
        assertThat(operator.get("/grants/" + UUID.randomUUID()).status()).isEqualTo(404);
        assertThat(HttpCaller.of(gateway, TestIdentity.OPERATOR, Role.USAGE_READ_ALL)
                        .post("/grants", "application/json", TestWorld.grantBody(reseller, null, PAYER))
                        .status())
                .isEqualTo(403);
    }

    /** As many questions for what is another's as for what does not exist: the time of a refusal must not tell. */
    @Test
    void whatIsAnothersIsLookedForWhereverWhatDoesNotExistIs() throws Exception {
        UUID foreign = world.subscription(new TenantId(UUID.randomUUID())).value();
        for (UUID path : List.of(foreign, UUID.randomUUID())) {
            for (String table : List.of("usage_grant", "customer_subscription")) {
                CompletableFuture<Integer> answer;
                try (Locked locked = new Locked(gateway.postgres(), table)) {
                    answer = CompletableFuture.supplyAsync(() -> status(caller, path));
                    await().until(locked::isWaitedFor);
                }
                assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo(403);
            }
        }
    }

    @Test
    void aKeyDoesNotTellWhatAColleagueAloneWasGranted() {
        String subject = subject();
        UUID own = world.subscription(reseller).value();
        world.grant(reseller, "a colleague", PAYER, OTHER_PAYER);
        world.grant(reseller, null, OTHER_PAYER);
        UUID key = UUID.randomUUID();
        gateway.postgres().execute("""
                insert into api_key (key_id, key_hash, made_under, tenant_id, display_name, subscriptions, roles, created_by,
                  expires_at)
                values ('KEY', sha256('x'), '\\x00000000', 'TENANT', 'a colleague''s', array['OWN', 'FIRST', 'OTHER']::uuid[],
                  array['Usage.Read'], 'a colleague', now())""".replace("KEY", key.toString())
                .replace("TENANT", reseller.toString())
                .replace("OWN", own.toString())
                .replace("FIRST", PAYER.toString())
                .replace("OTHER", OTHER_PAYER.toString()));
        String some = "[\"" + own + "\",\"" + OTHER_PAYER + "\"]";
        String all = "[\"" + own + "\",\"" + PAYER + "\",\"" + OTHER_PAYER + "\"]";

        String path = "/apiKeys/" + key;
        assertThat(caller.get(path).json().path("subscriptions")).hasToString(some);
        assertThat(caller.get("/apiKeys").body()).contains(some).doesNotContain(PAYER.toString());
        assertThat(operator.get(path).json().path("subscriptions")).hasToString(all);

        world.grant(reseller, subject, PAYER);
        assertThat(caller.get(path).json().path("subscriptions")).hasToString(all);
        assertThat(caller.get("/apiKeys").body()).contains(all);
    }
}
