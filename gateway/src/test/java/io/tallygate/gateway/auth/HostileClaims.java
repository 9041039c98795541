package io.tallygate.gateway.auth;

import static io.tallygate.gateway.auth.SigningKey.encode;

import io.vertx.core.json.JsonObject;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Tokens that must all be refused for what they claim, by name: every one is properly signed by the issuer. */
final class HostileClaims {
    private final TestTokens good;
    private final String trap;
    private final Map<String, String> tokens = new LinkedHashMap<>();

    private HostileClaims(TestTokens good, String trap) {
        this.good = good;
        this.trap = trap;
    }

    /** Name to token; the trap is an address that nobody may call. */
    static Map<String, String> all(TestTokens good, String trap) {
        HostileClaims hostile = new HostileClaims(good, trap);
        hostile.times();
        hostile.audiences();
        hostile.issuersAndTenants();
        hostile.rolesAndSubjects();
        hostile.json();
        return hostile.tokens;
    }

    private void times() {
        long now = good.now().getEpochSecond();
        for (String name : new String[] {"exp", "nbf", "iat"}) {
            for (String value : new String[] {
                "null",
                "\"" + now + "\"",
                "1e400",
                "-1e400",
                "1e9",
                now + ".0",
                now + ".5",
                "-1",
                "99999999999999999999",
                "253402300800",
                "9".repeat(41),
                "true",
                "[]",
                "{}",
                "NaN",
                "Infinity",
                "0x7fffffff",
                "01"
            }) {
                add(name + " " + value, claim(name, value));
            }
        }
        add("exp absent", signedWith(claims -> claims.remove("exp")));
        add("exp 0", signedWith(claims -> claims.put("exp", 0)));
        add("expired at the leeway", signedWith(claims -> claims.put("exp", now - 60)));
        add("expired a day ago", signedWith(claims -> claims.put("exp", now - 86_400)));
        add("nbf beyond the leeway", signedWith(claims -> claims.put("nbf", now + 61)));
        add("iat beyond the leeway", signedWith(claims -> claims.put("iat", now + 61)));
        add("exp in milliseconds, like nbf", signedWith(claims -> claims.put("nbf", now * 1000)));
    }

    private void audiences() {
        String audience = TestTokens.AUDIENCE;
        for (String value : new String[] {
            "null",
            "1",
            "true",
            "{}",
            "[]",
            "\"\"",
            "[null]",
            "[1]",
            "[[\"" + audience + "\"]]",
            "[\"" + audience + "\",1]",
            "{\"" + audience + "\":1}"
        }) {
            add("aud " + value, claim("aud", value));
        }
        for (String value : new String[] {
            audience + "/",
            audience.substring(0, audience.length() - 1),
            audience.toUpperCase(Locale.ROOT),
            audience.replace("https", "http"),
            " " + audience,
            audience + " https://other.example",
            audience.replace("/api", "%2fapi"),
            "*"
        }) {
            add("aud '" + value + "'", signedWith(claims -> claims.put("aud", value)));
        }
        add("aud absent", signedWith(claims -> claims.remove("aud")));
    }

    private void issuersAndTenants() {
        String issuer = good.issuer();
        for (String value : new String[] {
            issuer + "/",
            issuer.toUpperCase(Locale.ROOT),
            issuer.replace("https", "http"),
            issuer + "?",
            issuer + "#",
            issuer + "/.",
            " " + issuer,
            issuer.substring(0, issuer.length() - 1),
            issuer + ".evil.example",
            trap,
            "https://evil.example",
            "*"
        }) {
            add("iss '" + value + "'", signedWith(claims -> claims.put("iss", value)));
        }
        for (String value : new String[] {"null", "1", "[\"" + issuer + "\"]", "\"\"", "\"\\ud800\""}) {
            add("iss " + value, claim("iss", value));
        }
        add("iss absent", signedWith(claims -> claims.remove("iss")));
        String tenant = TestTokens.TENANT.toString();
        for (String value : new String[] {
            TestTokens.STRANGER.toString(),
            tenant.toUpperCase(Locale.ROOT),
            "{" + tenant + "}",
            tenant + "/",
            tenant + " ",
            tenant.replace("-", ""),
            "1-1-1-1-1",
            "common",
            "*",
            tenant.replace('0', '\u0660')
        }) {
            add("tid '" + value + "'", signedWith(claims -> claims.put("tid", value)));
        }
        for (String value : new String[] {"null", "1", "[\"" + tenant + "\"]", "{}", "\"\""}) {
            add("tid " + value, claim("tid", value));
        }
        add("tid absent", signedWith(claims -> claims.remove("tid")));
    }

