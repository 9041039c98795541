package io.tallygate.routing.registration;

import static io.tallygate.routing.testing.RoutingWorld.BASE;
import static io.tallygate.routing.testing.RoutingWorld.OPERATOR;
import static io.tallygate.routing.testing.RoutingWorld.customer;
import static io.tallygate.routing.testing.RoutingWorld.tenant;
import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.routing.registration.RegistrationOutcome.Kind;
import io.tallygate.routing.testing.RoutingWorld;
import io.tallygate.store.directory.SubscriptionId;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RegistrationStoreIT {
    private static final RegistrationContent CONTENT = new RegistrationContent(
            "local", "{\"a\":\"b\"}", BillingModel.PayAsYouUse, true, "very-secret-token", null);

    private final RoutingWorld world = new RoutingWorld();
    private final RegistrationStore registrations = world.registrations;

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void putCreatesThenChangesThenRepeatsWithoutChange() {
        RegistrationOutcome created = put("Azs", CONTENT);
        assertThat(created.kind()).isEqualTo(Kind.Created);
        assertThat(created.registration().resourceId())
                .isEqualTo("/subscriptions/" + BASE
                        + "/resourceGroups/group/providers/Microsoft.AzureStack/registrations/Azs");

        assertThat(put("AZS", CONTENT)).isEqualTo(new RegistrationOutcome(Kind.Unchanged, created.registration()));
        RegistrationOutcome changed =
                put("azs", new RegistrationContent("elsewhere", null, BillingModel.PayAsYouUse, true, null, null));
        assertThat(changed.kind()).isEqualTo(Kind.Changed);
        assertThat(changed.registration().name()).isEqualTo("Azs");
        assertThat(changed.registration().tags())
                .as("what is left out stays")
                .isEqualTo(created.registration().tags());
        assertThat(changed.registration().revision()).isEqualTo(2);
        assertThat(changed.registration().activationKey())
                .isEqualTo(created.registration().activationKey());
        assertThat(await(registrations.find(BASE, "GROUP", "aZs"))).isEqualTo(changed.registration());
        assertThat(await(registrations.findById(created.registration().registrationId())))
                .isEqualTo(changed.registration());
        assertThat(audited("registration.put")).hasSize(2);
    }

    @Test
    void tokenIsKeptOnlyAsItsHash() {
        put("azs", CONTENT);
        assertThat(
                        world.postgres.query(
                                "select token_hash = sha256('very-secret-token'::bytea), registration::text like '%secret%' from registration"))
                .containsExactly("t|f");
        put(
                "azs",
                new RegistrationContent(
                        "local", "{\"a\":\"b\"}", BillingModel.PayAsYouUse, true, "another-secret", null));
        put("azs", new RegistrationContent("local", "{\"a\":\"b\"}", BillingModel.PayAsYouUse, true, null, null));
        assertThat(world.postgres.query("select revision, token_hash = sha256('another-secret') from registration"))
                .containsExactly("2|t");
        String all = String.join(" ", world.postgres.query("select detail from audit_entry"));
        assertThat(all).contains("\"registrationToken\":\"given\"").doesNotContain("secret", "ash");
        assertThat(CONTENT.toString()).doesNotContain("secret");
    }

    @Test
    void patchChangesWhatIsGiven() {
        RegistrationContent tags = new RegistrationContent(null, "{\"c\":\"d\"}", null, null, null, null);
        assertThat(await(registrations.patch(BASE, "group", "azs", tags, OPERATOR)))
                .isEqualTo(new RegistrationOutcome(Kind.Absent, null));
        Registration before = put("azs", CONTENT).registration();
        RegistrationOutcome patched = await(registrations.patch(BASE, "group", "azs", tags, OPERATOR));
        assertThat(patched.kind()).isEqualTo(Kind.Changed);
        assertThat(patched.registration().tags()).isEqualTo("{\"c\":\"d\"}");
        assertThat(patched.registration().location()).isEqualTo(before.location());
        assertThat(patched.registration().multiTenant()).isTrue();
        assertThat(await(registrations.patch(BASE, "group", "azs", tags, OPERATOR))
                        .kind())
                .isEqualTo(Kind.Unchanged);
        assertThat(audited("registration.patch")).hasSize(1);
    }

    @Test
    void oneOfManyPutsAtOnceCreates() {
        List<Future<RegistrationOutcome>> puts = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            puts.add(registrations.put(BASE, "group", "azs", CONTENT, OPERATOR));
        }
        List<Kind> kinds = new ArrayList<>();
        puts.forEach(put -> kinds.add(await(put).kind()));
        assertThat(kinds)
                .containsOnlyOnce(Kind.Created)
                .contains(Kind.Unchanged)
                .hasSize(8);
        assertThat(audited("registration.put")).hasSize(1);
    }

    @Test
    void billingModelThatDeliversNothingIsRefusedWhileThereAreCustomers() {
        Registration registration = put("azs", CONTENT).registration();
        SubscriptionId payer = customer();
        world.map(registration, tenant(), payer, world.hour(0));
        RegistrationContent capacity = new RegistrationContent(null, null, BillingModel.Capacity, null, null, null);
        assertThat(await(registrations.patch(BASE, "group", "azs", capacity, OPERATOR)))
                .isEqualTo(new RegistrationOutcome(Kind.HasCustomerSubscriptions, registration));

        await(world.mappings.end(registration, payer, null, OPERATOR));
        assertThat(await(registrations.patch(BASE, "group", "azs", capacity, OPERATOR))
                        .registration()
                        .billingModel())
                .isEqualTo(BillingModel.Capacity);
    }

    @Test
    void registrationInUseIsNotDeleted() {
        Registration withSubscription = put("one", CONTENT).registration();
        world.subscribe(tenant(), withSubscription);
        Registration withHistory = put("two", CONTENT).registration();
        SubscriptionId payer = customer();
        world.map(withHistory, tenant(), payer, null);
        await(world.mappings.end(withHistory, payer, null, OPERATOR));
        put("three", CONTENT);

        assertThat(delete("one")).isEqualTo(RegistrationDeletion.InUse);
        assertThat(delete("two")).isEqualTo(RegistrationDeletion.InUse);
        assertThat(delete("THREE")).isEqualTo(RegistrationDeletion.Deleted);
        assertThat(delete("three")).isEqualTo(RegistrationDeletion.Absent);
        assertThat(await(registrations.all())).extracting(Registration::name).containsExactly("one", "two");
        assertThat(audited("registration.delete")).hasSize(1);
    }

    @Test
    void referencesMeanOneOrNoneOrSeveral() {
        SubscriptionId otherBase = customer();
        Registration one = put("azs", CONTENT).registration();
        Registration two = put("second", CONTENT).registration();
        Registration three = await(registrations.put(otherBase, "group", "AZS", CONTENT, OPERATOR))
                .registration();

        assertThat(await(registrations.findByReference("Second"))).containsExactly(two);
        assertThat(await(registrations.findByReference("azs"))).containsExactly(one, three);
        assertThat(await(registrations.findByReference(three.resourceId().toUpperCase(java.util.Locale.ROOT))))
                .containsExactly(three);
        assertThat(await(registrations.findByReference("none"))).isEmpty();
        assertThat(await(registrations.listBySubscription(BASE))).containsExactly(one, two);
        assertThat(await(registrations.listByGroup(otherBase, "Group"))).containsExactly(three);
        assertThat(await(registrations.listByGroup(otherBase, "elsewhere"))).isEmpty();
    }

    @Test
    void deliveryEndpointIsTheDefaultOneUntilItIsGiven() {
        RegistrationContent other = new RegistrationContent(null, null, null, null, null, "chargeback");
        assertThat(put("azs", CONTENT).registration().deliveryEndpoint()).isEqualTo("default");
        RegistrationOutcome changed = put("azs", other);
        assertThat(changed.kind()).isEqualTo(Kind.Changed);
        assertThat(changed.registration().deliveryEndpoint()).isEqualTo("chargeback");
        assertThat(put("azs", CONTENT).kind()).as("what is left out stays").isEqualTo(Kind.Unchanged);
        assertThat(put("second", other).registration().deliveryEndpoint()).isEqualTo("chargeback");
        assertThat(audited("registration.put"))
                .anyMatch(entry -> entry.contains("\"deliveryEndpoint\":\"chargeback\""));
    }

    @Test
    void cspSubscriptionsAreBasesAndWhoeverEverPaid() {
        Registration registration = put("azs", CONTENT).registration();
        SubscriptionId payer = customer();
        assertThat(await(registrations.isCspSubscription(payer))).isFalse();
        world.map(registration, tenant(), payer, null);
        await(world.mappings.end(registration, payer, null, OPERATOR));
        assertThat(await(registrations.isCspSubscription(payer))).isTrue();
        assertThat(await(registrations.isCspSubscription(BASE))).isTrue();
    }

    private RegistrationOutcome put(String name, RegistrationContent content) {
        return await(registrations.put(BASE, "group", name, content, OPERATOR));
    }

    private RegistrationDeletion delete(String name) {
        return await(registrations.delete(BASE, "group", name, OPERATOR));
    }

    private List<String> audited(String action) {
        return world.postgres.query("select detail from audit_entry where action = '" + action + "'");
    }
}
