package io.tallygate.gateway.auth;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** The third way to say who calls: a browser's session. It counts only where a request has no other credential. */
public interface BrowserSessions {
    /** Of a gateway that has no portal: there are none. */
    BrowserSessions NONE = new BrowserSessions() {
        @Override
        public Optional<String> find(RoutingContext context) {
            return Optional.empty();
        }

        @Override
        public Future<Caller> verify(RoutingContext context, String text) {
            throw new IllegalStateException("There are no sessions");
        }
    };

    /**
     * What proves the session that came with a request, never to be logged or shown; empty if none came.
     *
     * @throws io.tallygate.gateway.http.ApiException if more than one came
     */
    Optional<String> find(RoutingContext context);

    /**
     * The caller, or an {@link io.tallygate.gateway.http.ApiException}: 401 if the session is over, 403 if the request may
     * have been made by another site.
     */
    Future<Caller> verify(RoutingContext context, String text);
}
