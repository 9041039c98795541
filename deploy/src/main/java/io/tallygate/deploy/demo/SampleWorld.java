package io.tallygate.deploy.demo;

import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Who exists in the demo: a cloud of Northwind's with one registration, seven tenants and a delegated provider. All
 * ids are fixed. Tenants start with {@code a}, subscriptions with {@code 5}, CSP subscriptions with {@code c}.
 */
public final class SampleWorld {
    /** The operator's tenant. */
    public static final TenantId OPERATOR_TENANT =
            new TenantId(UUID.fromString("0e000000-0000-4000-8000-000000000001"));

    /** The operator's default provider subscription. */
    public static final SubscriptionId OPERATOR_SUBSCRIPTION = subscription(1);

    /** The operator's name. */
    public static final String OPERATOR_NAME = "Northwind Cloud";

    /** The registration's own CSP subscription: it pays where nothing is mapped. */
    public static final SubscriptionId BASE_SUBSCRIPTION = payer(1);

    /** The resource group of the registration. */
    public static final String RESOURCE_GROUP = "azurestack";

    /** The name of the registration. */
    public static final String REGISTRATION = "northwind";

    private static final SubscriptionId PROVIDER_SUBSCRIPTION = subscription(60);
    private static final int ALL = SamplePeriod.DAYS;

    private final SampleTenant provider = new SampleTenant(
            tenant(6),
            "Proseware Hosting",
            List.of(own(60, "Proseware Provider Subscription", "proseware", "Hosting", Workload.NONE)),
            List.of());

    private final List<SampleTenant> tenants = List.of(
            new SampleTenant(
                    tenant(1),
                    "Contoso",
                    List.of(own(
                            10,
                            "Contoso Production",
                            "contoso",
                            "Retail",
                            new Workload(12, 5, 2, 3, 4, 1, 1, 1, 1, 1, 1, ALL))),
                    List.of(new SampleMapping(payer(10), 0, 0))),
            new SampleTenant(
                    tenant(2),
                    "Fabrikam",
                    List.of(
                            own(
                                    20,
                                    "Fabrikam Web Shop",
                                    "fabrikam",
                                    "Sales",
                                    new Workload(3, 1, 1, 2, 1, 1, 1, 0, 1, 1, 0, ALL)),
                            own(
                                    21,
                                    "Fabrikam Data Platform",
                                    "fabrikam",
                                    "Research",
                                    new Workload(2, 0, 0, 1, 0, 1, 1, 1, 1, 0, 2, ALL))),
                    List.of(new SampleMapping(payer(20), 0, 0))),
            new SampleTenant(
                    tenant(3),
                    "Adatum",
                    List.of(own(
                            30,
                            "Adatum Clinic",
                            "adatum",
                            "Health",
                            new Workload(2, 1, 0, 1, 1, 1, 0, 0, 1, 0, 0, ALL))),
                    List.of(new SampleMapping(payer(30), 0, 0), new SampleMapping(payer(31), 14, 10))),
            new SampleTenant(
                    tenant(4),
                    "Litware",
                    List.of(own(
                            40,
                            "Litware Labs",
                            "litware",
                            "Engineering",
                            new Workload(2, 0, 1, 1, 0, 0, 0, 1, 0, 1, 0, ALL))),
                    List.of()),
            new SampleTenant(
                    tenant(5),
                    "Woodgrove",
                    List.of(
                            own(
                                    50,
                                    "Woodgrove Bank",
                                    "woodgrove",
                                    "Finance",
                                    new Workload(0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, ALL)),
                            deleted(
                                    51,
                                    "Woodgrove Pilot",
                                    "woodgrove",
                                    "Finance",
                                    new Workload(1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 20))),
                    List.of(new SampleMapping(payer(50), 0, 0))),
            new SampleTenant(
                    tenant(7),
                    "Alpine Ski House",
                    List.of(direct(
                            61,
                            "Alpine Booking",
                            "alpineskihouse",
                            "Tourism",
                            new Workload(2, 0, 0, 1, 0, 0, 1, 0, 1, 0, 0, ALL))),
                    List.of(new SampleMapping(payer(70), 0, 0))),
            new SampleTenant(
                    tenant(8),
                    "Humongous Insurance",
                    List.of(direct(
                            62,
                            "Humongous Claims",
                            "humongousinsurance",
                            "Claims",
                            new Workload(1, 1, 0, 1, 0, 0, 0, 0, 0, 1, 0, ALL))),
                    List.of(new SampleMapping(payer(80), 0, 0))));

    /** The tenants with usage, the largest first. */
    List<SampleTenant> tenants() {
        return tenants;
    }

    /** The delegated provider; its one subscription is the provider subscription. */
    SampleTenant delegatedProvider() {
        return provider;
    }

    /** The delegated provider first, because the others' subscriptions name its. */
    Stream<SampleTenant> everyone() {
        return Stream.concat(Stream.of(provider), tenants.stream());
    }

    /** The subscriptions that the delegated provider serves. */
    List<SampleSubscription> directTenants() {
        return tenants.stream()
                .flatMap(tenant -> tenant.subscriptions().stream())
                .filter(each -> each.providerSubscription().equals(PROVIDER_SUBSCRIPTION))
                .toList();
    }

    /** The tenant with this name; case and everything after the first word may be left out or differ. */
    Optional<SampleTenant> named(String name) {
        String wanted = name.toLowerCase(Locale.ROOT);
        return everyone()
                .filter(tenant -> {
                    String full = tenant.name().toLowerCase(Locale.ROOT);
                    return full.equals(wanted) || full.startsWith(wanted + " ");
                })
                .findFirst();
    }

    private static SampleSubscription own(int number, String name, String domain, String department, Workload load) {
        return new SampleSubscription(
                subscription(number), name, owner(domain), department, OPERATOR_SUBSCRIPTION, load, false);
    }

    private static SampleSubscription deleted(
            int number, String name, String domain, String department, Workload load) {
        return new SampleSubscription(
                subscription(number), name, owner(domain), department, OPERATOR_SUBSCRIPTION, load, true);
    }

    private static SampleSubscription direct(int number, String name, String domain, String department, Workload load) {
        return new SampleSubscription(
                subscription(number), name, owner(domain), department, PROVIDER_SUBSCRIPTION, load, false);
    }

    private static String owner(String domain) {
        return "admin@" + domain + ".example";
    }

    private static TenantId tenant(int number) {
        return new TenantId(id('a', number));
    }

    private static SubscriptionId subscription(int number) {
        return new SubscriptionId(id('5', number));
    }

    private static SubscriptionId payer(int number) {
        return new SubscriptionId(id('c', number));
    }

    private static UUID id(char kind, int number) {
        return UUID.fromString(String.format(Locale.ROOT, "%c0000000-0000-4000-8000-%012d", kind, number));
    }
}
