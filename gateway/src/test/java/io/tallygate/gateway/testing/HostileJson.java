package io.tallygate.gateway.testing;

import static io.tallygate.gateway.http.RefusalReason.MALFORMED_TOKEN;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** JSON that others read in another way (RFC 8725, section 3.7; RFC 8259, sections 4 and 8.1), properly signed. */
final class HostileJson {
    private final TokenTable table;

    HostileJson(TokenTable table) {
        this.table = table;
    }

    void add() {
        duplicates();
        structure();
        encodings();
    }

    private void duplicates() {
        table.group("Names that are there twice (RFC 7519, 4)");
        String foreign = "\"tid\":\"" + TestTokens.OPERATOR + "\"";
        first("`tid`, ours last", foreign);
        first("`tid`, escaped", foreign.replace("tid", "t\\u0069d"));
        first("`iss`", "\"iss\":\"https://evil.example\"");
        first("`aud`", "\"aud\":\"https://other.example\"");
        first("`exp`", "\"exp\":1");
        first("`roles`", "\"roles\":[\"Usage.Read.All\"]");
        first("`oid`, the same", "\"oid\":\"alice\"");
        first("deeper down", "\"x\":{\"a\":1,\"a\":1}");
        String claims = table.claims();
        String last = claims.substring(0, claims.length() - 1) + "," + foreign + "}";
        table.add(MALFORMED_TOKEN, "`tid`, ours first", table.over(last));
        String header = table.good().header("RS256").encode().substring(1);
        table.add(MALFORMED_TOKEN, "`alg`, none first", table.under("{\"alg\":\"none\"," + header));
        table.add(MALFORMED_TOKEN, "`typ`", table.under("{\"typ\":\"at+jwt\"," + header));
    }

    private void first(String name, String member) {
        table.add(
                MALFORMED_TOKEN,
                name,
                table.over("{" + member + "," + table.claims().substring(1)));
    }

    private void structure() {
        table.group("What is no JSON object, or one of a size that nobody needs");
        String claims = table.claims();
        first("17 levels", "\"x\":" + "[".repeat(17) + "]".repeat(17));
        first("2000 levels", "\"x\":" + "[".repeat(2000) + "]".repeat(2000));
        first("name of 300 characters", "\"" + "n".repeat(300) + "\":1");
        first("number of 41 digits", "\"x\":" + "1".repeat(41));
        first("unquoted name", "x:1");
        over("2000 levels, never closed", "[".repeat(2000));
        over("text after it", claims + "x");
        over("another object after it", claims + claims);
        over("NUL after it", claims + "\0");
        over("never closed", claims.substring(0, claims.length() - 1));
        over("trailing comma", claims.substring(0, claims.length() - 1) + ",}");
        over("comment", "/**/" + claims);
        over("single quotes", claims.replace('"', '\''));
        over("array", "[" + claims + "]");
        over("text", "\"x\"");
        over("null", "null");
        over("number", "1");
        over("blank", " ");
        over("another token", table.good().good("RS256"));
        over("XML", "<claims/>");
        table.add(MALFORMED_TOKEN, "header an array", table.under("[]"));
        table.add(MALFORMED_TOKEN, "header blank", table.under(" "));
        table.add(MALFORMED_TOKEN, "header null", table.under("null"));
    }

    private void encodings() {
        table.group("Other encodings than UTF-8 (RFC 8259, 8.1)");
        String claims = table.claims();
        over("byte order mark", "\uFEFF" + claims);
        bytes("UTF-16", claims.getBytes(StandardCharsets.UTF_16BE));
        bytes("UTF-16, little end first", claims.getBytes(StandardCharsets.UTF_16LE));
        bytes("UTF-32", claims.getBytes(Charset.forName("UTF-32BE")));
        bytes("Latin 1", claims.replace("alice", "\u00e9").getBytes(StandardCharsets.ISO_8859_1));
        bytes("overlong UTF-8", claims.replace("{", "\u00c1\u00bb").getBytes(StandardCharsets.ISO_8859_1));
        bytes(
                "surrogate in UTF-8",
                claims.replace("alice", "\u00ed\u00a0\u0080").getBytes(StandardCharsets.ISO_8859_1));
        bytes("cut in a letter", claims.replace("alice", "\u00c3").getBytes(StandardCharsets.ISO_8859_1));
    }

    private void over(String name, String payload) {
        table.add(MALFORMED_TOKEN, name, table.over(payload));
    }

    private void bytes(String name, byte[] payload) {
        table.add(MALFORMED_TOKEN, name, table.over(payload));
    }
}
