package io.tallygate.store.aggregate;

import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import java.util.function.Function;

/**
 * An instance as rows show it. It never changes, and all its rows share one object. So do they share its arrays: nobody
 * may write into them.
 */
public final class Instance {
    private final SubscriptionId subscription;
    private final TenantId tenant;
    private final byte[] digest;
    private final byte[] data;
    private volatile Object form;

    /** Of these parts, whose arrays are its own from now on. */
    public Instance(SubscriptionId subscription, TenantId tenant, byte[] digest, byte[] data) {
        this.subscription = subscription;
        this.tenant = tenant;
        this.digest = digest;
        this.data = data;
    }

    /** The local subscription that it belongs to. */
    public SubscriptionId subscription() {
        return subscription;
    }

    /** The tenant of that subscription. */
    public TenantId tenant() {
        return tenant;
    }

    /** SHA-256 of what makes it distinct. */
    public byte[] digest() {
        return digest;
    }

    /** The wire's {@code instanceData}: a complete JSON string literal in UTF-8, quotes and escapes included. */
    public byte[] data() {
        return data;
    }

    /**
     * Another form of the data, made when it is asked for first and kept as long as the instance. There is only one: all
     * must ask for the same.
     */
    public <T> T form(Class<T> type, Function<Instance, T> make) {
        Object made = form;
        if (made == null) {
            made = make.apply(this);
            form = made;
        }
        return type.cast(made);
    }

    /** This instance shown with other {@code instanceData}. */
    public Instance withData(byte[] other) {
        return new Instance(subscription, tenant, digest, other);
    }
}
