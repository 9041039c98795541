package io.tallygate.deploy.demo;

/**
 * What runs in a sample subscription.
 *
 * @param linux servers that are always on, with a system disk
 * @param windows servers that are always on, with a system and a data disk
 * @param office Linux machines that run in office hours
 * @param storage storage accounts with blobs, tables and queues
 * @param sites app service plans
 * @param days how many days of the period it ran
 */
record Workload(
        int linux,
        int windows,
        int office,
        int staticAddresses,
        int dynamicAddresses,
        int storage,
        int sql,
        int mysql,
        int vaults,
        int sites,
        int eventHubs,
        int days) {
    /** Nothing runs: a subscription that only holds others. */
    static final Workload NONE = new Workload(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** The same in {@code n} times the number. */
    Workload times(int n) {
        return new Workload(
                n * linux,
                n * windows,
                n * office,
                n * staticAddresses,
                n * dynamicAddresses,
                n * storage,
                n * sql,
                n * mysql,
                n * vaults,
                n * sites,
                n * eventHubs,
                days);
    }
}
