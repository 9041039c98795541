package io.tallygate.gateway.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The query of a request's address as it was sent. */
public final class RawQuery {
    private RawQuery() {}

    /**
     * The query without the parameters of these names, in any case and however they are encoded; all others stay as they are.
     *
     * @param query null for none
     */
    public static String without(String query, List<String> names) {
        return query == null
                ? ""
                // Both separate: who decodes a query takes either.
                : Arrays.stream(query.split("[&;]", -1))
                        .filter(pair -> !pair.isEmpty() && !isOneOf(pair, names))
                        .collect(Collectors.joining("&"));
    }

    // Of what cannot be decoded nobody knows whether it is one of them.
    private static boolean isOneOf(String pair, List<String> names) {
        try {
            String name = URLDecoder.decode(pair.split("=", 2)[0], StandardCharsets.UTF_8);
            return names.stream().anyMatch(name::equalsIgnoreCase);
        } catch (IllegalArgumentException malformed) {
            return true;
        }
    }
}
