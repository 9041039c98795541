package io.tallygate.deploy.portal;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ReducedMotion;
import io.tallygate.deploy.testing.Tools;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The machine's own Chromium, one for each test process; whoever visits the portal has a profile of its own in it. Only the
 * thread of the tests may use it. It ends with the process.
 */
final class PortalBrowser {
    private static final double PATIENCE_MILLIS = 60_000;

    private static PortalBrowser instance;

    private final Browser browser;
    private final Map<String, String> sessions = new HashMap<>();

    private PortalBrowser(Path chromium) {
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
        // It brings no browser and fetches none.
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        Runtime.getRuntime().addShutdownHook(new Thread(playwright::close, "browser-end"));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium)
                        // Builds run as root, where there is no sandbox.
                        .setChromiumSandbox(false)
                        .setArgs(List.of("--disable-dev-shm-usage", "--disable-gpu")));
    }

    /** The one of this process. Skips the test where no browser is installed, unless it is required. */
    static synchronized PortalBrowser get() {
        if (instance == null) {
            instance = new PortalBrowser(Tools.requireBrowser());
        }
        return instance;
    }

    /** Somebody without a session who wants no motion. */
    Visit visit(PortalWorld world, Look look) {
        return visit(world, look, ReducedMotion.REDUCE);
    }

    /** Somebody without a session. */
    Visit visit(PortalWorld world, Look look, ReducedMotion motion) {
        return visit(world, look, motion, null);
    }

    /**
     * The person of this organization, as {@code Contoso}, who is signed in: all visits of a test process share one session of each person,
     * so that nobody may sign out of it.
     */
    Visit visitOf(String organization, PortalWorld world, Look look) {
        String cookies = sessions.computeIfAbsent(organization, each -> signIn(each, world));
        return visit(world, look, ReducedMotion.REDUCE, cookies);
    }

    private String signIn(String organization, PortalWorld world) {
        try (Visit visit = visit(world, Look.LIGHT_WIDE).signIn(organization, "nowhere")) {
            return visit.context().storageState();
        }
    }

    private Visit visit(PortalWorld world, Look look, ReducedMotion motion, String cookies) {
        BrowserContext context = browser.newContext(new Browser.NewContextOptions()
                .setStorageState(cookies)
                .setBaseURL(world.url().toString())
                // The demo's certificates are signed by an authority of its own.
                .setIgnoreHTTPSErrors(true)
                .setColorScheme(look.scheme())
                .setReducedMotion(motion)
                .setViewportSize(look.width(), look.height())
                .setLocale("en-GB")
                .setTimezoneId("UTC")
                .setPermissions(List.of("clipboard-read", "clipboard-write")));
        context.setDefaultTimeout(PATIENCE_MILLIS);
        return new Visit(context, look, new Troubles(context, List.of(world.url(), world.identity())));
    }
}
