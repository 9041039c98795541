package io.tallygate.deploy.demo;

import io.tallygate.store.directory.SubscriptionId;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a person reads when the demo is ready: where it is, who exists, and lines to paste. */
final class Welcome {
    private static final String ROW = "  %-20s  %-31s  %-36s  %s%n";
    private static final String PREVIEW = "api-version=2015-06-01-preview";

    private final DemoInfo info;
    private final DemoDirectory directory;
    private final SampleWorld world = new SampleWorld();

    Welcome(DemoInfo info, DemoDirectory directory) {
        this.info = info;
        this.directory = directory;
    }

    /** Prints it. */
    void print(PrintWriter out) {
        out.printf("%nTallygate demo is ready.%n%n");
        places(out);
        out.println();
        people(out);
        out.printf("%nTry these lines:%n");
        lines().forEach(line -> out.printf("%n  # %s%n  %s%n", line.purpose(), line.command()));
        out.printf("%nThe header files are renewed while the demo runs.%n");
        out.printf("A token alone: tallygate token%s --as Contoso%n", dataOption());
        out.printf("Usage of your own: tallygate import%s FILE%n", dataOption());
        out.printf("Client ids and secrets: %s%n", directory.infoFile());
        out.printf("Ctrl-C stops the demo; its data stays.%n");
        out.flush();
    }

    /** A curl line, and what it shows. */
    record Line(String purpose, String command) {}

    /** The lines to paste; each works at once. */
    List<Line> lines() {
        DemoInfo.Tenant first = info.tenants().get(0);
        String range = "reportedStartTime=" + info.data().reportedStartTime() + "&reportedEndTime="
                + info.data().reportedEndTime();
        List<Line> lines = new ArrayList<>();
        lines.add(new Line(
                first.name() + " reads its own usage by day",
                curl(
                        first.name(),
                        "/subscriptions/" + first.subscriptionIds().get(0)
                                + "/providers/Microsoft.Commerce/UsageAggregates?" + PREVIEW + "&" + range)));
        lines.add(new Line(
                "the same as CSV with an API key, for tools that cannot send a token (good for 90 days)",
                "K=$(" + curl(first.name(), "/apiKeys") + " -s -H 'Content-Type: application/json' -d "
                        + "'{\"displayName\":\"example\",\"subscriptions\":[\""
                        + first.subscriptionIds().get(0) + "\"]}' | sed 's/.*\"key\":\"\\([^\"]*\\)\".*/\\1/')"
                        + "; curl --cacert '" + directory.caFile() + "' -H \"x-api-key: $K\" '" + info.baseUrl()
                        + "/subscriptions/" + first.subscriptionIds().get(0)
                        + "/providers/Microsoft.Commerce/UsageAggregates?" + PREVIEW + "&" + range + "&$format=csv'"));
        lines.add(new Line(
                "the operator reads everyone's",
                curl(
                        "operator",
                        "/subscriptions/" + info.operator().subscriptionId()
                                + "/providers/Microsoft.Commerce.Admin/subscriberUsageAggregates?" + PREVIEW + "&"
                                + range)));
        lines.add(new Line(
                "who pays for whom",
                curl(
                        "operator",
                        "/subscriptions/" + info.registration().subscriptionId() + "/resourceGroups/"
                                + info.registration().resourceGroup()
                                + "/providers/Microsoft.AzureStack/registrations/"
                                + info.registration().name() + "/customerSubscriptions?api-version=2022-06-01")));
        lines.add(new Line(
                "the proof that nothing is lost",
                curl(
                        "operator",
                        "/reconciliation?from=" + info.data().reportedStartTime() + "&to="
                                + info.data().reportedEndTime())));
        lines.add(new Line(
                "what the CSP subscriptions were billed",
                "curl --cacert '" + directory.caFile() + "' '" + info.commerceUrl() + "/'"));
        return lines;
    }

    private String dataOption() {
        return directory.equals(DemoDirectory.of(null, System.getenv())) ? "" : " --data '" + directory.root() + "'";
    }

    private String curl(String who, String path) {
        return "curl --cacert '" + directory.caFile() + "' -H '@" + directory.headerFile(who) + "' '" + info.baseUrl()
                + path + "'";
    }

    private void places(PrintWriter out) {
        place(
                out,
                "Portal",
                info.baseUrl() + "/portal/  (in a browser; it trusts the certificate below, or is told to)");
        place(out, "Gateway", info.baseUrl());
        place(out, "Management", info.managementUrl());
        place(out, "Commerce", info.commerceUrl() + "  (bills what is delivered; GET / shows it)");
        place(out, "Issuers", info.issuer().replace(info.operator().tenantId(), "{tenantId}"));
        place(out, "Certificate", info.caFile());
        place(out, "Data", directory.root().toString());
        place(
                out,
                "Usage",
                String.format(
                        Locale.ROOT,
                        "%s to %s, %,d hourly and %,d daily aggregates",
                        info.data().reportedStartTime().substring(0, 10),
                        info.data().reportedEndTime().substring(0, 10),
                        info.data().hourlyAggregates(),
                        info.data().dailyAggregates()));
    }

    private static void place(PrintWriter out, String name, String value) {
        out.printf("  %-12s %s%n", name, value);
    }

    private void people(PrintWriter out) {
        out.printf(ROW, "WHO", "SUBSCRIPTION", "ID", "PAID BY");
        out.printf(ROW, "Operator", "default provider", info.operator().subscriptionId(), "");
        out.printf(
                ROW,
                "Registration",
                info.registration().name(),
                info.registration().subscriptionId(),
                "(the base subscription)");
        world.everyone().forEach(tenant -> tenant(out, tenant));
    }

    private static void tenant(PrintWriter out, SampleTenant tenant) {
        String payer = tenant.customerSubscription()
                .map(SubscriptionId::toString)
                .orElse("nobody is mapped: the base subscription");
        for (SampleSubscription each : tenant.subscriptions()) {
            boolean provider = each.workload().equals(Workload.NONE);
            String note = provider
                    ? "(a delegated provider)"
                    : payer
                            + (each.deleted() ? " (deleted)" : "")
                            + (tenant.mappings().size() > 1 ? " (changed)" : "");
            out.printf(ROW, tenant.name(), each.name(), each.id(), note);
        }
    }
}
