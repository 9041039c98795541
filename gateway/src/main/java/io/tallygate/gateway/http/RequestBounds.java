package io.tallygate.gateway.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * What is refused before anybody is asked who they are: bodies that are compressed, since a few bytes of them could be any
 * number; and how long a body may take, and how much room all of them.
 */
public final class RequestBounds implements Handler<RoutingContext> {
    private final BodyPatience patience;
    private final BodyBudget budget;

    /** Bodies may take so long, and so much memory. */
    public RequestBounds(BodyPatience patience, BodyBudget budget) {
        this.patience = patience;
        this.budget = budget;
    }

    @Override
    public void handle(RoutingContext ctx) {
        patience.putOn(ctx);
        budget.putOn(ctx);
        List<String> codings = ctx.request().headers().getAll(HttpHeaders.CONTENT_ENCODING);
        if (codings.stream().anyMatch(coding -> !coding.trim().equalsIgnoreCase("identity"))) {
            // RFC 7694, section 3: so the sender learns that it is the coding, not the type.
            ctx.response().putHeader(HttpHeaders.ACCEPT_ENCODING, HttpHeaders.IDENTITY);
            throw ApiError.UnsupportedMediaType.because(
                    "`Content-Encoding` must be left out: compressed bodies are not taken");
        }
        ctx.next();
    }
}
