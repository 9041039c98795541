package io.tallygate.deploy.bench;

/** Text inside HTML and SVG. */
final class Html {
    private Html() {}

    /** The text so that nothing in it is taken for markup; good for attributes in double quotes, too. */
    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
