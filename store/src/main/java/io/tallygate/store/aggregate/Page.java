package io.tallygate.store.aggregate;

import java.util.List;
import java.util.function.Function;

/**
 * Some rows of a longer list.
 *
 * @param next where the next page begins; null if this one is the last
 */
public record Page<T, P>(List<T> rows, P next) {
    /** A page of at most {@code size} rows, made from up to one row more: the extra one only tells that there are more. */
    public static <T, P> Page<T, P> of(List<T> oneMore, int size, Function<T, P> position) {
        return oneMore.size() <= size
                ? new Page<>(oneMore, null)
                : new Page<>(oneMore.subList(0, size), position.apply(oneMore.get(size - 1)));
    }
}
