package io.tallygate.deploy;

import io.tallygate.gateway.testing.HostileToken;
import java.util.List;

/** The corpus of hostile tokens as a page to read. */
final class HostileTokenList {
    private HostileTokenList() {}

    /** Markdown: a table for each group. */
    static String of(List<HostileToken> tokens) {
        StringBuilder page = new StringBuilder();
        page.append("# Hostile tokens\n\n")
                .append(tokens.size())
                .append(
                        " tokens that must not open anything. `HostileTokens` makes them; `HostileTokensTest` (why each is\n")
                .append(
                        "refused, and at what cost) and `HostileTokensIT` (a whole gateway) try them all. They are 401, but\n")
                .append("for the last group, and the words are those of the README's table of refusals.\n");
        String group = "";
        for (HostileToken token : tokens) {
            if (!token.group().equals(group)) {
                group = token.group();
                page.append("\n## ").append(group).append("\n\n| token | refused as |\n|---|---|\n");
            }
            page.append("| ")
                    .append(cell(token.name()))
                    .append(" | `")
                    .append(token.reason().word())
                    .append("` |\n");
        }
        return page.toString();
    }

    private static String cell(String name) {
        StringBuilder cell = new StringBuilder();
        String shown = name.length() > 100 ? name.substring(0, 80) + "…" : name;
        shown.chars().forEach(c -> {
            if (c == '|') {
                cell.append("\\|");
            } else if (c == '…' || (c >= ' ' && c <= '~')) {
                cell.append((char) c);
            } else {
                cell.append(String.format("\\u%04x", c));
            }
        });
        return cell.toString();
    }
}
