package io.tallygate.gateway.collect;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.gateway.collect.SourceException.Kind;
import io.tallygate.routing.outbound.Deadline;
import io.vertx.core.Future;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * OpenStack's projects, as Keystone lists them: those that are deleted are not among them. Safe for several
 * threads.
 */
final class KeystoneProjects {
    private static final int MAX_PAGES = 10_000;
    private static final int MAX_PROJECTS = 500_000;

    private final SourceHttp http;
    private final URI first;

    /** Of this Keystone. */
    KeystoneProjects(SourceHttp http, SourceAccess.Keystone keystone) {
        this.http = http;
        this.first = URI.create(keystone.authUrl() + "/v3/projects");
    }

    /** All of them before the deadline, not checked yet, without domains. */
    Future<List<JsonNode>> list(Deadline deadline) {
        return new Reading(deadline).ask(first);
    }

    /** The ids of those that are enabled, as they are written there. */
    Future<Set<String>> enabled(Deadline deadline) {
        return list(deadline)
                .map(projects -> projects.stream()
                        .filter(KeystoneProjects::isEnabled)
                        .map(project -> project.path("id").asText())
                        .collect(Collectors.toSet()));
    }

    /** Whether a project of the list is. */
    static boolean isEnabled(JsonNode project) {
        return project.path("enabled").asBoolean(true);
    }

    /** One reading of the list. */
    private final class Reading {
        private final Deadline deadline;
        private final FollowedLinks followed = new FollowedLinks(MAX_PAGES);
        private final List<JsonNode> found = new ArrayList<>();

        Reading(Deadline deadline) {
            this.deadline = deadline;
        }

        Future<List<JsonNode>> ask(URI asked) {
            return http.get(asked, deadline)
                    .map(reply -> followed.once(page(asked, reply)))
                    .compose(this::add);
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

        private Future<List<JsonNode>> add(SourcePage page) {
            page.rows().stream()
                    .filter(row -> !row.path("is_domain").asBoolean())
                    .forEach(found::add);
            if (found.size() > MAX_PROJECTS) {
                throw new SourceException(Kind.Malformed, "more than " + MAX_PROJECTS + " projects");
            }
            return page.next().isEmpty()
                    ? Future.succeededFuture(found)
                    : ask(URI.create(page.next().get()));
        }
    }
}
