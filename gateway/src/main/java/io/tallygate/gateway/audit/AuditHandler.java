package io.tallygate.gateway.audit;

import io.tallygate.gateway.auth.Caller;
import io.tallygate.gateway.auth.Role;
import io.tallygate.gateway.http.Answer;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.http.PageLink;
import io.tallygate.gateway.http.QueryParameters;
import io.tallygate.gateway.http.RefusalReason;
import io.tallygate.store.audit.AuditEntry;
import io.tallygate.store.audit.AuditFilter;
import io.tallygate.store.audit.AuditStore;
import io.tallygate.store.audit.AuditStore.Order;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.UUID;

/** {@code /audit}: operators read all of it, a tenant's callers what their own tenant did and was refused. */
public final class AuditHandler {
    private static final int PAGE = 500;

    private final AuditStore audit;
    private final PageLink pages;

    /** Reads from the given store. */
    public AuditHandler(AuditStore audit, PageLink pages) {
        this.audit = audit;
        this.pages = pages;
    }

    /**
     * {@code GET /audit?from&to&action&target&tenantId&subject&order}: in the order of the chain, or with
     * {@code order=desc} the latest first.
     */
    public Future<Answer> list(RoutingContext ctx) {
        QueryParameters query = new QueryParameters(ctx.queryParams())
                .only("from", "to", "action", "target", "tenantId", "subject", "order", "after");
        Caller caller = Caller.of(ctx);
        return isOperator(caller) ? all(ctx, caller, query) : own(ctx, caller, query);
    }

    /** {@code GET /audit/heads}: the last entry of each day, and of the chain as it is now. */
    public Future<Answer> heads(RoutingContext ctx) {
        QueryParameters query = new QueryParameters(ctx.queryParams()).only("after");
        LocalDate after = query.find("after").map(AuditHandler::day).orElse(null);
        return audit.heads(after, PAGE + 1)
                .map(heads -> pages.page(
                        ctx, heads, PAGE, AuditJson::of, head -> head.day().toString()));
    }

    private Future<Answer> all(RoutingContext ctx, Caller caller, QueryParameters query) {
        AuditFilter filter = filter(query, query.uuid("tenantId").orElse(null));
        Long after = query.find("after").map(AuditHandler::place).orElse(null);
        return audit.page(caller.viewer(), filter, order(query), after, PAGE + 1)
                .map(entries -> pages.page(ctx, entries, PAGE, AuditJson::of, entry -> Long.toString(entry.id())));
    }

    // Places and hashes would tell a tenant how much others do: it gets neither, and goes on by the id of a request.
    private Future<Answer> own(RoutingContext ctx, Caller caller, QueryParameters query) {
        UUID tenant = caller.tenantId().value();
        query.uuid("tenantId").filter(asked -> !asked.equals(tenant)).ifPresent(foreign -> {
            throw refused();
        });
        AuditFilter filter = filter(query, tenant);
        return position(caller, query)
                .compose(after -> audit.page(caller.viewer(), filter, order(query), after, PAGE + 1))
                .map(entries -> pages.page(ctx, entries, PAGE, AuditJson::withoutPlace, AuditEntry::correlationId));
    }

    private Future<Long> position(Caller caller, QueryParameters query) {
        return query.text("after")
                .map(id -> audit.position(caller.viewer(), caller.tenantId().value(), id)
                        .map(found -> found.orElseThrow(AuditHandler::noPlace)))
                .orElseGet(Future::succeededFuture);
    }

    // In the operator's tenant the changes of all operators would be a reader's own.
    private static boolean isOperator(Caller caller) {
        if (caller.has(Role.USAGE_READ_ALL) || caller.has(Role.REGISTRATION_READ_WRITE)) {
            return true;
        }
        if (caller.operator()) {
            throw refused();
        }
        return false;
    }

    private static ApiException refused() {
        return ApiError.AuthorizationFailed.because(
                RefusalReason.NOT_YOURS,
                "You may not see this audit: it takes the operator's roles, or is another tenant's");
    }

    private static AuditFilter filter(QueryParameters query, UUID tenant) {
        AuditFilter filter = new AuditFilter(
                query.time("from").orElse(null),
                query.time("to").orElse(null),
                query.text("action").orElse(null),
                query.text("target").orElse(null),
                tenant,
                query.text("subject").orElse(null));
        if (filter.from() != null && filter.to() != null && !filter.from().isBefore(filter.to())) {
            throw ApiError.InvalidProperty.because("`from` must be before `to`");
        }
        return filter;
    }

    private static Order order(QueryParameters query) {
        return switch (query.find("order").orElse("asc")) {
            case "asc" -> Order.OLDEST_FIRST;
            case "desc" -> Order.NEWEST_FIRST;
            default -> throw ApiError.InvalidProperty.because("`order` must be asc or desc");
        };
    }

    private static long place(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException malformed) {
            throw noPlace();
        }
    }

    private static ApiException noPlace() {
        return ApiError.InvalidProperty.because("`after` must be as a `nextLink` gives it");
    }

    private static LocalDate day(String text) {
        try {
            LocalDate day = LocalDate.parse(text);
            if (day.getYear() >= 1 && day.getYear() <= 9999) {
                return day;
            }
        } catch (DateTimeException malformed) {
            throw noPlace();
        }
        throw noPlace();
    }
}
