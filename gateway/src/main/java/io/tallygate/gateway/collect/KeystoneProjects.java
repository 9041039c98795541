package io.tallygate.gateway.collect;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.gateway.collect.SourceException.Kind;
import io.tallygate.gateway.collect.SourceOrigin.CloudKitty;
import io.tallygate.routing.outbound.Deadline;
import io.tallygate.store.directory.Subscription;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.Future;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One reading of OpenStack's projects, as Keystone lists them: each is a subscription, its domain the tenant. */
final class KeystoneProjects {
    private static final int MAX_PAGES = 10_000;
    private static final int MAX_PROJECTS = 500_000;
    private static final int SHOWN = 10;

    private static final Logger LOG = LoggerFactory.getLogger(KeystoneProjects.class);

    private final SourceHttp http;
    private final CloudKitty origin;
    private final SubscriptionId provider;
    private final URI first;
    private final Duration deadline;
    private final FollowedLinks followed = new FollowedLinks(MAX_PAGES);
    private final List<SourceSubscription> found = new ArrayList<>();
    private final Set<String> nobodys = new TreeSet<>();
    private int unreadable;

    /**
     * Of this cloud.
     *
     * @param provider whose direct tenants they are
     * @param deadline of one page
     */
    KeystoneProjects(SourceHttp http, CloudKitty origin, SubscriptionId provider, Duration deadline) {
        this.http = http;
        this.origin = origin;
        this.provider = provider;
        this.first = URI.create(origin.access().authUrl() + "/v3/projects");
        this.deadline = deadline;
    }

    /** All of them. Those that are deleted are not among them. */
    Future<List<SourceSubscription>> read(String source) {
        return ask(first).map(done -> all(source));
    }

    private Future<Void> ask(URI asked) {
        return http.get(asked, Deadline.in(deadline))
                .map(reply -> followed.once(page(asked, reply)))
                .map(this::add)
                .compose(next -> next.isEmpty() ? Future.succeededFuture() : ask(URI.create(next.get())));
    }

    private SourcePage page(URI asked, SourceHttp.Reply reply) {
        JsonNode page = SourceAnswer.object(reply);
        if (!page.path("projects").isArray()) {
            throw new SourceException(Kind.Malformed, "`projects` is missing: expected an array");
        }
        if (page.path("truncated").asBoolean()) {
            throw new SourceException(Kind.Malformed, "Keystone lists some projects only: raise its list_limit");
        }
        List<JsonNode> rows = new ArrayList<>();
        page.path("projects").forEach(rows::add);
        return new SourcePage(
                rows, SourceAnswer.next(first, asked, page.path("links").path("next")));
    }

    private Optional<String> add(SourcePage page) {
        page.rows().stream().filter(row -> !row.path("is_domain").asBoolean()).forEach(this::add);
        if (found.size() > MAX_PROJECTS) {
            throw new SourceException(Kind.Malformed, "more than " + MAX_PROJECTS + " projects");
        }
        return page.next();
    }

    private void add(JsonNode project) {
        Optional<UUID> id = OpenStackId.parse(project.path("id").asText());
        String domain = project.path("domain_id").asText();
        Optional<TenantId> tenant = Optional.ofNullable(origin.tenants().get(domain))
                .or(() -> OpenStackId.parse(domain).map(TenantId::new));
        if (id.isEmpty()) {
            unreadable++;
        } else if (tenant.isEmpty()) {
            nobodys.add(domain);
        } else {
            found.add(new SourceSubscription(
                    new SubscriptionId(id.get()),
                    tenant.get(),
                    SubscriptionRow.text(project.path("name")).orElse(id.get().toString()),
                    "",
                    project.path("enabled").asBoolean(true) ? Subscription.State.Enabled : Subscription.State.Disabled,
                    provider));
        }
    }

    // One that nobody can place must not keep the others out; its usage stays in quarantine, to be seen.
    private List<SourceSubscription> all(String source) {
        if (unreadable > 0) {
            LOG.warn("{} lists {} projects whose id is no UUID: they are left out", source, unreadable);
        }
        if (!nobodys.isEmpty()) {
            LOG.warn(
                    "{} lists projects of domains whose id is no UUID, and which are not among its tenants: they are"
                            + " left out: {}",
                    source,
                    nobodys.stream().limit(SHOWN).toList());
        }
        return List.copyOf(found);
    }
}
