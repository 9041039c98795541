package io.tallygate.deploy.bench;

import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.usage.ResourceInstance;
import java.util.List;
import java.util.Locale;

/**
 * A resource and a meter of it. Three slots of a subscription share a resource; a small subscription has one slot alone.
 *
 * @param instance counts the resources of all subscriptions from 0
 * @param meterId of the public catalogue, chargeable
 */
record Slot(SubscriptionId subscription, int instance, String meterId) {
    private static final int METERS = 3;
    private static final List<List<String>> KINDS = List.of(
            List.of(
                    "FAB6EB84-500B-4A09-A8CA-7358F8BBAEA5",
                    "9CD92D4C-BAFD-4492-B278-BEDC2DE8232A",
                    "190C935E-9ADA-48FF-9AB8-56EA1CF9ADAA"),
            List.of(
                    "B4438D5D-453B-4EE1-B42A-DC72E377F1E4",
                    "B5C15376-6C94-4FDD-B655-1A69D138ACA3",
                    "09F8879E-87E9-4305-A572-4B7BE209F857"),
            List.of(
                    "380874f9-300c-48e0-95a0-d2d9a21ade8f",
                    "7ba084ec-ef9c-4d64-a179-7732c6cb5e28",
                    "108fa95b-be0d-4cd9-96e8-5b0d59505df1"));
    private static final List<String> TYPES = List.of(
            "Microsoft.Compute/virtualMachines/vm-",
            "Microsoft.Storage/storageAccounts/store",
            "Microsoft.Compute/disks/disk-");
    private static final List<String> DEPARTMENTS = List.of("finance", "research", "retail", "logistics", "health");

    /** The slot of this number in the world's order. */
    static Slot of(int number) {
        if (number < World.SMALL) {
            return new Slot(World.owner(number), number, KINDS.get(0).get(0));
        }
        int rest = number - World.SMALL;
        int turn = rest / World.SUBSCRIPTIONS;
        int instance = World.SMALL + turn / METERS * World.SUBSCRIPTIONS + rest % World.SUBSCRIPTIONS;
        return new Slot(
                World.owner(number),
                instance,
                KINDS.get(turn / METERS % KINDS.size()).get(turn % METERS));
    }

    /** Whether this is the first slot of its resource. */
    boolean isFirst() {
        return KINDS.stream().anyMatch(kind -> kind.get(0).equals(meterId));
    }

    /** The resource with its tags: some 400 bytes of {@code instanceData} as it is on the wire. */
    ResourceInstance resource() {
        int kind = isOf(0) ? 0 : isOf(1) ? 1 : 2;
        String uri = String.format(
                Locale.ROOT,
                "/subscriptions/%s/resourceGroups/rg-%03d/providers/%s%06d",
                subscription,
                instance / 100 % 500,
                TYPES.get(kind),
                instance);
        String tags = "{\"costCenter\":\"CC-" + (1000 + instance % 97) + "\",\"department\":\""
                + DEPARTMENTS.get(instance % DEPARTMENTS.size()) + "\",\"environment\":\""
                + (instance % 4 == 0 ? "production" : "test") + "\",\"owner\":\"team-" + instance % 23
                + "@contoso.example\"}";
        String additional = kind == 0
                ? "{\"ImageType\":\"Windows_Svr\",\"ServiceType\":\"Standard_D" + (2 << instance % 4) + "_v2\"}"
                : null;
        return new ResourceInstance(subscription, uri, "local", tags, additional);
    }

    private boolean isOf(int kind) {
        return KINDS.get(kind).contains(meterId);
    }
}
