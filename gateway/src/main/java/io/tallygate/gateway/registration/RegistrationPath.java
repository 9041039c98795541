package io.tallygate.gateway.registration;

import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.WireUuid;
import io.tallygate.store.directory.SubscriptionId;
import io.vertx.ext.web.RoutingContext;
import java.util.regex.Pattern;

/** The names in the path of a registration. */
record RegistrationPath(SubscriptionId subscription, String resourceGroup, String name) {
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_.()\\-]{1,90}");

    static RegistrationPath of(RoutingContext ctx) {
        return new RegistrationPath(subscription(ctx), name(ctx, "resourceGroup"), name(ctx, "registration"));
    }

    static SubscriptionId subscription(RoutingContext ctx) {
        return new SubscriptionId(WireUuid.require(ctx.pathParam("subscription"), "subscriptionId"));
    }

    static String name(RoutingContext ctx, String parameter) {
        String name = ctx.pathParam(parameter);
        if (!NAME.matcher(name).matches()) {
            throw ApiError.InvalidProperty.because("`" + parameter
                    + "` in the path must be 1 to 90 letters, digits, hyphens, underscores, points or parentheses");
        }
        return name;
    }
}
