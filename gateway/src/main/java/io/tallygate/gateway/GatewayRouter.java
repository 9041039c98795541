package io.tallygate.gateway;

import static io.vertx.core.http.HttpMethod.DELETE;
import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.HEAD;
import static io.vertx.core.http.HttpMethod.PATCH;
import static io.vertx.core.http.HttpMethod.POST;
import static io.vertx.core.http.HttpMethod.PUT;

import io.tallygate.gateway.admission.AddressRate;
import io.tallygate.gateway.admission.Admission;
import io.tallygate.gateway.admission.BadCredentials;
import io.tallygate.gateway.auth.Caller;
import io.tallygate.gateway.auth.CallerHandler;
import io.tallygate.gateway.auth.Role;
import io.tallygate.gateway.http.Answer;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.BodyBudget;
import io.tallygate.gateway.http.BodyPatience;
import io.tallygate.gateway.http.ClientAddress;
import io.tallygate.gateway.http.CrossOrigin;
import io.tallygate.gateway.http.RefusalListener;
import io.tallygate.gateway.http.RequestBounds;
import io.tallygate.gateway.http.RequestHandling;
import io.tallygate.gateway.http.TakenBody;
import io.tallygate.gateway.http.WireText;
import io.tallygate.gateway.observe.RequestObserver;
import io.tallygate.gateway.portal.Portal;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** All routes of the gateway, on one page. */
public final class GatewayRouter {
    private static final String COMMERCE = "/providers/Microsoft.Commerce";
    private static final String SUBSCRIPTIONS_ADMIN =
            "/subscriptions/{subscription}/providers/Microsoft.Subscriptions.Admin/subscriptions";
    private static final String GROUP_REGISTRATIONS =
            "/subscriptions/{subscription}/resourceGroups/{resourceGroup}/providers/Microsoft.AzureStack/registrations";
    private static final String REGISTRATION = GROUP_REGISTRATIONS + "/{registration}";
    private static final String CUSTOMER_SUBSCRIPTIONS = REGISTRATION + "/customerSubscriptions";
    private static final String CUSTOMER_SUBSCRIPTION = CUSTOMER_SUBSCRIPTIONS + "/{customerSubscription}";

    private static final List<String> USAGE_VERSION = List.of("2015-06-01-preview");
    private static final List<String> REGISTRATION_VERSIONS = List.of("2017-06-01", "2022-06-01");
    private static final List<String> ADMIN_VERSION = List.of("2015-11-01");
    private static final List<String> SIGN_IN_VERSIONS = List.of("2016-06-01 and later");
    private static final List<String> ANY_VERSION = List.of("*");
    private static final List<String> NO_VERSION = List.of();

    // Who reads everyone's usage also sees who exists; who manages registrations sees what they pay for.
    private static final Access OPERATOR = Access.of(Role.USAGE_READ_ALL, Role.REGISTRATION_READ_WRITE);
    // A tenant sees what is its own: what its callers did, through when its usage is complete.
    private static final Access TENANT = Access.of(Role.USAGE_READ, Role.USAGE_READ_ALL, Role.REGISTRATION_READ_WRITE);
    private static final Access MANAGER = Access.of(Role.REGISTRATION_READ_WRITE);

    // Who reads makes keys that read; who manages registrations sees and revokes everyone's.
    private static final Access KEY_MAKER = Access.of(Role.USAGE_READ, Role.USAGE_READ_ALL, Role.USAGE_READ_ROUTED);
    private static final Access KEY_OWNER =
            Access.of(Role.USAGE_READ, Role.USAGE_READ_ALL, Role.USAGE_READ_ROUTED, Role.REGISTRATION_READ_WRITE);

    private static final String PORTAL = "/portal";

    private final List<Route> routes = new ArrayList<>();
    private final Portal portal;
    private final Bounds bounds;

    /**
     * What stands before every route.
     *
     * @param first what refuses before anybody is asked who they are, in this order
     * @param nobody what counts requests that nobody is asked for: where no token is needed, or none was sent, or no route is
     */
    public record Bounds(List<Handler<RoutingContext>> first, Handler<RoutingContext> nobody, Admission admission) {
        /** Those of a configuration. */
        public static Bounds of(GatewayConfig config, ClientAddress addresses, Admission admission) {
            List<Handler<RoutingContext>> first = new ArrayList<>();
            if (!config.connections().corsOrigins().isEmpty()) {
                first.add(new CrossOrigin(config.connections().corsOrigins()));
            }
            first.add(new RequestBounds(
                    new BodyPatience(config.connections().bodyTimeout()),
                    new BodyBudget(config.connections().bodies())));
            first.add(new BadCredentials(addresses, admission));
            return new Bounds(List.copyOf(first), new AddressRate(addresses, admission), admission);
        }
    }

