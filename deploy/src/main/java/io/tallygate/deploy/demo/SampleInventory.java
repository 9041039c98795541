package io.tallygate.deploy.demo;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Furnishes one sample subscription: its resources and the meters they run up. */
final class SampleInventory {
    private static final String[] ROLES = {"web", "app", "db", "cache", "worker", "build"};
    private static final List<Size> SIZES = List.of(
            new Size("Standard_D1_v2", 1, false),
            new Size("Standard_D2_v2", 2, false),
            new Size("Standard_DS3_v2", 4, true),
            new Size("Standard_F4s", 4, true),
            new Size("Standard_D4_v2", 8, false));

    private record Size(String name, int cores, boolean premium) {}

    private final SampleSubscription subscription;
    private final List<SampleSeries> series = new ArrayList<>();
    private final String code;

    private SampleInventory(SampleSubscription subscription) {
        this.subscription = subscription;
        this.code = subscription.name().toLowerCase(Locale.ROOT).replace(' ', '-');
    }

    /** Everything that is reported for this subscription, its workload taken {@code scale} times. */
    static List<SampleSeries> of(SampleSubscription subscription, int scale) {
        SampleInventory inventory = new SampleInventory(subscription);
        Workload workload = subscription.workload().times(scale);
        inventory.machines(workload);
        inventory.network(workload);
        inventory.data(workload);
        inventory.applications(workload);
        return List.copyOf(inventory.series);
    }

    private void machines(Workload workload) {
        for (int i = 0; i < workload.linux(); i++) {
            Size size = SIZES.get(i % SIZES.size());
            machine(name("lx", i), ROLES[i % ROLES.length], size, "Canonical", Curve.alwaysOn(1), "prod");
        }
        for (int i = 0; i < workload.windows(); i++) {
            Size size = SIZES.get((i + 1) % SIZES.size());
            String name = name("win", i);
            machine(name, ROLES[(i + 1) % ROLES.length], size, "Windows_Server", Curve.alwaysOn(1), "prod");
            disk(name + "-data", ROLES[(i + 1) % ROLES.length], size.premium(), true, 410 + 17.5 * i, "prod");
        }
        for (int i = 0; i < workload.office(); i++) {
            machine(name("dev", i), "build", SIZES.get(1), "Canonical", Curve.officeHours(1), "dev");
        }
    }

    private void machine(String name, String role, Size size, String image, Curve running, String environment) {
        Map<String, String> info = new LinkedHashMap<>();
        info.put("ImageType", image);
        info.put("ServiceType", size.name());
        info.put("VMName", null);
        info.put("VMProperties", null);
        info.put("UsageType", "ComputeHR");
        SampleResource machine = resource(role, "Microsoft.Compute/virtualMachines", name, environment, info);
        boolean windows = image.startsWith("Windows");
        Curve cores = (hour, noise) -> running.at(hour, noise).multiply(BigDecimal.valueOf(size.cores()));
        add(machine, windows ? SampleMeters.WINDOWS_CORE_HOURS : SampleMeters.BASE_CORE_HOURS, cores);
        add(machine, SampleMeters.VM_HOURS, running);
        disk(name + "-os", role, size.premium(), false, windows ? 61.25 : 23.5, environment);
    }

    private void disk(String name, String role, boolean premium, boolean large, double gigabytes, String environment) {
        SampleResource disk = resource(role, "Microsoft.Compute/disks", name, environment, Map.of());
        String standard = large ? SampleMeters.STANDARD_DISK_20 : SampleMeters.STANDARD_DISK_10;
        String fast = large ? SampleMeters.PREMIUM_DISK_20 : SampleMeters.PREMIUM_DISK_10;
        add(disk, premium ? fast : standard, Curve.monthly());
        add(
                disk,
                premium ? SampleMeters.PREMIUM_DISK_SIZE : SampleMeters.STANDARD_DISK_SIZE,
                Curve.monthlySize(gigabytes));
    }

