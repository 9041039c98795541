package io.tallygate.gateway.collect;

import io.tallygate.gateway.collect.SourceException.Kind;
import java.util.HashSet;
import java.util.Set;

/**
 * The links from page to page that were followed: none twice, and so many at the most. A loop would go on for ever; and whatever
 * stands between us and the source may repeat an answer, whose rows would be taken for twins of those before.
 */
public final class FollowedLinks {
    private final int most;
    private final Set<String> followed = new HashSet<>();

    /** So many at the most. */
    public FollowedLinks(int most) {
        this.most = most;
    }

    /**
     * The page, before anything is taken of it.
     *
     * @throws SourceException if its link was there before, or there are too many
     */
    public SourcePage once(SourcePage page) {
        if (page.next().isPresent() && !followed.add(page.next().get())) {
            throw new SourceException(Kind.Malformed, "nextLink leads to a page that was there before");
        }
        if (followed.size() > most) {
            throw new SourceException(Kind.Malformed, "more than " + most + " pages");
        }
        return page;
    }
}
