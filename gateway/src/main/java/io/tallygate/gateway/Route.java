package io.tallygate.gateway;

import io.tallygate.gateway.http.Answer;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.QueryParameters;
import io.tallygate.gateway.http.TakenBody;
import io.tallygate.gateway.observe.ObservedRequest;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * One operation of the gateway.
 *
 * @param template the path, with <code>{names}</code> for what varies; matched without case, as Azure's are
 * @param versions the values of {@code api-version} that it takes; none if it needs none, {@code "*"} for any or none
 *     given, a date with {@code " and later"} for itself and what came after
 * @param body what it takes of the request's body
 */
public record Route(
        HttpMethod method,
        String template,
        Access access,
        List<String> versions,
        TakenBody body,
        Function<RoutingContext, Future<Answer>> handler) {
    private static final String ANY_VERSION = "*";
    private static final String AND_LATER = " and later";
    private static final Pattern DATED = Pattern.compile("\\d{4}-\\d{2}-\\d{2}(-[a-z]+)?");
    private static final Pattern NAME = Pattern.compile("\\{(\\w+)}");

    /** The path as a regular expression with a named group for each name. */
    String pathPattern() {
        StringBuilder pattern = new StringBuilder("(?i)");
        int end = 0;
        for (var names = NAME.matcher(template); names.find(); end = names.end()) {
            pattern.append(Pattern.quote(template.substring(end, names.start())))
                    .append("(?<")
                    .append(names.group(1))
                    .append(">[^/]+)");
        }
        return pattern.append(Pattern.quote(template.substring(end)))
                .append("/?")
                .toString();
    }

    /** Says that this route took a request. */
    void observe(RoutingContext ctx) {
        ObservedRequest.of(ctx).routed(method.name(), template);
    }

    /** Refuses a request without an api-version that this route takes. */
    void checkVersion(RoutingContext ctx) {
        if (versions.isEmpty() || versions.contains(ANY_VERSION)) {
            return;
        }
        String version = new QueryParameters(ctx.queryParams())
                .find("api-version")
                .orElseThrow(() -> ApiError.NoApiVersion.because(
                        "`api-version` is missing: expected " + String.join(" or ", versions)));
        if (versions.stream().noneMatch(taken -> takes(taken, version.toLowerCase(Locale.ROOT)))) {
            throw ApiError.InvalidApiVersionParameter.because("`api-version` must be " + String.join(" or ", versions));
        }
    }

    // Versions are dates: their order is that of their texts.
    private static boolean takes(String taken, String version) {
        return taken.endsWith(AND_LATER)
                ? DATED.matcher(version).matches()
                        && version.compareTo(taken.substring(0, taken.length() - AND_LATER.length())) >= 0
                : taken.equals(version);
    }
}
