package io.tallygate.gateway.collect;

import io.tallygate.gateway.collect.SourceOrigin.CloudKitty;
import io.tallygate.routing.outbound.AnswerJson;
import io.tallygate.routing.outbound.Deadline;
import io.tallygate.routing.outbound.HttpReply.Answer;
import io.tallygate.routing.outbound.OutboundHttp;
import io.tallygate.store.directory.SubscriptionId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * OpenStack's CloudKitty: what it has rated, from its API v2, and the projects, from Keystone. A window is
 * of the time at which its usage began: CloudKitty keeps no other. Safe for several threads.
 */
public final class CloudKittySource implements CollectSource {
    /** The most bytes of a page: five thousand points of three KiB. */
    static final int MAX_PAGE = 16 * 1024 * 1024;

    private final Vertx vertx;
    private final SourceConfig config;
    private final CloudKitty origin;
    private final SubscriptionId provider;
    private final OutboundHttp http;
    private final SourceHttp source;
    private final KeystoneProjects projects;
    private final RatedThrough rated;
    private final DataframePoint points;

    /**
     * Asks for nothing yet.
     *
     * @param provider the provider subscription here whose direct tenants the projects are
     */
    public CloudKittySource(Vertx vertx, SourceConfig config, CloudKitty origin, SubscriptionId provider) {
        this.vertx = vertx;
        this.config = config;
        this.origin = origin;
        this.provider = provider;
        // Pages do not say whose answer they are, so none may be taken for another's: a connection each.
        this.http = new OutboundHttp(
                vertx,
                new OutboundHttp.Options(config.caPem(), config.deadline(), config.concurrency() + 1, false, MAX_PAGE));
        this.source = SourceHttp.of(vertx, http, origin.access());
        this.projects = new KeystoneProjects(source, origin.access());
        this.rated = new RatedThrough(source, projects, origin.url());
        this.points = new DataframePoint(origin, config.name());
    }

    @Override
    public Future<SourcePage> page(UsageWindow window, Optional<String> next) {
        Deadline deadline = Deadline.in(config.deadline());
        return next.isPresent()
                ? ask(window, DataframePosition.of(next), deadline)
                : rated.require(window.to(), deadline)
                        .compose(all -> ask(window, DataframePosition.of(next), deadline));
    }

    @Override
    public Future<List<SourceSubscription>> subscriptions() {
        return projects.list(Deadline.in(config.deadline()))
                .map(rows -> new ProjectRows(config.name(), origin, provider).read(rows));
    }

    @Override
    public Future<Void> close() {
        return http.close();
    }

    private Future<SourcePage> ask(UsageWindow window, DataframePosition at, Deadline deadline) {
        URI asked = URI.create(origin.url() + "/v2/dataframes?begin=" + window.from() + "&end=" + window.to()
                + "&offset=" + at.offset() + "&limit=" + DataframePage.LIMIT);
        return source.get(asked, deadline)
                // A page of thousands of points would keep the event loop for a while.
                .compose(reply -> vertx.executeBlocking(() -> read(window, at, reply), false));
    }

    private SourcePage read(UsageWindow window, DataframePosition at, SourceHttp.Reply reply) {
        return at.offset() == 0 && nothing(reply)
                ? new SourcePage(List.of(), Optional.empty())
                : new DataframePage(points, window, at).read(SourceAnswer.object(reply));
    }

    /**
     * Whether CloudKitty says that there is nothing; it does so with 404, as whoever has nothing at that
     * address does.
     */
    static boolean nothing(SourceHttp.Reply reply) {
        return reply.reply() instanceof Answer answer
                && answer.status() == 404
                && AnswerJson.read(answer.body())
                        .filter(body -> body.path("message").asText().startsWith("No resource found"))
                        .isPresent();
    }
}