    private void network(Workload workload) {
        for (int i = 0; i < workload.staticAddresses(); i++) {
            add(address(name("pip", i)), SampleMeters.STATIC_ADDRESS, Curve.constant(1));
        }
        for (int i = 0; i < workload.dynamicAddresses(); i++) {
            add(address(name("dip", i)), SampleMeters.DYNAMIC_ADDRESS, Curve.constant(1));
        }
    }

    private SampleResource address(String name) {
        return resource("network", "Microsoft.Network/publicIPAddresses", name, "prod", Map.of());
    }

    private void data(Workload workload) {
        for (int i = 0; i < workload.storage(); i++) {
            storage(name("st", i).replace("-", ""));
        }
        for (int i = 0; i < workload.sql(); i++) {
            add(database("Microsoft.SQLAdapter", name("sql", i)), SampleMeters.SQL_SIZE, Curve.size(10240.5));
        }
        for (int i = 0; i < workload.mysql(); i++) {
            add(database("Microsoft.MySQLAdapter", name("my", i)), SampleMeters.MYSQL_SIZE, Curve.size(4096.25));
        }
    }

    private void storage(String name) {
        SampleResource account = resource("data", "Microsoft.Storage/storageaccounts", name, "prod", Map.of());
        add(account, SampleMeters.BLOCK_BLOB_CAPACITY, Curve.size(512.75));
        add(account, SampleMeters.PAGE_BLOB_CAPACITY, Curve.size(128.125));
        add(account, SampleMeters.TABLE_CAPACITY, Curve.size(3.5));
        add(account, SampleMeters.QUEUE_CAPACITY, Curve.size(0.25));
        add(account, SampleMeters.BLOB_TRANSACTIONS, Curve.traffic(42));
        add(account, SampleMeters.BLOB_IN, Curve.traffic(6.5));
        add(account, SampleMeters.BLOB_OUT, Curve.traffic(19));
        add(account, SampleMeters.TABLE_TRANSACTIONS, Curve.traffic(7.25));
        add(account, SampleMeters.QUEUE_TRANSACTIONS, Curve.traffic(11));
    }

    private SampleResource database(String provider, String name) {
        return resource("data", provider + "/databases", name, "prod", Map.of());
    }

    private void applications(Workload workload) {
        for (int i = 0; i < workload.vaults(); i++) {
            SampleResource vault = resource("security", "Microsoft.KeyVault/vaults", name("kv", i), "prod", Map.of());
            add(vault, SampleMeters.KEY_VAULT_TRANSACTIONS, Curve.traffic(0.8));
        }
        for (int i = 0; i < workload.sites(); i++) {
            SampleResource site = resource("web", "Microsoft.Web/sites", name("site", i), "prod", Map.of());
            add(site, SampleMeters.APP_SERVICE_CORES, Curve.autoscaled(1, 8));
            add(site, SampleMeters.FUNCTION_REQUESTS, Curve.traffic(5300));
            add(site, SampleMeters.APP_SERVICE_EGRESS, Curve.traffic(2.75));
        }
        for (int i = 0; i < workload.eventHubs(); i++) {
            SampleResource hubs = resource("data", "Microsoft.EventHub/clusters", name("eh", i), "prod", Map.of());
            add(hubs, SampleMeters.EVENT_HUBS_CORE, Curve.constant(10));
        }
    }

    private SampleResource resource(
            String group, String type, String name, String environment, Map<String, String> additionalInfo) {
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put("department", subscription.department());
        tags.put("costCenter", "CC-" + (1000 + Math.floorMod(Noise.series(code + group), 9000)));
        tags.put("environment", environment);
        String uri = "/subscriptions/" + subscription.id() + "/resourceGroups/rg-" + group + "-" + environment
                + "/providers/" + type + "/" + name;
        return new SampleResource(uri, tags, additionalInfo);
    }

    private void add(SampleResource resource, String meter, Curve curve) {
        String[] path = resource.uri().split("/", -1);
        series.add(new SampleSeries(
                "/demo/" + path[6],
                code + "/" + series.size(),
                resource.uri(),
                subscription.id(),
                meter,
                resource,
                curve,
                subscription.workload().days()));
    }

    private static String name(String kind, int index) {
        return String.format(Locale.ROOT, "%s-%02d", kind, index + 1);
    }
}
