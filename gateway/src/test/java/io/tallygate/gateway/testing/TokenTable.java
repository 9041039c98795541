package io.tallygate.gateway.testing;

import static io.tallygate.gateway.testing.SigningKey.encode;

import io.tallygate.gateway.http.RefusalReason;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Hostile tokens as they are added, and the ways to make them out of a good one. */
final class TokenTable {
    private final TestTokens good;
    private final TestTokens neighbour;
    private final String trap;
    private final List<HostileToken> tokens = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private String group;

    /**
     * An empty table.
     *
     * @param neighbour another issuer that the gateway trusts, for {@link TestTokens#STRANGER} alone
     * @param trap an https address that nobody may call, put wherever a token can name one
     */
    TokenTable(TestTokens good, TestTokens neighbour, String trap) {
        this.good = good;
        this.neighbour = neighbour;
        this.trap = trap;
    }

    List<HostileToken> tokens() {
        return List.copyOf(tokens);
    }

    TestTokens good() {
        return good;
    }

    TestTokens neighbour() {
        return neighbour;
    }

    String trap() {
        return trap;
    }

    /** What follows tries this. */
    void group(String name) {
        group = name;
    }

    void add(RefusalReason reason, String name, String token) {
        HostileToken hostile = new HostileToken(group, name, reason, token);
        if (!names.add(hostile.toString())) {
            throw new IllegalStateException("two tokens named " + hostile);
        }
        tokens.add(hostile);
    }

    /** A good token's header for RS256, changed, and signed. */
    String headed(Consumer<JsonObject> change) {
        JsonObject header = good.header("RS256");
        change.accept(header);
        return good.token(header, good.claims());
    }

    /** A good token whose header has this field with this value, which need not be JSON, before the others. */
    String headed(String field, String value) {
        JsonObject header = good.header("RS256");
        header.remove(field);
        return good.rsa().token("RS256", inserted(field, value, header), claims());
    }

    /** A good token with this header, however it reads, signed with RS256. */
    String under(String header) {
        return good.rsa().token("RS256", header, claims());
    }

    /** A good token's claims, changed, and signed. */
    String claimed(Consumer<JsonObject> change) {
        JsonObject claims = good.claims();
        change.accept(claims);
        return good.with(claims);
    }

    /** A good token in which this claim has this value, which need not be JSON, before the others. */
    String claimed(String name, String value) {
        JsonObject claims = good.claims();
        claims.remove(name);
        return good.token(good.header("RS256"), inserted(name, value, claims));
    }

    /** A good token's header over this payload, however it reads, signed. */
    String over(String payload) {
        return good.token(good.header("RS256"), payload);
    }

    /** The same for bytes. */
    String over(byte[] payload) {
        String input = encode(good.header("RS256").encode()) + "." + encode(payload);
        return input + "." + encode(good.rsa().sign("RS256", input));
    }

    /** A good token's claims as text. */
    String claims() {
        return good.claims().encode();
    }

    /** A good token's header and claims, ready to be signed. */
    String input(String algorithm) {
        return encode(good.header(algorithm).encode()) + "." + encode(claims());
    }

    private static String inserted(String name, String value, JsonObject rest) {
        return "{\"" + name + "\":" + value + "," + rest.encode().substring(1);
    }
}
