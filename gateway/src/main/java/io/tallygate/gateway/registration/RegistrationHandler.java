package io.tallygate.gateway.registration;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.gateway.auth.Actors;
import io.tallygate.gateway.http.Answer;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.http.JsonFields;
import io.tallygate.gateway.http.QueryParameters;
import io.tallygate.gateway.http.WireJson;
import io.tallygate.gateway.http.WireText;
import io.tallygate.routing.commerce.EndpointConfig;
import io.tallygate.routing.registration.BillingModel;
import io.tallygate.routing.registration.Registration;
import io.tallygate.routing.registration.RegistrationContent;
import io.tallygate.routing.registration.RegistrationDeletion;
import io.tallygate.routing.registration.RegistrationOutcome;
import io.tallygate.routing.registration.RegistrationStore;
import io.tallygate.store.directory.SubscriptionStore;
import io.tallygate.store.usage.CanonicalJson;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The routes of {@code Microsoft.AzureStack/registrations}, as {@code @azure/arm-azurestack} calls them. */
public final class RegistrationHandler {
    private static final int MAX_TEXT = 256;
    private static final int MAX_TOKEN = 16_384;

    private final RegistrationStore registrations;
    private final SubscriptionStore subscriptions;
    private final Set<String> deliveryEndpoints;

    /**
     * Works on the given stores.
     *
     * @param deliveryEndpoints the names of those that are configured; {@code default} is taken also if it is not
     */
    public RegistrationHandler(
            RegistrationStore registrations, SubscriptionStore subscriptions, Set<String> deliveryEndpoints) {
        this.registrations = registrations;
        this.subscriptions = subscriptions;
        this.deliveryEndpoints = new TreeSet<>(deliveryEndpoints);
        this.deliveryEndpoints.add(EndpointConfig.DEFAULT_NAME);
    }

    /** {@code GET …/registrations/{registration}}. */
    public Future<Answer> get(RoutingContext ctx) {
        return find(ctx).map(found -> Answer.ok(json(found)));
    }

    /** {@code GET /registrations}: those of all subscriptions, the oldest first, for who does not know where they are. */
    public Future<Answer> list(RoutingContext ctx) {
        new QueryParameters(ctx.queryParams()).only();
        return registrations.all().map(RegistrationHandler::list);
    }

    /** {@code GET …/resourceGroups/{resourceGroup}/…/registrations}. */
    public Future<Answer> listByGroup(RoutingContext ctx) {
        return registrations
                .listByGroup(RegistrationPath.subscription(ctx), RegistrationPath.name(ctx, "resourceGroup"))
                .map(RegistrationHandler::list);
    }

    /** {@code GET /subscriptions/{subscription}/…/registrations}. */
    public Future<Answer> listBySubscription(RoutingContext ctx) {
        return registrations
                .listBySubscription(RegistrationPath.subscription(ctx))
                .map(RegistrationHandler::list);
    }

    /**
     * {@code PUT}: 201 when it is new, then 200. What the body leaves out stays as it is: SDKs renew a token with a body
     * that has little else. Its subscription becomes a CSP subscription, so it cannot be a local one.
     */
    public Future<Answer> put(RoutingContext ctx) {
        RegistrationPath path = RegistrationPath.of(ctx);
        RegistrationContent content = content(JsonFields.body(ctx));
        return subscriptions
                .find(path.subscription())
                .compose(local -> {
                    if (local != null) {
                        throw ApiError.Conflict.because(
                                "A local subscription cannot be the base subscription of a registration");
                    }
                    return registrations.put(
                            path.subscription(), path.resourceGroup(), path.name(), content, Actors.of(ctx));
                })
                .map(RegistrationHandler::answer);
    }

    /** {@code PATCH}: what the body leaves out stays as it is. */
    public Future<Answer> patch(RoutingContext ctx) {
        RegistrationPath path = RegistrationPath.of(ctx);
        return registrations
                .patch(
                        path.subscription(),
                        path.resourceGroup(),
                        path.name(),
                        content(JsonFields.body(ctx)),
                        Actors.of(ctx))
                .map(RegistrationHandler::answer);
    }

