package io.tallygate.store.directory;

import java.util.List;

/**
 * What is counted.
 *
 * @param id as on the wire, case kept; looked up without case
 * @param name never changes, nor does {@code unit}: sealed usage shows both
 * @param chargeable whether its usage is routed to a payer
 * @param overlaps ids of meters that count the same usage
 * @param commerceMeterId the meter under which it is billed
 */
public record Meter(
        String id,
        String name,
        String resourceProvider,
        String unit,
        boolean deprecated,
        boolean chargeable,
        List<String> overlaps,
        String commerceMeterId) {
    /**
     * A meter id as it is looked up: A to Z without case, everything else as it is. The database does the same
     * ({@code lower(… collate "C")}); any other rule would differ from it for some letter of some locale.
     */
    public static String key(String id) {
        char[] key = id.toCharArray();
        for (int i = 0; i < key.length; i++) {
            if (key[i] >= 'A' && key[i] <= 'Z') {
                key[i] = (char) (key[i] + ('a' - 'A'));
            }
        }
        return new String(key);
    }
}
