package io.tallygate.gateway.testing;

import static io.tallygate.gateway.http.RefusalReason.BAD_SIGNATURE;
import static io.tallygate.gateway.http.RefusalReason.HEADER_NOT_ALLOWED;
import static io.tallygate.gateway.http.RefusalReason.MALFORMED_TOKEN;
import static io.tallygate.gateway.http.RefusalReason.NOT_AN_ACCESS_TOKEN;
import static io.tallygate.gateway.http.RefusalReason.UNKNOWN_KEY;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Headers that choose, bring or fetch a key, or change what the token is (RFC 8725, sections 3.8 to 3.11). */
final class HostileHeaders {
    private final TokenTable table;
    private final TestTokens good;

    HostileHeaders(TokenTable table) {
        this.table = table;
        this.good = table.good();
    }

    void add() {
        keyIds();
        keys();
        fields();
        types();
    }

    private void keyIds() {
        table.group("`kid` (RFC 8725, 3.10)");
        for (String kid : new String[] {
            "unknown",
            "",
            " ",
            "*",
            "../../../../dev/null",
            "/etc/passwd",
            "file:///dev/null",
            "rsa' OR '1'='1",
            "'; DROP TABLE keys;--",
            "rsa' UNION SELECT 'secret",
            "${jndi:ldap://localhost/a}",
            "$(id)",
            "| id",
            table.trap(),
            "RSA",
            "rsa ",
            "rs\u0430",
            "\uff52\uff53\uff41",
            "rsa\u200b",
            "rsa\u0000",
            "rsa\r\nx: y"
        }) {
            table.add(
                    UNKNOWN_KEY,
                    kid.equals(table.trap())
                            ? "an address"
                            : JsonObject.of("kid", kid).encode(),
                    table.headed(header -> header.put("kid", kid)));
        }
        table.add(UNKNOWN_KEY, "4 KiB", table.headed(header -> header.put("kid", "k".repeat(4096))));
        table.add(
                UNKNOWN_KEY,
                "that of the EC key",
                table.headed(header -> header.put("kid", good.ec().kid())));
        for (String value : new String[] {"null", "1", "true", "{}", "[\"rsa\"]"}) {
            table.add(HEADER_NOT_ALLOWED, value, table.headed("kid", value));
        }
        String header = good.header("RS256").encode();
        table.add(MALFORMED_TOKEN, "twice, ours last", table.under("{\"kid\":\"own\"," + header.substring(1)));
        table.add(MALFORMED_TOKEN, "twice, the same", table.under("{\"kid\":\"rsa\"," + header.substring(1)));
        table.add(MALFORMED_TOKEN, "twice, escaped", table.under("{\"k\\u0069d\":\"own\"," + header.substring(1)));
    }

    private void keys() {
        table.group("Keys that the token brings or names (RFC 8725, 3.8 and 3.11)");
        SigningKey own = SigningKey.rsa("own");
        brought(
                "`jwk`, signed with it",
                own,
                new JsonObject().put("jwk", own.jwk()).put("kid", "own"));
        brought("`jwk` under our key id, signed with it", own, new JsonObject().put("jwk", own.jwk()));
        brought(
                "`jku`, signed with its key",
                own,
                new JsonObject().put("jku", table.trap()).put("kid", "own"));
        brought("`jku` under our key id", own, new JsonObject().put("jku", table.trap()));
        brought(
                "`x5u`, signed with its key",
                own,
                new JsonObject().put("x5u", table.trap()).put("kid", "own"));
        brought("`x5c`, signed with its key", own, new JsonObject().put("x5c", new JsonArray().add("MIIB")));
        brought("`jku` of the issuer", good.rsa(), new JsonObject().put("jku", good.issuer() + "/keys"));
        brought(
                "`jku` of the issuer with another host",
                good.rsa(),
                new JsonObject().put("jku", good.issuer() + "@" + table.trap()));
        brought("`jku` that is a file", good.rsa(), new JsonObject().put("jku", "file:///etc/passwd"));
        brought("`jku` null", good.rsa(), new JsonObject().putNull("jku"));
        brought("`x5u`", good.rsa(), new JsonObject().put("x5u", table.trap()));
        brought(
                "`jwk`, the right one",
                good.rsa(),
                new JsonObject().put("jwk", good.rsa().jwk()));
        brought("`x5c`", good.rsa(), new JsonObject().put("x5c", new JsonArray().add("MIIB")));
        table.add(
                BAD_SIGNATURE,
                "`x5t` and `x5t#S256` of another key, signed with it",
                own.token(
                        "RS256",
                        good.header("RS256")
                                .put("x5t", "AAAA")
                                .put("x5t#S256", "AAAA")
                                .encode(),
                        table.claims()));
    }

    private void brought(String name, SigningKey signer, JsonObject fields) {
        JsonObject header = good.header("RS256").mergeIn(fields);
        table.add(HEADER_NOT_ALLOWED, name, signer.token("RS256", header.encode(), table.claims()));
    }

    private void fields() {
        table.group("Fields that change how the rest is read (RFC 7515, 4.1.11; RFC 7797)");
        refused("`crit` unknown", "crit", "[\"x\"],\"x\":1");
        refused("`crit` empty", "crit", "[]");
        refused("`crit` null", "crit", "null");
        refused("`crit` of a known field", "crit", "[\"exp\"],\"exp\":9999999999");
        refused("`b64` false", "b64", "false");
        refused("`b64` false and critical", "b64", "false,\"crit\":[\"b64\"]");
        refused("`zip`", "zip", "\"DEF\"");
        refused("`enc`", "enc", "\"A256GCM\"");
        refused("`cty`, a nested token", "cty", "\"JWT\"");
    }

    private void refused(String name, String field, String value) {
        table.add(HEADER_NOT_ALLOWED, name, table.headed(field, value));
    }

    private void types() {
        table.group("`typ` (RFC 8725, 3.11; RFC 9068, 4)");
        for (String typ : new String[] {
            "",
            "JWS",
            "JOSE",
            "JOSE+JSON",
            "id_token+jwt",
            "logout+jwt",
            "dpop+jwt",
            "secevent+jwt",
            "token-introspection+jwt",
            "oauth-authz-req+jwt",
            "at+jwt ",
            "at jwt",
            "at+jw\u0442",
            "JW\u0422",
            "application/jwt",
            "application/id_token+jwt"
        }) {
            table.add(
                    NOT_AN_ACCESS_TOKEN,
                    JsonObject.of("typ", typ).encode(),
                    table.headed(header -> header.put("typ", typ)));
        }
        table.add(NOT_AN_ACCESS_TOKEN, "absent", table.headed(header -> header.remove("typ")));
        for (String value : new String[] {"null", "1", "[\"JWT\"]", "{}"}) {
            table.add(NOT_AN_ACCESS_TOKEN, value, table.headed("typ", value));
        }
    }
}
