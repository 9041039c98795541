package io.tallygate.deploy.portal;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.Cookie;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Coming and going, in a real browser over the demo. Nothing here needs a view: the address names none that exists. */
class PortalIT extends InBrowser {
    private static final String NOWHERE = "/portal/#/nowhere";
    private static final int UNAUTHORIZED = 401;

    @ParameterizedTest
    @EnumSource(Look.class)
    void whoIsNotSignedInIsAskedToAndComesBackToWhereItWas(Look look) {
        try (Visit visit = browser.visit(world, look).expecting(UNAUTHORIZED)) {
            Page page = visit.page();
            assertThat(visit.open(NOWHERE)).isEqualTo(200);
            Screenshots.take(visit, "signin");
            Accessibility.assertAccessible(page);

            signIn(page);
            assertThat(page.locator("button[name=person]").first()).containsText(PortalWorld.OPERATOR);
            Screenshots.take(visit, "people");
            Accessibility.assertAccessible(page);

            visit.choose("Contoso");
            page.waitForURL(url -> url.endsWith(NOWHERE));
            assertThat(page.getByText("There is no such page")).isVisible();
            Screenshots.take(visit, "nowhere");
            Accessibility.assertAccessible(page);
        }
    }

    @Test
    void scriptsSeeNothingOfASession() {
        try (Visit visit = browser.visit(world, Look.LIGHT_WIDE).signIn("Contoso", "nowhere")) {
            Cookie cookie = visit.context().cookies().stream()
                    .filter(each -> each.name.equals("__Host-tallygate"))
                    .findFirst()
                    .orElseThrow();
            assertThat(cookie.httpOnly).isTrue();
            assertThat(cookie.secure).isTrue();
            String stored = (String) visit.page()
                    .evaluate("() => document.cookie + JSON.stringify({...localStorage, ...sessionStorage})");
            assertThat(stored).doesNotContain("eyJ", "tallygate=", cookie.value);
        }
    }

    @Test
    void whoSignsOutIsOutEverywhere() {
        try (Visit visit = browser.visit(world, Look.LIGHT_WIDE).signIn("Fabrikam", "nowhere")) {
            Page page = visit.page();
            String cookies = cookies(visit);
            page.locator("details.account summary").click();
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign out"))
                    .click();
            visit.expecting(UNAUTHORIZED);
            assertThat(page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Sign in")))
                    .isVisible();
            assertThat(cookies(visit)).doesNotContain("__Host-tallygate=");
            assertThat(cookies).contains("__Host-tallygate=");
        }
    }

    @Test
    void aSessionThatWasNotUsedForLongIsOver() {
        try (Visit visit = browser.visit(world, Look.LIGHT_WIDE).signIn("Adatum", "nowhere")) {
            Page page = visit.page();
            String tenant = world.tenant("Adatum").path("tenantId").asText();
            world.execute("update portal_session set last_used_at = last_used_at - interval '1 day' where tenant_id = '"
                    + tenant + "'");
            visit.expecting(UNAUTHORIZED);
            page.reload();
            visit.settle();

            assertThat(page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Sign in")))
                    .isVisible();
            signIn(page);
            visit.choose("Adatum");
            page.waitForURL(url -> url.endsWith(NOWHERE));
            visit.settle();
            assertThat(page.getByText("There is no such page")).isVisible();
        }
    }

    private static void signIn(Page page) {
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Sign in"))
                .click();
    }

    private static String cookies(Visit visit) {
        return visit.context().cookies().stream()
                .map(cookie -> cookie.name + "=" + cookie.value + ";")
                .reduce("", String::concat);
    }
}
