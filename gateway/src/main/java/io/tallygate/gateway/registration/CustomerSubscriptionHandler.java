package io.tallygate.gateway.registration;

import io.tallygate.gateway.auth.Actors;
import io.tallygate.gateway.delivery.RerouteJson;
import io.tallygate.gateway.http.Answer;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.http.JsonFields;
import io.tallygate.gateway.http.QueryParameters;
import io.tallygate.gateway.http.WireTime;
import io.tallygate.gateway.http.WireUuid;
import io.tallygate.routing.payer.MappingPreview;
import io.tallygate.routing.payer.MappingPreviewStore;
import io.tallygate.routing.registration.CustomerSubscription;
import io.tallygate.routing.registration.CustomerSubscriptionOutcome;
import io.tallygate.routing.registration.CustomerSubscriptionStore;
import io.tallygate.routing.registration.MappingTrial;
import io.tallygate.routing.registration.Registration;
import io.tallygate.routing.registration.RegistrationStore;
import io.tallygate.store.aggregate.AggregationGranularity;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.BinaryOperator;

/** The routes of {@code …/registrations/{registration}/customerSubscriptions}: who pays for which tenant, and when. */
public final class CustomerSubscriptionHandler {
    private final RegistrationStore registrations;
    private final CustomerSubscriptionStore mappings;
    private final MappingPreviewStore previews;
    private final Set<SubscriptionId> allowed;
    private final Clock clock;

    /** Works on the given stores; {@code allowed} are the CSP subscriptions that may be mapped, none for any. */
    public CustomerSubscriptionHandler(
            RegistrationStore registrations,
            CustomerSubscriptionStore mappings,
            MappingPreviewStore previews,
            Set<SubscriptionId> allowed,
            Clock clock) {
        this.registrations = registrations;
        this.mappings = mappings;
        this.previews = previews;
        this.allowed = allowed;
        this.clock = clock;
    }

    /** {@code GET}: the mapping in force, else the next one; with {@code $expand=history} all there ever were. */
    public Future<Answer> get(RoutingContext ctx) {
        SubscriptionId id = customerSubscription(ctx);
        boolean history = expandsHistory(ctx);
        return registration(ctx)
                .compose(registration -> mappings.find(registration, id)
                        .compose(found -> history
                                ? mappings.history(registration, id).map(rows -> single(registration, id, found, rows))
                                : Future.succeededFuture(single(registration, id, found, List.of()))));
    }

    /** {@code GET} list: those in force or scheduled; with {@code $expand=history} every row there ever was. */
    public Future<Answer> list(RoutingContext ctx) {
        boolean history = expandsHistory(ctx);
        return registration(ctx)
                .compose(registration -> (history ? mappings.history(registration) : mappings.list(registration))
                        .map(rows -> {
                            JsonArray value = new JsonArray();
                            rows.forEach(row -> value.add(json(registration, row, history)));
                            return Answer.ok(new JsonObject().put("value", value));
                        }));
    }

    /** {@code PUT ?dryRun=true|false}: 200 with the mapping, also when it is new; a dry run says what it would do. */
    public Future<Answer> put(RoutingContext ctx) {
        boolean dryRun = new QueryParameters(ctx.queryParams()).only("dryRun").flag("dryRun");
        SubscriptionId id = customerSubscription(ctx);
        JsonFields properties = JsonFields.body(ctx).object("properties");
        TenantId tenant = new TenantId(
                properties.uuid("tenantId").orElseThrow(() -> properties.missing("tenantId", "a tenant's UUID")));
        Instant effectiveFrom = properties
                .text("effectiveFrom", 64)
                .map(text -> WireTime.parse(text)
                        .filter(AggregationGranularity.Hourly::isBoundary)
                        .orElseThrow(
                                () -> properties.wrong("effectiveFrom", "a whole UTC hour, as 2026-11-20T13:00:00Z")))
                .orElse(null);
        return registration(ctx).compose(registration -> {
            if (!allowed.isEmpty() && !allowed.contains(id)) {
                throw ApiError.InvalidCSPSubscription.because(
                        "The customer subscription is not in the list of CSP subscriptions of this gateway");
            }
            return dryRun
                    ? previews.put(registration, id, tenant, effectiveFrom)
                            .map(preview -> answer(registration, preview))
                    : mappings.put(registration, id, tenant, effectiveFrom, Actors.of(ctx))
                            .map(outcome -> answer(registration, outcome));
        });
    }

    /**
     * {@code DELETE ?effectiveTo&dryRun=true|false}: ends the mapping with the current hour, or with that one; 204 when
     * there is none to end.
     */
    public Future<Answer> delete(RoutingContext ctx) {
        SubscriptionId id = customerSubscription(ctx);
        QueryParameters query = new QueryParameters(ctx.queryParams()).only("effectiveTo", "dryRun");
        Instant effectiveTo = query.hour("effectiveTo").orElse(null);
        if (query.flag("dryRun")) {
            return registration(ctx)
                    .compose(registration -> previews.end(registration, id, effectiveTo)
                            .map(preview -> preview.change().ended().isEmpty()
                                    ? Answer.empty(204)
                                    : answer(registration, preview)));
        }
        return registration(ctx)
                .compose(registration -> mappings.end(registration, id, effectiveTo, Actors.of(ctx)))
                .map(ended -> Answer.empty(ended ? 200 : 204));
    }

    private Future<Registration> registration(RoutingContext ctx) {
        return RegistrationHandler.find(registrations, RegistrationPath.of(ctx));
    }

