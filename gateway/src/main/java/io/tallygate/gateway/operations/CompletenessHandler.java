package io.tallygate.gateway.operations;

import io.tallygate.gateway.auth.Caller;
import io.tallygate.gateway.auth.Role;
import io.tallygate.gateway.http.Answer;
import io.tallygate.gateway.http.PageLink;
import io.tallygate.gateway.http.QueryParameters;
import io.tallygate.gateway.http.WireTime;
import io.tallygate.routing.registration.RegistrationStore;
import io.tallygate.store.collect.CompletenessStore;
import io.tallygate.store.collect.SourceCompleteness;
import io.tallygate.store.collect.TenantCompleteness;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * {@code GET /completeness}: through when all that was reported elsewhere is stored here. The operator reads it of every
 * source, registration and tenant; a tenant of itself. Where it is not known, the reason is said instead.
 */
public final class CompletenessHandler {
    private static final int PAGE = 1000;
    private static final String NO_SOURCE = "noSource";
    private static final String FILES = "files";
    private static final String NO_SUBSCRIPTION = "noSubscription";
    private static final String NOT_ALL_COLLECTED = "notAllCollected";

    private final CompletenessStore completeness;
    private final RegistrationStore registrations;
    private final PageLink pages;

    /** Reads from the given stores. */
    public CompletenessHandler(CompletenessStore completeness, RegistrationStore registrations, PageLink pages) {
        this.completeness = completeness;
        this.registrations = registrations;
        this.pages = pages;
    }

    /** Sources and registrations on the first page, tenants on pages. */
    public Future<Answer> get(RoutingContext ctx) {
        QueryParameters query = new QueryParameters(ctx.queryParams()).only("after");
        Caller caller = Caller.of(ctx);
        if (!caller.has(Role.USAGE_READ_ALL) && !caller.has(Role.REGISTRATION_READ_WRITE)) {
            return own(caller);
        }
        TenantId after = query.uuid("after").map(TenantId::new).orElse(null);
        Future<List<TenantCompleteness>> tenants = completeness.tenants(caller.viewer(), null, after, PAGE + 1);
        Future<JsonObject> head = after == null ? head() : Future.succeededFuture(empty());
        return Future.all(head, tenants).map(read -> Answer.ok(withTenants(ctx, head.result(), tenants.result())));
    }

    private Future<Answer> own(Caller caller) {
        return completeness.tenants(caller.viewer(), caller.tenantId(), null, 1).map(found -> {
            TenantCompleteness own =
                    found.isEmpty() ? new TenantCompleteness(caller.tenantId(), 0, 0, false, null) : found.get(0);
            return Answer.ok(empty().put("tenants", new JsonArray().add(json(own))));
        });
    }

    private Future<JsonObject> head() {
        Future<List<SourceCompleteness>> sources = completeness.sources();
        Future<Map<Long, String>> names = CollectedSourcesHandler.resourceIds(registrations);
        return Future.all(sources, names)
                .map(read -> new JsonObject()
                        .put("sources", sources(sources.result(), names.result()))
                        .put("registrations", registrations(sources.result(), names.result())));
    }

    private static JsonObject empty() {
        return new JsonObject().put("sources", new JsonArray()).put("registrations", new JsonArray());
    }

    private static JsonArray sources(List<SourceCompleteness> sources, Map<Long, String> names) {
        return new JsonArray(sources.stream()
                .map(source -> known(
                        new JsonObject()
                                .put("source", source.source())
                                .put(
                                        "registrationId",
                                        source.registrationId() == null ? null : names.get(source.registrationId())),
                        source.completeThrough(),
                        FILES))
                .toList());
    }

    private static JsonArray registrations(List<SourceCompleteness> sources, Map<Long, String> names) {
        return new JsonArray(names.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(registration -> {
                    List<SourceCompleteness> its = sources.stream()
                            .filter(source -> registration.getKey().equals(source.registrationId()))
                            .toList();
                    JsonObject json = new JsonObject()
                            .put("registrationId", registration.getValue())
                            .put(
                                    "sources",
                                    new JsonArray(its.stream()
                                            .map(SourceCompleteness::source)
                                            .toList()));
                    Instant through = its.stream()
                            .map(SourceCompleteness::completeThrough)
                            .filter(Objects::nonNull)
                            .min(Comparator.naturalOrder())
                            .orElse(null);
                    boolean files = its.stream().anyMatch(source -> source.completeThrough() == null);
                    return files ? withFiles(json, through) : known(json, through, NO_SOURCE);
                })
                .toList());
    }

    private JsonObject withTenants(RoutingContext ctx, JsonObject head, List<TenantCompleteness> tenants) {
        JsonObject page = pages.put(
                new JsonObject(),
                ctx,
                Map.of(),
                tenants,
                PAGE,
                CompletenessHandler::json,
                each -> each.tenant().toString());
        JsonObject answer = head.put("tenants", page.getJsonArray("value"));
        return page.containsKey("nextLink") ? answer.put("nextLink", page.getString("nextLink")) : answer;
    }

    // Part of its usage comes otherwise: nobody knows whether all of that is here.
    private static JsonObject json(TenantCompleteness tenant) {
        return known(
                new JsonObject().put("tenantId", tenant.tenant().toString()),
                tenant.isAllCollected() ? tenant.completeThrough() : null,
                reason(tenant));
    }

    private static String reason(TenantCompleteness tenant) {
        if (tenant.subscriptions() == 0) {
            return NO_SUBSCRIPTION;
        }
        if (tenant.collected() == 0) {
            return NO_SOURCE;
        }
        return tenant.collected() < tenant.subscriptions() ? NOT_ALL_COLLECTED : FILES;
    }

    // What arrives as files is not known to be complete: that holds back nothing else, and is not hidden.
    private static JsonObject withFiles(JsonObject json, Instant ofOthers) {
        return json.put("completeThrough", WireTime.formatOrNull(ofOthers)).put("reason", FILES);
    }

    private static JsonObject known(JsonObject json, Instant through, String reasonIfNot) {
        json.put("completeThrough", WireTime.formatOrNull(through));
        return through == null ? json.put("reason", reasonIfNot) : json;
    }
}
