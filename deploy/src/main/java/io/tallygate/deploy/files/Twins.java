package io.tallygate.deploy.files;

import io.tallygate.gateway.collect.FileFormat;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.ToIntFunction;

/**
 * Tells rows of a file apart that are alike in all that makes an identity, in two readings and little memory. In the first
 * one it learns which keys may be there more than once: a Bloom filter never misses one. In the second it counts those, and
 * only those.
 */
final class Twins implements ToIntFunction<UUID> {
    private static final int FEWEST_BITS = 1 << 20;
    // 32 MiB: of forty million rows one in sixty is counted without need.
    private static final int MOST_BITS = 1 << 28;
    // A row is rarely shorter, and rarely better compressed. If there are more, more are counted.
    private static final int BYTES_OF_A_ROW = 64;
    private static final int COMPRESSED = 2;
    private static final int BITS_FOR_A_ROW = 8;
    private static final int MOST = 1_000_000;

    private final Map<UUID, Integer> counts = new HashMap<>();
    private final int bits;
    private long[] filter;

    private Twins(int bits) {
        this.bits = bits;
        this.filter = new long[bits / Long.SIZE];
    }

    /** For a file of this size. */
    static Twins of(FoundFile file) {
        return of(file.attributes().size(), FileFormat.isCompressed(file.name()));
    }

    /** For so many bytes. */
    static Twins of(long size, boolean compressed) {
        long rows = size / (compressed ? COMPRESSED : BYTES_OF_A_ROW);
        long wanted = Long.highestOneBit(Math.max(1, rows)) * 2 * BITS_FOR_A_ROW;
        return new Twins((int) Math.max(FEWEST_BITS, Math.min(MOST_BITS, wanted)));
    }

    /** Begins the second reading. */
    void count() {
        filter = null;
    }

    /**
     * How many rows with this key there were before; of the first reading it is not known, and 0.
     *
     * @throws UnusableFileException if there are too many
     */
    @Override
    public int applyAsInt(UUID key) {
        if (filter == null) {
            Integer now = counts.computeIfPresent(key, (same, before) -> before + 1);
            return now == null ? 0 : now - 1;
        }
        if (wasThere(key) && counts.put(key, 0) == null && counts.size() > MOST) {
            throw new UnusableFileException("more than " + MOST
                    + " kinds of rows may be there more than once: expected at most 40,000,000 rows in a file");
        }
        return 0;
    }

    // The key is a hash: any of its bits are as good as others. All of them are set, whatever was there.
    private boolean wasThere(UUID key) {
        boolean first = set(key.getMostSignificantBits());
        boolean second = set(key.getMostSignificantBits() >>> 32);
        boolean third = set(key.getLeastSignificantBits());
        return first && second && third;
    }

    private boolean set(long hash) {
        int bit = (int) (hash & (bits - 1));
        long mask = 1L << bit;
        boolean before = (filter[bit / Long.SIZE] & mask) != 0;
        filter[bit / Long.SIZE] |= mask;
        return before;
    }
}
