package io.tallygate.deploy.portal;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.BeforeAll;

/** A test of the portal in a real browser, over the demo's world, which is made once for all of them. */
abstract class InBrowser {
    static PortalBrowser browser;
    static PortalWorld world;

    @BeforeAll
    static void openBrowser() {
        browser = PortalBrowser.get();
        world = PortalWorld.get();
    }

    /** The button of exactly this name. */
    static Locator button(Locator in, String name) {
        return in.getByRole(
                AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(name).setExact(true));
    }
}
