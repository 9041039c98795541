package io.tallygate.deploy.portal;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Response;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What goes wrong in a browser without anybody seeing it: errors on the console, exceptions that nobody catches, breaches of
 * the content security policy, requests that fail, answers that refuse, requests to foreign hosts.
 */
final class Troubles {
    private static final String LISTEN = """
            addEventListener('securitypolicyviolation', breach => tallygateBreach(
              `${breach.effectiveDirective} forbids ${breach.blockedURI} `
              + `in ${breach.sourceFile || breach.documentURI}:${breach.lineNumber} ${breach.sample}`));
            """;

    private final List<String> seen = new ArrayList<>();
    private final Set<Integer> expected = new TreeSet<>();
    private final List<URI> hosts;

    /** Of all pages of the context that are opened from now on, which may use these hosts. */
    Troubles(BrowserContext context, List<URI> hosts) {
        this.hosts = hosts;
        context.exposeBinding("tallygateBreach", (source, breach) -> seen.add("policy: " + Arrays.toString(breach)));
        context.addInitScript(LISTEN);
        context.onConsoleMessage(this::console);
        context.onWebError(failure -> seen.add("uncaught: " + failure.error()));
        context.onRequest(this::request);
        context.onRequestFailed(this::failed);
        context.onResponse(this::answer);
        context.onPage(page -> page.onCrash(crashed -> seen.add("crashed: " + crashed.url())));
    }

    /** From now on answers with this status are no trouble. */
    void expect(int status) {
        expected.add(status);
    }

    /** Fails with all that was seen since the last time. */
    void assertNone() {
        List<String> all = List.copyOf(seen);
        seen.clear();
        assertThat(all).as("what went wrong in the browser").isEmpty();
    }

    private void console(ConsoleMessage message) {
        // An answer that refuses is noted as an answer.
        if (message.type().equals("error") && !message.text().startsWith("Failed to load resource: the server")) {
            seen.add("console: " + message.text() + " at " + message.location());
        }
    }

    private void request(Request request) {
        URI to = URI.create(request.url().replaceFirst("[?#].*", ""));
        boolean own = hosts.stream()
                .anyMatch(host -> host.getScheme().equals(to.getScheme())
                        && host.getAuthority().equals(to.getAuthority()));
        if (!own && !Set.of("data", "blob", "about").contains(to.getScheme())) {
            seen.add("foreign host: " + request.url());
        }
    }

    private void failed(Request request) {
        // A page that is left, or a view that is, gives up what it has asked for.
        if (!request.failure().equals("net::ERR_ABORTED")) {
            seen.add("failed: " + request.method() + " " + request.url() + ": " + request.failure());
        }
    }

    private void answer(Response answer) {
        if (answer.status() >= 400 && !expected.contains(answer.status())) {
            seen.add("refused: " + answer.request().method() + " " + answer.url() + ": " + answer.status());
        }
    }
}
