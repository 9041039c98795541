package io.tallygate.deploy.demo;

import java.util.List;
import java.util.Map;

/** The demo's page to sign in: a button for each person. */
final class SignInPage {
    /** Its style sheet. */
    static final String STYLE = """
            :root { color-scheme: light dark; --ink: #1b1f24; --soft: #59636e; --line: #d1d9e0; --card: #fff; --ground: #f3f5f8;
              --hover: #eef3fb; --mark: #0b57d0; }
            @media (prefers-color-scheme: dark) {
              :root { --ink: #e9edf2; --soft: #a4adb8; --line: #333b45; --card: #1a1f26; --ground: #0f1216; --hover: #232b36;
                --mark: #8ab4f8; } }
            * { box-sizing: border-box; }
            body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 2rem 1rem; background: var(--ground);
              color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
            main { width: min(28rem, 100%); background: var(--card); border: 1px solid var(--line); border-radius: 1rem;
              padding: 2rem; }
            h1 { font-size: 1.4rem; line-height: 1.25; margin: 0 0 .25rem; }
            p { margin: 0 0 1.25rem; color: var(--soft); }
            ul { list-style: none; margin: 0 0 1.25rem; padding: 0; display: grid; gap: .5rem; }
            button { width: 100%; padding: .7rem 1rem; font: inherit; color: inherit; text-align: left; cursor: pointer;
              background: transparent; border: 1px solid var(--line); border-radius: .6rem; }
            button:hover { background: var(--hover); }
            button:focus-visible { outline: 3px solid var(--mark); outline-offset: 2px; }
            button b { display: block; font-weight: 600; }
            button span { color: var(--soft); font-size: .9rem; }
            .quiet { text-align: center; color: var(--soft); border-color: transparent; }
            """;

    private SignInPage() {}

    /**
     * The page.
     *
     * @param action where the choice goes
     * @param parameters what goes along with it
     */
    static String of(String action, String style, Map<String, String> parameters, List<DemoPerson> people) {
        StringBuilder page = new StringBuilder(4096)
                .append("""
                        <!doctype html>
                        <html lang="en">
                        <head>
                        <meta charset="utf-8">
                        <meta name="viewport" content="width=device-width, initial-scale=1">
                        <title>Sign in to the Tallygate demo</title>
                        <link rel="stylesheet" href=\"""")
                .append(escaped(style))
                .append("""
                        ">
                        </head>
                        <body>
                        <main>
                        <h1>Who are you today?</h1>
                        <p>This is the demo's own identity provider. Choose somebody: there are no passwords.</p>
                        <form method="post" action=\"""")
                .append(escaped(action))
                .append("\">\n");
        parameters.forEach((name, value) -> page.append("<input type=\"hidden\" name=\"")
                .append(escaped(name))
                .append("\" value=\"")
                .append(escaped(value))
                .append("\">\n"));
        page.append("<ul>\n");
        people.forEach(person -> button(page, person));
        return page.append("</ul>\n<button class=\"quiet\" name=\"person\" value=\"\">Cancel</button>\n")
                .append("</form>\n</main>\n</body>\n</html>\n")
                .toString();
    }

    private static void button(StringBuilder page, DemoPerson person) {
        page.append("<li><button name=\"person\" value=\"")
                .append(escaped(person.id()))
                .append("\"><b>")
                .append(escaped(person.name()))
                .append("</b> <span>")
                .append(escaped(person.organization()))
                .append(person.roles().size() > 1 ? ", operator" : "")
                .append("</span></button></li>\n");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