    /** The routes over these handlers, behind these bounds. */
    public GatewayRouter(GatewayHandlers h, Bounds bounds) {
        this.bounds = bounds;
        this.portal = h.portal();
        add(GET, "/metadata/endpoints", Access.ANONYMOUS, ANY_VERSION, h.metadata()::endpoints);
        add(GET, COMMERCE + "/operations", Access.CALLER, ANY_VERSION, h.metadata()::commerceOperations);
        add(GET, COMMERCE + ".Admin/operations", Access.CALLER, ANY_VERSION, h.metadata()::commerceOperations);
        add(
                GET,
                "/providers/Microsoft.AzureStack/operations",
                Access.CALLER,
                ANY_VERSION,
                h.metadata()::registrationOperations);

        add(GET, "/tenants", Access.READER, SIGN_IN_VERSIONS, h.subscriptions()::tenants);
        add(GET, "/subscriptions", Access.READER, SIGN_IN_VERSIONS, h.subscriptions()::list);
        add(GET, "/subscriptions/{subscription}", Access.READER, SIGN_IN_VERSIONS, h.subscriptions()::get);
        add(GET, SUBSCRIPTIONS_ADMIN, OPERATOR, ADMIN_VERSION, h.subscriptionAdmin()::list);
        add(GET, SUBSCRIPTIONS_ADMIN + "/{id}", OPERATOR, ADMIN_VERSION, h.subscriptionAdmin()::get);
        add(PUT, SUBSCRIPTIONS_ADMIN + "/{id}", MANAGER, ADMIN_VERSION, h.subscriptionAdmin()::put);

        String subscription = "/subscriptions/{subscription}" + COMMERCE;
        for (HttpMethod method : List.of(GET, HEAD)) {
            add(method, subscription + "/UsageAggregates", Access.READER, USAGE_VERSION, h.usage()::tenant);
            add(
                    method,
                    subscription + ".Admin/subscriberUsageAggregates",
                    Access.READER,
                    USAGE_VERSION,
                    h.usage()::admin);
            // Older scripts ask for it without ".Admin".
            add(method, subscription + "/subscriberUsageAggregates", Access.READER, USAGE_VERSION, h.usage()::admin);
        }
        String nobody = "/subscriptions" + COMMERCE;
        add(GET, nobody + "/UsageAggregates", Access.READER, ANY_VERSION, GatewayRouter::noSubscription);
        add(
                GET,
                nobody + ".Admin/subscriberUsageAggregates",
                Access.READER,
                ANY_VERSION,
                GatewayRouter::noSubscription);
        add(GET, nobody + "/subscriberUsageAggregates", Access.READER, ANY_VERSION, GatewayRouter::noSubscription);

        routes.add(new Route(
                POST,
                "/usage/records",
                Access.of(Role.USAGE_REPORT),
                NO_VERSION,
                TakenBody.STREAMED,
                h.ingest()::post));
        add(GET, "/usage/sources", OPERATOR, NO_VERSION, h.sources()::list);
        add(GET, "/usage/summary", Access.READER, NO_VERSION, h.summary()::get);
        add(GET, "/quarantine", OPERATOR, NO_VERSION, h.heldRecords()::listQuarantined);
        add(POST, "/quarantine/{id}/discard", MANAGER, NO_VERSION, h.heldRecords()::discardQuarantined);
        add(GET, "/conflicts", OPERATOR, NO_VERSION, h.heldRecords()::listConflicts);
        add(POST, "/conflicts/{id}/discard", MANAGER, NO_VERSION, h.heldRecords()::discardConflict);

        add(GET, "/meters", Access.READER, NO_VERSION, h.meters()::list);
        add(PUT, "/meters/{meter}", MANAGER, NO_VERSION, h.meters()::put);
        add(GET, "/sources", OPERATOR, NO_VERSION, h.collectedSources()::list);
        add(DELETE, "/sources/{source}", MANAGER, NO_VERSION, h.sourceDesk()::end);
        add(GET, "/sources/{source}/windows", OPERATOR, NO_VERSION, h.sourceDesk()::windows);
        add(POST, "/sources/{source}/windows/{start}/pull", MANAGER, NO_VERSION, h.sourceDesk()::pull);
        add(GET, "/completeness", TENANT, NO_VERSION, h.completeness()::get);
        add(GET, "/gaps", OPERATOR, NO_VERSION, h.gaps()::list);
        add(POST, "/gaps/{id}/acknowledge", MANAGER, NO_VERSION, h.gaps()::acknowledge);
        add(GET, "/windows", OPERATOR, NO_VERSION, h.windows()::get);
        add(POST, "/windows/seal", MANAGER, NO_VERSION, h.windows()::seal);
        add(GET, "/audit", TENANT, NO_VERSION, h.audit()::list);
        add(GET, "/audit/heads", OPERATOR, NO_VERSION, h.audit()::heads);
        add(GET, "/reconciliation", OPERATOR, NO_VERSION, h.reconciliation()::get);

        addAccess(h);
        addDelivery(h);
        addRegistrations(h);
        add(GET, PORTAL + "/signin", Access.ANONYMOUS, NO_VERSION, portal::signIn);
        add(GET, PORTAL + "/callback", Access.ANONYMOUS, NO_VERSION, portal::callback);
        add(GET, PORTAL + "/session", Access.CALLER, NO_VERSION, portal::session);
        add(POST, PORTAL + "/signout", Access.CALLER, NO_VERSION, portal::signOut);
    }

