package io.tallygate.deploy.portal;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Tries a page against axe-core's rules: all of WCAG 2.2 A and AA that a program can try, and its best practices. */
final class Accessibility {
    private static final String AXE = read("/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js");
    // The debugger's door: the page's content security policy does not apply to it, and stays as it is.
    private static final String RUN = """
            () => axe.run(document, {resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',
              'best-practice']}).then(result => result.violations.flatMap(rule =>
              rule.nodes.map(node => `${rule.id} (${rule.impact}): ${rule.help}\\n  ${node.target.join(' ')}\\n  `
                + `${node.html.slice(0, 200)}\\n  ${node.failureSummary.replaceAll('\\n', '\\n  ')}`)))
            """;

    private Accessibility() {}

    /** Fails with each element of the page, as it is now, that breaks a rule. */
    static void assertAccessible(Page page) {
        page.evaluate(AXE + "\nnull");
        assertThat((List<?>) page.evaluate(RUN))
                .as("what axe-core found at " + page.url())
                .isEmpty();
    }

    private static String read(String resource) {
        try (InputStream in = Accessibility.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