    /** {@code DELETE}: 204 also when there is none; 409 while something refers to it. */
    public Future<Answer> delete(RoutingContext ctx) {
        RegistrationPath path = RegistrationPath.of(ctx);
        return registrations
                .delete(path.subscription(), path.resourceGroup(), path.name(), Actors.of(ctx))
                .map(outcome -> {
                    if (outcome == RegistrationDeletion.InUse) {
                        throw ApiError.RegistrationInUse.because(
                                "The registration has subscriptions, has had customer subscriptions, or was routed usage: it stays");
                    }
                    return Answer.empty(outcome == RegistrationDeletion.Deleted ? 200 : 204);
                });
    }

    /** {@code POST …/getactivationkey}. */
    public Future<Answer> activationKey(RoutingContext ctx) {
        RegistrationPath path = RegistrationPath.of(ctx);
        return registrations
                .disclose(path.subscription(), path.resourceGroup(), path.name(), Actors.of(ctx))
                .map(RegistrationHandler::found)
                .map(found -> Answer.ok(new JsonObject()
                        .put("activationKey", found.activationKey().toString())));
    }

    private Future<Registration> find(RoutingContext ctx) {
        return find(registrations, RegistrationPath.of(ctx));
    }

    static Future<Registration> find(RegistrationStore registrations, RegistrationPath path) {
        return registrations
                .find(path.subscription(), path.resourceGroup(), path.name())
                .map(RegistrationHandler::found);
    }

    private static Registration found(Registration registration) {
        if (registration == null) {
            throw notFound();
        }
        return registration;
    }

    static ApiException notFound() {
        return ApiError.RegistrationNotFound.because("There is no such registration");
    }

    private RegistrationContent content(JsonFields body) {
        JsonFields properties = body.object("properties");
        String tags = body.json("tags")
                .map(value -> {
                    boolean strings = value.isObject();
                    for (Map.Entry<String, JsonNode> tag : value.properties()) {
                        strings &= tag.getValue().isTextual()
                                && WireText.isClean(tag.getKey())
                                && WireText.isClean(tag.getValue().textValue());
                    }
                    if (!strings) {
                        throw body.wrong("tags", "a JSON object of strings, without control characters");
                    }
                    return CanonicalJson.of(value);
                })
                .orElse(null);
        return new RegistrationContent(
                body.text("location", MAX_TEXT).orElse(null),
                tags,
                properties.oneOf("billingModel", BillingModel.class).orElse(null),
                properties.bool("multiTenant").orElse(null),
                properties.text("registrationToken", MAX_TOKEN).orElse(null),
                deliveryEndpoint(properties));
    }

    private String deliveryEndpoint(JsonFields properties) {
        String given = properties.text("deliveryEndpoint", MAX_TEXT).orElse(null);
        if (given != null && !deliveryEndpoints.contains(given)) {
            throw properties.wrong(
                    "deliveryEndpoint", "the name of a configured endpoint: " + String.join(", ", deliveryEndpoints));
        }
        return given;
    }

    private static Answer answer(RegistrationOutcome outcome) {
        return switch (outcome.kind()) {
            case Created -> Answer.json(201, json(outcome.registration()));
            case Changed, Unchanged -> Answer.ok(json(outcome.registration()));
            case Absent -> throw notFound();
            case HasCustomerSubscriptions ->
                throw ApiError.CustomerSubscriptionsNotAllowed.because(
                        "`properties.billingModel` cannot become one that delivers nothing while customer subscriptions are in"
                                + " force: end them first");
        };
    }

    private static Answer list(List<Registration> registrations) {
        JsonArray value = new JsonArray();
        registrations.forEach(registration -> value.add(json(registration)));
        return Answer.ok(new JsonObject().put("value", value));
    }

    private static JsonObject json(Registration registration) {
        JsonObject json = new JsonObject()
                .put("id", registration.resourceId())
                .put("name", registration.name())
                .put("type", "Microsoft.AzureStack/registrations")
                .put("location", registration.location())
                .put("etag", "\"" + registration.revision() + "\"");
        if (registration.tags() != null) {
            json.put("tags", WireJson.of(registration.tags()));
        }
        return json.put(
                "properties",
                new JsonObject()
                        .put("objectId", registration.objectId().toString())
                        .put("cloudId", registration.cloudId().toString())
                        .put("billingModel", registration.billingModel().name())
                        .put("multiTenant", registration.multiTenant())
                        .put("deliveryEndpoint", registration.deliveryEndpoint()));
    }
}