    private void addAccess(GatewayHandlers h) {
        add(POST, "/apiKeys", KEY_MAKER, NO_VERSION, h.apiKeys()::create);
        add(GET, "/apiKeys", KEY_OWNER, NO_VERSION, h.apiKeys()::list);
        add(GET, "/apiKeys/{id}", KEY_OWNER, NO_VERSION, h.apiKeys()::get);
        add(DELETE, "/apiKeys/{id}", KEY_OWNER, NO_VERSION, h.apiKeys()::revoke);
        add(POST, "/grants", MANAGER, NO_VERSION, h.grants()::create);
        add(GET, "/grants", OPERATOR, NO_VERSION, h.grants()::list);
        add(GET, "/grants/{id}", OPERATOR, NO_VERSION, h.grants()::get);
        add(DELETE, "/grants/{id}", MANAGER, NO_VERSION, h.grants()::revoke);
    }

    private void addDelivery(GatewayHandlers h) {
        add(GET, "/deliveries", OPERATOR, NO_VERSION, h.deliveries()::list);
        add(POST, "/deliveries/hold", MANAGER, NO_VERSION, h.endpoints()::hold);
        add(POST, "/deliveries/resume", MANAGER, NO_VERSION, h.endpoints()::resume);
        routes.add(new Route(POST, "/deliveries/compare", MANAGER, NO_VERSION, TakenBody.LARGE, h.compare()::compare));
        add(GET, "/deliveries/{key}", OPERATOR, NO_VERSION, h.deliveries()::get);
        add(POST, "/deliveries/{key}/requeue", MANAGER, NO_VERSION, h.deliveries()::requeue);
        add(POST, "/deliveries/{key}/waive", MANAGER, NO_VERSION, h.deliveries()::waive);
        add(GET, "/payers", OPERATOR, NO_VERSION, h.payers()::list);
        add(POST, "/payers/{payer}/hold", MANAGER, NO_VERSION, h.payers()::hold);
        add(POST, "/payers/{payer}/resume", MANAGER, NO_VERSION, h.payers()::resume);
        add(GET, "/endpoints", OPERATOR, NO_VERSION, h.endpoints()::list);
        add(POST, "/reroute", MANAGER, NO_VERSION, h.reroute()::post);
    }

