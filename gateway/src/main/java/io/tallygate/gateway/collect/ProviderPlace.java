package io.tallygate.gateway.collect;

import io.tallygate.gateway.collect.SourceException.Kind;
import io.tallygate.store.directory.SubscriptionId;
import java.util.Optional;

/**
 * A page of a window that is asked for under one provider after the other.
 *
 * @param providers the name of the list of providers that it goes by; empty for the first of them, which is always the same
 * @param index in the list
 * @param link the page; empty for the first one under that provider
 */
record ProviderPlace(String providers, int index, Optional<String> link) {
    /** The beginning of a window. */
    static final ProviderPlace FIRST = new ProviderPlace("", 0, Optional.empty());

    /** As {@link #text} wrote it. */
    static ProviderPlace of(String text) {
        String[] parts = text.split(" ", 3);
        return new ProviderPlace(
                parts[0], Integer.parseInt(parts[1]), parts[2].isEmpty() ? Optional.empty() : Optional.of(parts[2]));
    }

    /** As {@code next} of a page. */
    String text() {
        return providers + " " + index + " " + link.orElse("");
    }

    /** Whether it is the first page of another provider than before. */
    boolean beginsAnew() {
        return index > 0 && link.isEmpty();
    }

    /**
     * The provider under which it is.
     *
     * @throws SourceException if there are others meanwhile: the window begins anew
     */
    SubscriptionId provider(StampProviders.Known known) {
        if (index > 0 && !providers.equals(known.name())) {
            throw new SourceException(Kind.Away, "its delegated providers changed while a window was pulled");
        }
        return known.inOrder().get(index);
    }

    /** The page after this one, of which it is said where its next one is; empty if this was the last of the last provider. */
    Optional<ProviderPlace> next(StampProviders.Known known, Optional<String> after) {
        if (after.isPresent()) {
            return Optional.of(new ProviderPlace(providers, index, after));
        }
        return index + 1 < known.inOrder().size()
                ? Optional.of(new ProviderPlace(known.name(), index + 1, Optional.empty()))
                : Optional.empty();
    }
}