    private static SubscriptionId customerSubscription(RoutingContext ctx) {
        return new SubscriptionId(WireUuid.parse(ctx.pathParam("customerSubscription"))
                .orElseThrow(() -> ApiError.InvalidCustomerSubscriptionId.because(
                        "The customer subscription id in the path must be a UUID")));
    }

    private static boolean expandsHistory(RoutingContext ctx) {
        return new QueryParameters(ctx.queryParams())
                .find("$expand")
                .map(value -> {
                    if (!value.equalsIgnoreCase("history")) {
                        throw ApiError.InvalidProperty.because("`$expand` must be history");
                    }
                    return true;
                })
                .orElse(false);
    }

    private Answer single(
            Registration registration, SubscriptionId id, CustomerSubscription found, List<CustomerSubscription> rows) {
        if (found == null && rows.isEmpty()) {
            throw ApiError.CustomerSubscriptionNotFound.because(
                    "The registration has no customer subscription " + id + " in force or scheduled");
        }
        BinaryOperator<CustomerSubscription> later = (earlier, row) -> row;
        CustomerSubscription shown =
                found != null ? found : rows.stream().reduce(later).orElseThrow();
        JsonObject json = json(registration, shown, false);
        if (!rows.isEmpty()) {
            JsonArray history = new JsonArray();
            rows.forEach(row -> history.add(properties(row, true)));
            json.getJsonObject("properties").put("history", history);
        }
        return Answer.ok(json);
    }

    private Answer answer(Registration registration, CustomerSubscriptionOutcome outcome) {
        return switch (outcome.kind()) {
            case Recorded, Unchanged -> Answer.ok(json(registration, outcome.customerSubscription(), false));
            default -> throw refusal(outcome.kind());
        };
    }

    private Answer answer(Registration registration, MappingPreview preview) {
        MappingTrial change = preview.change();
        if (change.isRefused()) {
            throw refusal(change.kind());
        }
        JsonObject mapping = change.mapping() == null ? null : json(registration, change.mapping(), false);
        if (change.kind() == CustomerSubscriptionOutcome.Kind.Recorded && mapping != null) {
            // Nobody will ever find it under this number.
            mapping.remove("etag");
        }
        JsonArray ended = new JsonArray();
        change.ended().forEach(each -> ended.add(ended(registration, each, change.from())));
        return Answer.ok(new JsonObject()
                .put("dryRun", true)
                .put("mapping", mapping)
                .put("ended", ended)
                .put("reroute", RerouteJson.of(preview.reroute(), true)));
    }

    private static JsonObject ended(Registration registration, CustomerSubscription mapping, Instant from) {
        Instant end = mapping.effectiveFrom().isBefore(from) ? from : mapping.effectiveFrom();
        return new JsonObject()
                .put("id", id(registration, mapping))
                .put("name", mapping.customerSubscription().toString())
                .put("tenantId", mapping.tenant().toString())
                .put("effectiveFrom", WireTime.format(mapping.effectiveFrom()))
                .put("effectiveTo", WireTime.formatOrNull(mapping.effectiveTo()))
                .put("endsAt", WireTime.format(end));
    }

    private static String id(Registration registration, CustomerSubscription mapping) {
        return registration.resourceId() + "/customerSubscriptions/" + mapping.customerSubscription();
    }

    private static ApiException refusal(CustomerSubscriptionOutcome.Kind kind) {
        return switch (kind) {
            case RegistrationAbsent -> RegistrationHandler.notFound();
            case BillingModelRefuses ->
                ApiError.CustomerSubscriptionsNotAllowed.because(
                        "The registration's billing model delivers nothing: it takes no customer subscriptions");
            case NotMultiTenant ->
                ApiError.UnauthorizedCspRegistration.because(
                        "The registration is not enabled for several tenants: set `properties.multiTenant` first");
            case PaysForAnotherTenant ->
                ApiError.BadCustomerSubscriptionId.because(
                        "The customer subscription pays for another tenant of this registration at that time");
            case IsLocalSubscription ->
                ApiError.BadCustomerSubscriptionId.because(
                        "The customer subscription id is that of a local subscription");
            case Recorded, Unchanged -> throw new IllegalArgumentException("Not a refusal: " + kind);
        };
    }

    private JsonObject json(Registration registration, CustomerSubscription mapping, boolean withRecording) {
        return new JsonObject()
                .put("id", id(registration, mapping))
                .put("name", mapping.customerSubscription().toString())
                .put("type", "Microsoft.AzureStack/registrations/customerSubscriptions")
                .put("etag", "\"" + mapping.mappingId() + "\"")
                .put("properties", properties(mapping, withRecording));
    }

    private JsonObject properties(CustomerSubscription mapping, boolean withRecording) {
        String state = mapping.stateAt(clock.instant()).name();
        JsonObject properties = new JsonObject()
                .put("tenantId", mapping.tenant().toString())
                .put("effectiveFrom", WireTime.format(mapping.effectiveFrom()))
                .put("effectiveTo", WireTime.formatOrNull(mapping.effectiveTo()))
                .put("state", Character.toLowerCase(state.charAt(0)) + state.substring(1));
        if (withRecording) {
            properties
                    .put("recordedAt", mapping.recordedAt().toString())
                    .put(
                            "supersededAt",
                            mapping.supersededAt() == null
                                    ? null
                                    : mapping.supersededAt().toString());
        }
        return properties;
    }
}