    private void addRegistrations(GatewayHandlers h) {
        add(GET, "/registrations", OPERATOR, NO_VERSION, h.registrations()::list);
        add(
                GET,
                "/subscriptions/{subscription}/providers/Microsoft.AzureStack/registrations",
                OPERATOR,
                REGISTRATION_VERSIONS,
                h.registrations()::listBySubscription);
        add(GET, GROUP_REGISTRATIONS, OPERATOR, REGISTRATION_VERSIONS, h.registrations()::listByGroup);
        add(GET, REGISTRATION, OPERATOR, REGISTRATION_VERSIONS, h.registrations()::get);
        add(PUT, REGISTRATION, MANAGER, REGISTRATION_VERSIONS, h.registrations()::put);
        add(PATCH, REGISTRATION, MANAGER, REGISTRATION_VERSIONS, h.registrations()::patch);
        add(DELETE, REGISTRATION, MANAGER, REGISTRATION_VERSIONS, h.registrations()::delete);
        add(POST, REGISTRATION + "/getactivationkey", MANAGER, REGISTRATION_VERSIONS, h.registrations()::activationKey);
        add(GET, CUSTOMER_SUBSCRIPTIONS, OPERATOR, REGISTRATION_VERSIONS, h.customerSubscriptions()::list);
        add(GET, CUSTOMER_SUBSCRIPTION, OPERATOR, REGISTRATION_VERSIONS, h.customerSubscriptions()::get);
        add(PUT, CUSTOMER_SUBSCRIPTION, MANAGER, REGISTRATION_VERSIONS, h.customerSubscriptions()::put);
        add(DELETE, CUSTOMER_SUBSCRIPTION, MANAGER, REGISTRATION_VERSIONS, h.customerSubscriptions()::delete);
    }

    /** Every operation; a test holds the README and the isolation matrix to this list. */
    public List<Route> routes() {
        return List.copyOf(routes);
    }

    /** The routes on a router; {@code authentication} puts the caller on the context or fails it. */
    Router on(Vertx vertx, Handler<RoutingContext> authentication, RefusalListener refusals, RequestObserver observer) {
        Router router = RequestHandling.router(vertx, refusals, observer);
        bounds.first().forEach(first -> router.route().handler(first));
        router.routeWithRegex("(?i)" + PORTAL + "(/.*)?").handler(RequestHandling.check(portal::require));
        routes.forEach(route -> mount(route, router, authentication));
        methodsByPath()
                .forEach((path, methods) -> router.routeWithRegex(path)
                        .handler(bounds.nobody())
                        .handler(RequestHandling.check(ctx -> {
                            ctx.response().putHeader("Allow", methods);
                            throw ApiError.MethodNotAllowed.because(
                                    "`" + WireText.quoted(ctx.request().method().name())
                                            + "` is not a method of this route: expected " + methods);
                        })));
        router.route().handler(bounds.nobody());
        router.routeWithRegex(PORTAL + "(/.*)?").handler(portal::file);
        return router;
    }

    private void mount(Route route, Router router, Handler<RoutingContext> authentication) {
        io.vertx.ext.web.Route mounted = router.routeWithRegex(route.method(), route.pathPattern());
        mounted.handler(RequestHandling.check(route::observe));
        if (route.access().anonymous()) {
            mounted.handler(bounds.nobody());
            mounted.handler(RequestHandling.check(route::checkVersion));
            mounted.handler(RequestHandling.respond(route.handler(), route.body()));
            return;
        }
        mounted.handler(this::countNobody);
        mounted.handler(authentication);
        // Being refused costs as much as being served.
        mounted.handler(bounds.admission()::admit);
        mounted.handler(RequestHandling.check(ctx -> route.access().check(Caller.of(ctx))));
        mounted.handler(RequestHandling.check(route::checkVersion));
        // A handler that reads the body itself goes into the line itself, once it has it.
        mounted.handler(RequestHandling.respond(
                route.body() == TakenBody.STREAMED
                        ? route.handler()
                        : bounds.admission().inTurn(route.handler()),
                route.body(),
                (ctx, sent) -> bounds.admission().sending(Caller.of(ctx), sent)));
    }

    // Who sends no credential has sent no bad one.
    private void countNobody(RoutingContext ctx) {
        if (CallerHandler.isNobody(ctx, portal.sessions())) {
            bounds.nobody().handle(ctx);
        } else {
            ctx.next();
        }
    }

    private Map<String, String> methodsByPath() {
        return routes.stream()
                .collect(Collectors.groupingBy(
                        Route::pathPattern,
                        Collectors.mapping(route -> route.method().name(), Collectors.joining(", "))));
    }

    private void add(
            HttpMethod method,
            String template,
            Access access,
            List<String> versions,
            Function<RoutingContext, Future<Answer>> handler) {
        boolean changes = method.equals(POST) || method.equals(PUT) || method.equals(PATCH);
        TakenBody body = changes ? TakenBody.SMALL : TakenBody.NONE;
        routes.add(new Route(method, template, access, versions, body, handler));
    }

    private static Future<Answer> noSubscription(RoutingContext ctx) {
        throw ApiError.SubscriptionIdMissingInRequest.because(
                "The path has no subscription id: expected /subscriptions/{subscriptionId}/providers/…");
    }
}
