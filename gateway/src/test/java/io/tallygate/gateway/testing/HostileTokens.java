package io.tallygate.gateway.testing;

import java.util.List;

/**
 * The corpus of tokens that must all be refused: {@code hostile-tokens.md} in this module lists it. Each is made by hand
 * and, where that is the point, properly signed with a key that the gateway believes.
 */
public final class HostileTokens {
    private HostileTokens() {}

    /**
     * All of them.
     *
     * @param good the tokens of an issuer that the gateway trusts for {@link TestTokens#TENANT} and
     *     {@link TestTokens#OPERATOR}
     * @param neighbour those of an issuer that it trusts for {@link TestTokens#STRANGER} alone, under the same key ids
     * @param trap an https address that nobody may call, put wherever a token can name one
     */
    public static List<HostileToken> all(TestTokens good, TestTokens neighbour, String trap) {
        TokenTable table = new TokenTable(good, neighbour, trap);
        new HostileForms(table).add();
        new HostileAlgorithms(table).add();
        new HostileSignatures(table).add();
        new HostileHeaders(table).add();
        new HostileClaims(table).add();
        new HostileIdentities(table).add();
        new HostileJson(table).add();
        return table.tokens();
    }

    /** Tokens that are believed, and give no right to read everybody's usage: a 403. */
    public static List<HostileToken> powerless(TestTokens good) {
        TokenTable table = new TokenTable(good, good, "");
        new PowerlessTokens(table).add();
        return table.tokens();
    }
}
