package io.tallygate.deploy.portal;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.AriaRole;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** One person's browser window, with cookies and a history of its own. Whatever went wrong in it fails the test at its end. */
final class Visit implements AutoCloseable {
    private static final String TWO_FRAMES =
            "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(null))))";
    private static final String CALM = "() => !document.querySelector('[aria-busy=\"true\"]')";

    private final BrowserContext context;
    private final Look look;
    private final Troubles troubles;
    private final Page page;

    Visit(BrowserContext context, Look look, Troubles troubles) {
        this.context = context;
        this.look = look;
        this.troubles = troubles;
        this.page = context.newPage();
    }

    /** The window. */
    Page page() {
        return page;
    }

    /** Its cookies and permissions. */
    BrowserContext context() {
        return context;
    }

    /** How it looks at things. */
    Look look() {
        return look;
    }

    /** Opens an address of the gateway, as {@code /portal/#/overview}; gives the status, or 0 if it was only another fragment. */
    int open(String path) {
        Response answer = page.navigate(path);
        settle();
        return answer == null ? 0 : answer.status();
    }

    /**
     * Signs in as the person of this organization, as {@code Contoso}, and comes to this view, as {@code usage?meter=…}. Who
     * had a session before has another one then.
     */
    Visit signIn(String organization, String view) {
        String address = "/portal/#/" + view;
        page.navigate("/portal/signin?returnTo=" + URLEncoder.encode(address, StandardCharsets.UTF_8));
        choose(organization);
        page.waitForURL(url -> url.endsWith(address));
        settle();
        return this;
    }

    /** On the identity provider's page, says to be the person of this organization. */
    void choose(String organization) {
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(organization))
                .click();
    }

    /** Waits until no part of the page is busy any more, and what it shows is drawn. */
    void settle() {
        page.evaluate(TWO_FRAMES);
        page.waitForFunction(CALM);
        page.evaluate("() => document.fonts.ready.then(() => null)");
        page.evaluate(TWO_FRAMES);
    }

    /** From now on answers with this status are part of the test, and no trouble. */
    Visit expecting(int status) {
        troubles.expect(status);
        return this;
    }

    /** Fails with whatever went wrong in the browser since the last time. */
    void assertNoTrouble() {
        // What has happened is told while it is asked something.
        page.evaluate(TWO_FRAMES);
        troubles.assertNone();
    }

    @Override
    public void close() {
        try {
            assertNoTrouble();
        } finally {
            context.close();
        }
    }
}