    private void rolesAndSubjects() {
        for (String value : new String[] {
            "\"Usage.Read\"", "null", "{}", "{\"0\":\"Usage.Read\"}", "[1]", "[null]", "[[\"Usage.Read\"]]", "true"
        }) {
            add("roles " + value, claim("roles", value));
        }
        add("subject absent", signedWith(claims -> claims.remove("oid")));
        for (String value : new String[] {"null", "1", "\"\"", "\" \"", "\"a\\nb\"", "\"\\u0000\"", "\"\\ud800\""}) {
            add("oid " + value, claim("oid", value));
        }
        add("oid of 257 characters", signedWith(claims -> claims.put("oid", "x".repeat(257))));
        add("sub number beside oid", signedWith(claims -> claims.put("sub", 1)));
        add(
                "ID token by at_hash",
                signedWith(claims -> claims.put("at_hash", "x").put("scp", "a")));
        add("ID token by c_hash", signedWith(claims -> claims.put("c_hash", "x")));
        add("ID token by nonce", signedWith(claims -> claims.put("nonce", "x")));
        add("logout token by events", signedWith(claims -> claims.put("events", new JsonObject())));
    }

    private void json() {
        JsonObject header = header("RS256");
        String claims = good.claims().encode();
        String inside = claims.substring(1);
        String foreign = "\"tid\":\"" + TestTokens.OPERATOR + "\"";
        add("tid twice", good.token(header, "{" + foreign + "," + inside));
        add("tid twice, escaped", good.token(header, "{" + foreign.replace("tid", "t\\u0069d") + "," + inside));
        add("exp twice", good.token(header, "{\"exp\":1," + inside));
        add("twice deeper down", good.token(header, "{\"x\":{\"a\":1,\"a\":1}," + inside));
        add(
                "alg twice",
                good.rsa().token("RS256", "{\"alg\":\"none\"," + header.encode().substring(1), claims));
        String deep = "[".repeat(17) + "]".repeat(17);
        add("17 levels", good.token(header, "{\"x\":" + deep + "," + inside));
        String deeper = "[".repeat(2000) + "]".repeat(2000);
        add("2000 levels", good.token(header, "{\"x\":" + deeper + "," + inside));
        add("2000 levels, unclosed", good.token(header, "[".repeat(2000)));
        add("text after the object", good.token(header, claims + "x"));
        add("second object", good.token(header, claims + claims));
        add("NUL after the object", good.token(header, claims + "\0"));
        add("unclosed", good.token(header, claims.substring(0, claims.length() - 1)));
        add("trailing comma", good.token(header, claims.substring(0, claims.length() - 1) + ",}"));
        add("comment", good.token(header, "/**/" + claims));
        add("single quotes", good.token(header, claims.replace('"', '\'')));
        add("unquoted names", good.token(header, "{x:1," + inside));
        add("array", good.token(header, "[" + claims + "]"));
        add("string", good.token(header, "\"x\""));
        add("null", good.token(header, "null"));
        add("number", good.token(header, "1"));
        add("blank", good.token(header, " "));
        add("byte order mark", good.token(header, "\uFEFF" + claims));
        add("UTF-16", bytes(claims.getBytes(StandardCharsets.UTF_16BE)));
        add("UTF-32", bytes(claims.getBytes(Charset.forName("UTF-32BE"))));
        add("not UTF-8", bytes(claims.replace("alice", "\u00e9").getBytes(StandardCharsets.ISO_8859_1)));
        add("overlong UTF-8", bytes(claims.replace("{", "\u00c1\u00bb").getBytes(StandardCharsets.ISO_8859_1)));
        add("header is an array", good.rsa().token("RS256", "[]", claims));
        add("header is blank", good.rsa().token("RS256", " ", claims));
        add("name of 300 characters", good.token(header, "{\"" + "n".repeat(300) + "\":1," + inside));
        add("number of 41 digits anywhere", good.token(header, "{\"x\":" + "1".repeat(41) + "," + inside));
    }

    private void add(String name, String token) {
        if (tokens.put(name, token) != null) {
            throw new IllegalStateException("two tokens named " + name);
        }
    }

    private JsonObject header(String algorithm) {
        return good.header(algorithm);
    }

    private String signedWith(Consumer<JsonObject> change) {
        JsonObject claims = good.claims();
        change.accept(claims);
        return good.with(claims);
    }

    private String claim(String name, String value) {
        JsonObject claims = good.claims();
        claims.remove(name);
        return good.token(
                header("RS256"),
                "{\"" + name + "\":" + value + "," + claims.encode().substring(1));
    }

    private String bytes(byte[] payload) {
        String input = encode(header("RS256").encode()) + "." + encode(payload);
        return input + "." + encode(good.rsa().sign("RS256", input));
    }
}
