package io.tallygate.routing.commerce;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Pattern;

/** The form that every address of an endpoint must have. */
public final class EndpointUrl {
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");

    private EndpointUrl() {}

    /**
     * What is wrong with the address, if something is: it must be https with a host, no user, no query and no fragment;
     * http only to the loopback address.
     */
    public static Optional<String> problem(String text) {
        final URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException malformed) {
            return Optional.of("must be an https URL");
        }
        if (uri.getHost() == null || !isProtected(uri)) {
            return Optional.of("must be an https URL with a host (http only to localhost)");
        }
        if (uri.getRawUserInfo() != null || uri.getRawFragment() != null || uri.getRawQuery() != null) {
            return Optional.of("must be a URL without user, query and fragment");
        }
        return Optional.empty();
    }

    /**
     * The address in an option.
     *
     * @throws IllegalArgumentException if it has not that form; the message does not quote it
     */
    static String option(EndpointConfig config, String option) {
        String text = config.options().get(option);
        Optional<String> problem = problem(text);
        if (problem.isPresent()) {
            throw new IllegalArgumentException("Endpoint " + config.name() + ": " + option + " " + problem.get());
        }
        return text;
    }

    /** The same without slashes at its end, to put a path after it. */
    static String base(EndpointConfig config, String option) {
        return option(config, option).replaceAll("/+$", "");
    }

    private static boolean isProtected(URI uri) {
        boolean loopback = LOOPBACK.matcher(uri.getHost()).matches();
        return "https".equalsIgnoreCase(uri.getScheme()) || ("http".equalsIgnoreCase(uri.getScheme()) && loopback);
    }
}
