package io.tallygate.gateway.operations;

import io.tallygate.gateway.auth.Actors;
import io.tallygate.gateway.http.Answer;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.JsonFields;
import io.tallygate.gateway.http.PageLink;
import io.tallygate.gateway.http.QueryParameters;
import io.tallygate.gateway.http.WireTime;
import io.tallygate.routing.registration.RegistrationStore;
import io.tallygate.store.gap.GapFinding;
import io.tallygate.store.gap.GapFinding.Acknowledgement;
import io.tallygate.store.gap.GapFinding.Resource;
import io.tallygate.store.gap.GapFinding.Side;
import io.tallygate.store.gap.GapKind;
import io.tallygate.store.gap.GapState;
import io.tallygate.store.gap.GapStore;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** {@code /gaps}: usage that is missing, with the rows beside it, and why it is. */
public final class GapsHandler {
    // The rows beside each are looked for.
    private static final int PAGE = 100;
    private static final int MAX_REASON = 256;
    private static final Pattern ID = Pattern.compile("\\d{1,18}");

    private final GapStore gaps;
    private final RegistrationStore registrations;
    private final PageLink pages;

    /** Reads from the given stores. */
    public GapsHandler(GapStore gaps, RegistrationStore registrations, PageLink pages) {
        this.gaps = gaps;
        this.registrations = registrations;
        this.pages = pages;
    }

    /** {@code GET /gaps?state&kind}: the latest finding first. */
    public Future<Answer> list(RoutingContext ctx) {
        QueryParameters query = new QueryParameters(ctx.queryParams()).only("state", "kind", "after");
        GapState state = query.find("state").map(GapsHandler::state).orElse(null);
        GapKind kind = query.find("kind").map(GapsHandler::kind).orElse(null);
        Long before = query.find("after").map(text -> id(text, "after")).orElse(null);
        Future<List<GapFinding>> found = gaps.page(kind, state, before, PAGE + 1);
        Future<Map<Long, String>> names = CollectedSourcesHandler.resourceIds(registrations);
        return Future.all(found, names)
                .map(read -> pages.page(
                        ctx,
                        found.result(),
                        PAGE,
                        finding -> json(finding, names.result()),
                        finding -> Long.toString(finding.gapId())));
    }

    /** {@code POST /gaps/{id}/acknowledge {"reason"}}. */
    public Future<Answer> acknowledge(RoutingContext ctx) {
        long id = id(ctx.pathParam("id"), "id");
        JsonFields body = JsonFields.body(ctx).only("reason");
        String reason = body.text("reason", MAX_REASON)
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> body.missing("reason", "why usage is missing"));
        Future<GapFinding> said = gaps.acknowledge(id, reason, Actors.of(ctx))
                .map(found -> found.orElseThrow(() -> ApiError.ResourceNotFound.because("There is no such finding")))
                .map(GapsHandler::requireStanding);
        Future<Map<Long, String>> names = CollectedSourcesHandler.resourceIds(registrations);
        return Future.all(said, names).map(done -> Answer.ok(json(said.result(), names.result())));
    }

    private static GapFinding requireStanding(GapFinding finding) {
        if (finding.state() == GapState.CLEARED) {
            throw ApiError.Conflict.because("The finding is cleared: usage of its hours came");
        }
        return finding;
    }

    private static GapState state(String name) {
        return GapState.named(name)
                .orElseThrow(() -> ApiError.InvalidProperty.because("`state` must be one of " + GapState.NAMES));
    }

    private static GapKind kind(String name) {
        return GapKind.named(name)
                .orElseThrow(() -> ApiError.InvalidProperty.because("`kind` must be one of " + GapKind.NAMES));
    }

    private static long id(String text, String name) {
        if (!ID.matcher(text).matches()) {
            throw ApiError.InvalidProperty.because("`" + name + "` must be the id of a finding: a whole number");
        }
        return Long.parseLong(text);
    }

    private static JsonObject json(GapFinding finding, Map<Long, String> registrations) {
        Resource resource = finding.resource();
        Acknowledgement said = finding.acknowledgement();
        return new JsonObject()
                .put("gapId", Long.toString(finding.gapId()))
                .put("kind", finding.kind().wireName())
                .put("state", finding.state().wireName())
                .put(
                        "registrationId",
                        finding.registrationId() == null ? null : registrations.get(finding.registrationId()))
                .put("source", finding.source())
                .put(
                        "subscriptionId",
                        resource == null ? null : resource.subscription().toString())
                .put("tenantId", resource == null ? null : resource.tenant().toString())
                .put("meterId", resource == null ? null : resource.meterId())
                .put("resourceUri", resource == null ? null : resource.resourceUri())
                .put("from", WireTime.format(finding.from()))
                .put("to", WireTime.formatOrNull(finding.to()))
                .put("before", json(finding.before()))
                .put("after", json(finding.after()))
                .put(
                        "expected",
                        finding.counts() == null
                                ? finding.hours()
                                : (Long) finding.counts().expected())
                .put("found", finding.counts() == null ? 0 : finding.counts().found())
                .put("firstSeen", WireTime.format(finding.firstSeen()))
                .put("acknowledgedAt", said == null ? null : WireTime.format(said.at()))
                .put("acknowledgedBy", said == null ? null : said.by())
                .put("reason", said == null ? null : said.reason())
                .put("clearedAt", WireTime.formatOrNull(finding.clearedAt()));
    }

    private static JsonObject json(Side side) {
        return side == null
                ? null
                : new JsonObject()
                        .put("usageStartTime", WireTime.format(side.usageHour()))
                        .put("reportedHour", WireTime.format(side.reportedHour()))
                        .put("quantity", side.quantity())
                        .put("records", side.records());
    }
}
