package io.tallygate.deploy.portal;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.tallygate.deploy.testing.HttpCaller;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every view of the portal: it shows what the API says, to everybody and everywhere, and nothing goes wrong meanwhile. */
class ViewsIT extends InBrowser {
    private static final String TENANT = "Contoso";
    private static final Set<String> TENANTS_TOO = Set.of("everyone", "keyMaker");

    private static final Map<String, Visit> VISITS = new HashMap<>();

    private static List<PortalView> ofOperator;
    private static List<PortalView> ofTenant;

    @BeforeAll
    static void open() {
        String operator = world.info().at("/operator/subscriptionId").asText();
        HttpCaller tenant = world.caller(world.tenant(TENANT));
        String own = world.tenant(TENANT).at("/subscriptionIds/0").asText();
        makeKey(world.operator(), "Monthly report", own);
        makeKey(tenant, "Power BI", own);
        ofOperator = Stream.concat(
                        new UsageViews(
                                        world.operator(),
                                        "/subscriptions/" + operator
                                                + "/providers/Microsoft.Commerce.Admin/subscriberUsageAggregates")
                                .all().stream(),
                        new OperatorViews(world).all().stream())
                .toList();
        ofTenant =
                new UsageViews(tenant, "/subscriptions/" + own + "/providers/Microsoft.Commerce/UsageAggregates").all();
    }

    @AfterAll
    static void close() {
        VISITS.values().forEach(Visit::close);
        VISITS.clear();
    }

    private static void makeKey(HttpCaller maker, String name, String subscription) {
        HttpCaller.Answer made = maker.post(
                "/apiKeys",
                "application/json",
                "{\"displayName\":\"" + name + "\",\"subscriptions\":[\"" + subscription + "\"]}");
        assertThat(made.status()).as(made.body()).isEqualTo(201);
    }

    static Stream<Arguments> operatorsViews() {
        return inEachLook(ofOperator);
    }

    static Stream<Arguments> tenantsViews() {
        return inEachLook(ofTenant);
    }

    private static Stream<Arguments> inEachLook(List<PortalView> views) {
        return Look.asked().flatMap(look -> views.stream().map(view -> Arguments.of(look, view)));
    }

    @Test
    void noViewIsLeftOut() {
        assertThat(paths(ofOperator)).isEqualTo(PortalView.all().keySet());
        assertThat(paths(ofTenant))
                .isEqualTo(PortalView.all().entrySet().stream()
                        .filter(view -> TENANTS_TOO.contains(view.getValue()))
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toSet()));
    }

    private static Set<String> paths(List<PortalView> views) {
        return views.stream().map(PortalView::path).collect(Collectors.toSet());
    }

    @ParameterizedTest
    @MethodSource("operatorsViews")
    void operatorsSeeWhatTheApiSays(Look look, PortalView view) {
        look(PortalWorld.OPERATOR, "operator", look, view);
    }

    @ParameterizedTest
    @MethodSource("tenantsViews")
    void tenantsSeeWhatTheApiSays(Look look, PortalView view) {
        look(TENANT, "tenant", look, view);
    }

    private static void look(String organization, String who, Look look, PortalView view) {
        Visit visit = VISITS.computeIfAbsent(who + look, key -> browser.visitOf(organization, world, look));
        Page page = visit.page();
        // The gateway goes on meanwhile: the page shows what was so before, or what is so since.
        Locator before = page.locator(view.told().get());
        visit.open(view.address());
        assertThat(before.or(page.locator(view.told().get())).first()).isVisible();

        Screenshots.take(visit, who + "-" + view.name());
        Accessibility.assertAccessible(page);
        assertThat((Integer) page.evaluate("() => document.documentElement.scrollWidth - innerWidth"))
                .as("how far the page scrolls sideways")
                .isLessThanOrEqualTo(0);
        Screenshots.takeWhole(visit, "whole-" + who + "-" + view.name());
        visit.assertNoTrouble();
    }
}
