package io.tallygate.deploy.portal;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An API key that somebody makes in the portal reads their usage until they revoke it there. */
class KeyIT extends InBrowser {
    private static final String TENANT = "Fabrikam";
    private static final String NAME = "Nightly job";
    private static final String SUBSCRIPTIONS = "/subscriptions?api-version=2016-06-01";

    @Test
    void aKeyWorksFromWhenItIsMadeUntilItIsRevoked() {
        String own = world.tenant(TENANT).at("/subscriptionIds/0").asText();
        String other = world.tenant(TENANT).at("/subscriptionIds/1").asText();
        try (Visit visit = browser.visitOf(TENANT, world, Look.LIGHT_WIDE)) {
            Page page = visit.page();
            visit.open("/portal/#/keys");
            button(page.locator("main"), "Create a key").click();
            Locator dialog = page.getByRole(AriaRole.DIALOG);
            dialog.getByLabel("Name").fill(NAME);
            dialog.locator("input[value=\"" + own + "\"]").check();
            Screenshots.take(visit, "key-create");
            Accessibility.assertAccessible(page);
            button(dialog, "Create").click();

            Locator text = dialog.getByLabel("The key", new Locator.GetByLabelOptions().setExact(true));
            assertThat(text).isVisible();
            Screenshots.take(visit, "key-once");
            Accessibility.assertAccessible(page);
            String key = text.inputValue();
            button(dialog, "I have kept it").click();
            assertThat(dialog).hasCount(0);
            assertThat(page.content()).doesNotContain(key);

            assertThat(world.with(Map.of("x-api-key", key)).get(SUBSCRIPTIONS).body())
                    .contains(own)
                    .doesNotContain(other);

            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Revoke " + NAME))
                    .click();
            Screenshots.take(visit, "key-revoke");
            Accessibility.assertAccessible(page);
            button(dialog, "Revoke").click();
            assertThat(page.getByText("“" + NAME + "” is revoked.")).isVisible();
            assertThat(page.locator("tr").filter(new Locator.FilterOptions().setHasText(NAME)))
                    .hasCount(0);
            await("the key is refused")
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(world.with(Map.of("x-api-key", key))
                                    .get(SUBSCRIPTIONS)
                                    .status())
                            .isEqualTo(401));
        }
    }
}
