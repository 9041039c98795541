package io.tallygate.gateway.collect;

import java.time.Duration;

/** What can be collected from; the names are those of the configuration. */
public enum SourceType {
    /**
     * Azure Stack Hub's provider usage API. It has an hour's usage up to two hours later, says of the current UTC day that it is
     * not processed, and gives a provider the usage of its direct tenants alone: it is asked under each of them.
     */
    azureStackHub(Duration.ofHours(2), true, true),
    /** Another Tallygate, which speaks the same protocol, shows its operator everybody, and says itself what is not sealed yet. */
    tallygate(Duration.ZERO, false, false),
    /**
     * OpenStack's CloudKitty. It rates an hour when the two after it are over ({@code collect.wait_periods}), and
     * says itself how far it is.
     */
    cloudKitty(Duration.ofHours(3), false, false),
    /** A directory in which files of usage arrive, which is not asked for windows: a {@link DirectoryConfig}. */
    directory(Duration.ZERO, false, false);

    private final Duration usualLag;
    private final boolean askedByDay;
    private final boolean directTenantsOnly;

    SourceType(Duration usualLag, boolean askedByDay, boolean directTenantsOnly) {
        this.usualLag = usualLag;
        this.askedByDay = askedByDay;
        this.directTenantsOnly = directTenantsOnly;
    }

    /** How long after its end a window is final, unless the configuration says otherwise. */
    public Duration usualLag() {
        return usualLag;
    }

    /** Whether nothing of a UTC day is asked for before it is over. */
    public boolean isAskedByDay() {
        return askedByDay;
    }

    /** Whether the usage of delegated providers' tenants is not among what it gives. */
    public boolean givesDirectTenantsOnly() {
        return directTenantsOnly;
    }
}
