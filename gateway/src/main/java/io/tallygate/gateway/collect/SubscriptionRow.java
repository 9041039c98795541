package io.tallygate.gateway.collect;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.gateway.http.WireUuid;
import io.tallygate.store.directory.Subscription;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/**
 * Reads a subscription as {@code Microsoft.Subscriptions.Admin} lists it. Who it belongs to must be there; the rest is
 * for people to read, and is made to fit.
 */
final class SubscriptionRow {
    private static final int MAX_TEXT = 256;

    private SubscriptionRow() {}

    /**
     * The subscription; empty if the row does not say which it is, or whose.
     *
     * @param operatorSubscription the provider of those that name none
     */
    static Optional<SourceSubscription> read(JsonNode row, SubscriptionId operatorSubscription) {
        Optional<UUID> id = uuid(row.path("subscriptionId"));
        Optional<UUID> tenant = uuid(row.path("tenantId"));
        JsonNode named = row.path("delegatedProviderSubscriptionId");
        Optional<UUID> provider =
                named.asText().isBlank() || named.isNull() ? Optional.of(operatorSubscription.value()) : uuid(named);
        if (id.isEmpty() || tenant.isEmpty() || provider.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new SourceSubscription(
                new SubscriptionId(id.get()),
                new TenantId(tenant.get()),
                text(row.path("displayName")).orElse(id.get().toString()),
                text(row.path("owner")).orElse(""),
                state(row.path("state").asText()),
                new SubscriptionId(provider.get())));
    }

    // Azure Stack Hub has two more on the way to Deleted. One that nobody knows changes nothing: usage is taken in
    // each.
    private static Subscription.State state(String text) {
        if (text.equalsIgnoreCase("Deleting") || text.equalsIgnoreCase("PartiallyDeleted")) {
            return Subscription.State.Deleted;
        }
        return Arrays.stream(Subscription.State.values())
                .filter(state -> state.name().equalsIgnoreCase(text))
                .findFirst()
                .orElse(Subscription.State.Enabled);
    }

    private static Optional<UUID> uuid(JsonNode value) {
        return value.isTextual() ? WireUuid.parse(value.textValue().strip()) : Optional.empty();
    }

    /** A text for people, made to fit; empty if there is none. */
    static Optional<String> text(JsonNode value) {
        String clean = value.isTextual()
                ? value.textValue().replaceAll("[\\p{Cc}\\p{Cs}]", " ").strip()
                : "";
        if (clean.length() > MAX_TEXT) {
            int end = Character.isHighSurrogate(clean.charAt(MAX_TEXT - 1)) ? MAX_TEXT - 1 : MAX_TEXT;
            clean = clean.substring(0, end);
        }
        return clean.isEmpty() ? Optional.empty() : Optional.of(clean);
    }
}
