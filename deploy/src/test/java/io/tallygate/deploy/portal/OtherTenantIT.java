package io.tallygate.deploy.portal;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Page;
import io.tallygate.deploy.testing.HttpCaller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A tenant who tries the operator's addresses, or another tenant's, sees that it may not, and nothing else. */
class OtherTenantIT extends InBrowser {
    private static final String TENANT = "Contoso";
    private static final String OTHER = "Fabrikam";
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    // Of the README's table of routes, which a test holds to the gateway's.
    private static final Pattern OPERATORS_ROUTE =
            Pattern.compile("(?m)^\\| ([A-Z]+) \\| `([^`]+)` \\| (?!.*every)(?!.*`Usage\\.Read`)");
    private static final String CALL = """
            async ([method, path]) => {
              const { csrf } = await (await fetch('/portal/session')).json();
              const changes = method !== 'GET';
              const answer = await fetch(path, { method, body: changes ? '{}' : undefined,
                headers: changes ? { 'content-type': 'application/json', 'x-tallygate-csrf': csrf } : {} });
              return `${answer.status} ${await answer.text()}`;
            }
            """;

    private static final String REMEMBER = """
            const ask = fetch;
            window.answers = [];
            window.fetch = async (...request) => {
              const answer = await ask(...request);
              window.answers.push(answer.clone().text().then(text => ({ url: answer.url, ok: answer.ok, text })));
              return answer;
            };
            """;

    static Stream<String> operatorsViews() {
        return PortalView.all().entrySet().stream()
                .filter(view -> view.getValue().equals("operates"))
                .map(Map.Entry::getKey);
    }

    @ParameterizedTest
    @MethodSource("operatorsViews")
    void anOperatorsViewIsNotForTenants(String path) {
        try (Visit visit = remembering(Look.LIGHT_WIDE)) {
            visit.open("/portal/#/" + path + "?id=" + world.registration() + "&key=x&show=events");
            assertThat(visit.page().getByText("Your account may not see this page."))
                    .isVisible();
            assertThat(visit.page().locator("#menu a")).hasCount(4);
            assertNothingOfOthers(visit);
        }
    }

    @ParameterizedTest
    @EnumSource(Look.class)
    void thePageThatSaysSoIsAccessible(Look look) {
        try (Visit visit = browser.visitOf(TENANT, world, look)) {
            visit.open("/portal/#/tenants");
            Screenshots.take(visit, "no-permission");
            Accessibility.assertAccessible(visit.page());
        }
    }

    @Test
    void tenantsSeeNothingOfOthersInTheirOwnViews() {
        try (Visit visit = remembering(Look.LIGHT_WIDE)) {
            for (String path : List.of("overview", "usage", "keys", "audit")) {
                visit.open("/portal/#/" + path);
                assertNothingOfOthers(visit);
            }
        }
    }

    @Test
    void anotherTenantsSubscriptionInAnAddressShowsNothing() {
        JsonNode other = world.tenant(OTHER);
        String subscription = other.at("/subscriptionIds/0").asText();
        try (Visit visit = remembering(Look.LIGHT_NARROW)) {
            visit.expecting(FORBIDDEN).expecting(NOT_FOUND);
            Page page = visit.page();
            for (String filter : List.of("subscription=", "provider=")) {
                for (String path : List.of("overview", "usage")) {
                    visit.open("/portal/#/" + path + "?" + filter + subscription);
                    assertThat(page.locator("main .state").first()).isVisible();
                    assertThat(page.locator(".figure, .grid-row, .bar")).hasCount(0);
                    assertThat(answers(visit))
                            .noneMatch(answer -> answer.path("url").asText().contains(subscription)
                                    && answer.path("ok").asBoolean()
                                    && !answer.path("text").asText().contains("\"groups\":[]"));
                }
            }
            Screenshots.take(visit, "not-yours");
            Accessibility.assertAccessible(page);
        }
    }

    @Test
    void theSessionCallsNoRouteOfOperators() throws IOException {
        List<MatchResult> routes = OPERATORS_ROUTE
                .matcher(Files.readString(Path.of("..", "README.md")))
                .results()
                .toList();
        assertThat(routes).hasSizeGreaterThan(30);
        try (Visit visit = browser.visitOf(TENANT, world, Look.LIGHT_WIDE).expecting(FORBIDDEN)) {
            visit.open("/portal/#/nowhere");
            List<String> allowed = routes.stream()
                    .filter(route ->
                            !call(visit, route.group(1), path(route.group(2))).startsWith(FORBIDDEN + " "))
                    .map(route -> route.group(1) + " " + route.group(2))
                    .toList();
            assertThat(allowed).isEmpty();
        }
    }

    private static String call(Visit visit, String method, String path) {
        return (String) visit.page().evaluate(CALL, List.of(method, path));
    }

    // With what is really there, and is another's.
    private static String path(String template) {
        String path = template.contains("/registrations/{registration}")
                ? world.registration() + template.replaceFirst(".*/registrations/\\{registration}", "")
                : template;
        return path.replaceFirst(
                        "\\{subscription}",
                        world.info().at("/operator/subscriptionId").asText())
                .replaceAll("\\{resourceGroup}", "azurestack")
                .replaceAll(
                        "\\{\\w+}",
                        world.tenant(OTHER).path("customerSubscriptionId").asText());
    }

    // Whatever the portal's scripts are answered from now on can be asked for.
    private static Visit remembering(Look look) {
        Visit visit = browser.visitOf(TENANT, world, look);
        visit.page().addInitScript(REMEMBER);
        return visit;
    }

    private static JsonNode answers(Visit visit) {
        visit.settle();
        return HttpCaller.Answer.parse((String)
                visit.page().evaluate("async () => JSON.stringify(await Promise.all(window.answers.splice(0)))"));
    }

    private static void assertNothingOfOthers(Visit visit) {
        String seen = visit.page().content() + answers(visit);
        assertThat(StreamSupport.stream(world.info().path("tenants").spliterator(), false)
                        .filter(tenant -> !tenant.path("name").asText().equals(TENANT))
                        .flatMap(OtherTenantIT::marks)
                        .filter(seen::contains))
                .isEmpty();
    }

    private static Stream<String> marks(JsonNode tenant) {
        return Stream.concat(
                Stream.of(tenant.path("tenantId").asText(), tenant.path("name").asText()),
                StreamSupport.stream(tenant.path("subscriptionIds").spliterator(), false)
                        .map(JsonNode::asText));
    }
}
