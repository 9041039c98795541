package io.tallygate.gateway.auth;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The trusted issuers of a process, whose keys are kept current. Others can take their place while it runs. */
final class TrustedIssuers {
    private static final Duration DOCUMENT_DEADLINE = Duration.ofSeconds(3);
    private static final long TICK_MILLIS = 1_000;

    private final Vertx vertx;
    private final AuthConfig config;
    private final Clock clock;
    private volatile List<Trusted> trusted;
    private long timer = -1;

    private record Trusted(TokenVerifier.Issuer issuer, HttpsDocuments documents) {
        IssuerKeys keys() {
            return issuer.keys();
        }
    }

    /** Those of the configuration; nothing is fetched yet. */
    TrustedIssuers(Vertx vertx, AuthConfig config, Clock clock) {
        this.vertx = vertx;
        this.config = config;
        this.clock = clock;
        trusted = config.issuers().stream().map(this::open).toList();
    }

    /** Those that are trusted now. */
    List<TokenVerifier.Issuer> all() {
        return trusted.stream().map(Trusted::issuer).toList();
    }

    /** How it stands with each. */
    List<IssuerState> states() {
        return trusted.stream().<IssuerState>map(Trusted::keys).toList();
    }

    /** Fetches all keys, and keeps them current from then on; succeeds after the first round, whatever came of it. */
    Future<Void> start() {
        timer = vertx.setPeriodic(
                TICK_MILLIS, id -> trusted.forEach(each -> each.keys().tick()));
        return fetch(trusted);
    }

    /**
     * Trusts these and no others, once the keys of all that are new are there; those that stay keep theirs. If some cannot
     * be had the future fails and says which, and nothing has changed. One change at a time.
     */
    Future<Void> change(List<IssuerConfig> configs) {
        List<Trusted> before = trusted;
        List<Trusted> added = new ArrayList<>();
        List<Trusted> next = new ArrayList<>();
        for (IssuerConfig each : configs) {
            next.add(find(before, each).orElseGet(() -> {
                Trusted opened = open(each);
                added.add(opened);
                return opened;
            }));
        }
        return fetch(added).compose(fetched -> {
            List<String> problems = added.stream()
                    .flatMap(each -> each.keys().problem().stream())
                    .toList();
            if (problems.isEmpty()) {
                trusted = List.copyOf(next);
                before.stream()
                        .filter(each -> !next.contains(each))
                        .forEach(each -> each.documents().close());
                return Future.succeededFuture();
            }
            added.forEach(each -> each.documents().close());
            return Future.failedFuture(new IllegalArgumentException(String.join("; ", problems)));
        });
    }

    /** Stops fetching and closes the connections. */
    Future<Void> close() {
        vertx.cancelTimer(timer);
        return Future.join(
                        trusted.stream().map(each -> each.documents().close()).toList())
                .mapEmpty();
    }

    private static Future<Void> fetch(List<Trusted> issuers) {
        return Future.join(issuers.stream().map(each -> each.keys().refresh()).toList())
                .mapEmpty();
    }

    private static Optional<Trusted> find(List<Trusted> issuers, IssuerConfig wanted) {
        return issuers.stream()
                .filter(each -> each.issuer().config().equals(wanted))
                .findFirst();
    }

    private Trusted open(IssuerConfig issuer) {
        HttpsDocuments documents = new HttpsDocuments(vertx, issuer.caPem(), DOCUMENT_DEADLINE);
        IssuerKeys keys = new IssuerKeys(issuer.issuer(), vertx, config, clock, () -> fetchKeys(issuer, documents));
        return new Trusted(new TokenVerifier.Issuer(issuer, keys), documents);
    }

    private static Future<List<VerificationKey>> fetchKeys(IssuerConfig issuer, HttpsDocuments documents) {
        return documents
                .get(issuer.discoveryUri())
                .map(document -> KeyDocument.jwksUri(issuer, document))
                .compose((URI jwks) -> documents.get(jwks))
                .map(KeyDocument::keys);
    }
}
