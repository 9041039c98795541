package io.tallygate.gateway.testing;

import static io.tallygate.gateway.http.RefusalReason.ISSUER_NOT_FOR_TENANT;
import static io.tallygate.gateway.http.RefusalReason.MALFORMED_CLAIM;
import static io.tallygate.gateway.http.RefusalReason.NOT_AN_ACCESS_TOKEN;
import static io.tallygate.gateway.http.RefusalReason.UNKNOWN_ISSUER;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;

/** Who says it, of whom, and what it is for: issuers, tenants, subjects, and tokens that are no access tokens. */
final class HostileIdentities {
    private final TokenTable table;
    private final TestTokens good;

    HostileIdentities(TokenTable table) {
        this.table = table;
        this.good = table.good();
    }

    void add() {
        issuers();
        tenants();
        neighbours();
        subjects();
        otherTokens();
    }

    private void issuers() {
        table.group("`iss` (RFC 8725, 3.8; RFC 9068, 4)");
        String issuer = good.issuer();
        for (String[] row : new String[][] {
            {"a slash more", issuer + "/"},
            {"a letter less", issuer.substring(0, issuer.length() - 1)},
            {"upper case", issuer.toUpperCase(Locale.ROOT)},
            {"upper-case scheme", issuer.replace("https", "HTTPS")},
            {"http", issuer.replace("https", "http")},
            {"no scheme", issuer.substring("https://".length())},
            {"query", issuer + "?"},
            {"fragment", issuer + "#"},
            {"dot segment", issuer + "/."},
            {"dot segments that end where it began", issuer + "/x/.."},
            {"double slash", issuer.replace("://", ":///")},
            {"space before", " " + issuer},
            {"space after", issuer + " "},
            {"another host behind it", issuer + ".evil.example"},
            {"user of another host", issuer + "@evil.example"},
            {"another host before it", "https://evil.example/" + issuer},
            {"percent-encoded", issuer.replace("l", "%6c")},
            {"Cyrillic letter", issuer.replace('o', '\u043e')},
            {"zero-width space", issuer + "\u200b"},
            {"soft hyphen", issuer.replace("l", "l\u00ad")},
            {"full-width colon", issuer.replace(':', '\uff1a')},
            {"the trap", table.trap()},
            {"a stranger", "https://evil.example"},
            {"its tenant's placeholder", issuer + "/{tenantId}"},
            {"any", "*"},
            {"self-issued", "https://self-issued.me"}
        }) {
            table.add(UNKNOWN_ISSUER, row[0], table.claimed(claims -> claims.put("iss", row[1])));
        }
        for (String value : List.of("null", "1", "[\"" + issuer + "\"]", "{}", "\"\"", "\" \"", "\"\\ud800\"")) {
            String name = value.contains(issuer) ? "in an array" : value;
            table.add(MALFORMED_CLAIM, name, table.claimed("iss", value));
        }
        table.add(MALFORMED_CLAIM, "NUL after it", table.claimed("iss", "\"" + issuer + "\\u0000\""));
        table.add(MALFORMED_CLAIM, "line break after it", table.claimed("iss", "\"" + issuer + "\\r\\n\""));
        table.add(MALFORMED_CLAIM, "257 characters", table.claimed(claims -> claims.put("iss", "x".repeat(257))));
        table.add(MALFORMED_CLAIM, "absent", table.claimed(claims -> claims.remove("iss")));
    }

    private void tenants() {
        table.group("`tid` (Microsoft identity platform, access token claims)");
        String tenant = TestTokens.TENANT.toString();
        table.add(
                ISSUER_NOT_FOR_TENANT,
                "a tenant of another issuer",
                table.claimed(claims -> claims.put("tid", TestTokens.STRANGER.toString())));
        table.add(
                ISSUER_NOT_FOR_TENANT,
                "nobody's tenant",
                table.claimed(claims -> claims.put("tid", "00000000-0000-0000-0000-000000000000")));
        for (String[] row : new String[][] {
            {"upper case", tenant.toUpperCase(Locale.ROOT)},
            {"in braces", "{" + tenant + "}"},
            {"urn", "urn:uuid:" + tenant},
            {"a slash more", tenant + "/"},
            {"a space more", tenant + " "},
            {"a NUL more", tenant + "\u0000"},
            {"without hyphens", tenant.replace("-", "")},
            {"short", "1-1-1-1-1"},
            {"common", "common"},
            {"organizations", "organizations"},
            {"a domain", "contoso.onmicrosoft.com"},
            {"any", "*"},
            {"two", tenant + "," + TestTokens.OPERATOR},
            {"SQL", tenant + "' or '1'='1"},
            {"Arabic digits", tenant.replace('0', '\u0660')},
            {"full-width digits", tenant.replace('0', '\uff10')},
            {"other hyphens", tenant.replace('-', '\u2010')}
        }) {
            table.add(MALFORMED_CLAIM, row[0], table.claimed(claims -> claims.put("tid", row[1])));
        }
        for (String value : List.of("null", "1", "[\"" + tenant + "\"]", "{}", "\"\"")) {
            String name = value.contains(tenant) ? "in an array" : value;
            table.add(MALFORMED_CLAIM, name, table.claimed("tid", value));
        }
        table.add(MALFORMED_CLAIM, "absent", table.claimed(claims -> claims.remove("tid")));
        table.add(MALFORMED_CLAIM, "`TID` for `tid`", table.claimed(claims -> claims.put("TID", claims.remove("tid"))));
        table.add(
                MALFORMED_CLAIM,
                "`tenant_id` for `tid`",
                table.claimed(claims -> claims.put("tenant_id", claims.remove("tid"))));
    }

    private void neighbours() {
        table.group("Another trusted issuer (RFC 8725, 3.8)");
        TestTokens neighbour = table.neighbour();
        for (String algorithm : new String[] {"RS256", "PS256", "ES256"}) {
            table.add(
                    ISSUER_NOT_FOR_TENANT,
                    algorithm + ": speaks for our tenant",
                    neighbour.token(neighbour.header(algorithm), neighbour.claims()));
        }
        table.add(
                ISSUER_NOT_FOR_TENANT,
                "speaks for the operator",
                neighbour.with(neighbour.claims().put("tid", TestTokens.OPERATOR.toString())));
    }

    private void subjects() {
        table.group("Who it is of (RFC 9068, 2.2)");
        for (String value :
                List.of("null", "1", "[\"alice\"]", "\"\"", "\" \"", "\"a\\nb\"", "\"\\u0000\"", "\"\\ud800\"")) {
            table.add(MALFORMED_CLAIM, "`oid` " + value, table.claimed("oid", value));
        }
        table.add(MALFORMED_CLAIM, "nobody", table.claimed(claims -> claims.remove("oid")));
        table.add(
                MALFORMED_CLAIM,
                "`oid` of 257 characters",
                table.claimed(claims -> claims.put("oid", "x".repeat(257))));
        table.add(MALFORMED_CLAIM, "`sub` a number beside `oid`", table.claimed(claims -> claims.put("sub", 1)));

        table.group("`roles` of another type");
        for (String value : List.of(
                "\"Usage.Read\"",
                "null",
                "{}",
                "{\"0\":\"Usage.Read\"}",
                "[1]",
                "[null]",
                "[[\"Usage.Read\"]]",
                "true")) {
            table.add(MALFORMED_CLAIM, value, table.claimed("roles", value));
        }
    }

    private void otherTokens() {
        table.group("Other tokens than access tokens (RFC 8725, 2.8 and 3.12)");
        foreign("ID token, by `nonce`", claims("nonce", "n"));
        foreign("ID token, by `at_hash`", claims("at_hash", "x").put("scp", "usage"));
        foreign("ID token, by `c_hash`", claims("c_hash", "x"));
        foreign("ID token, by `s_hash`", claims("s_hash", "x"));
        foreign("logout token, by `events`", new JsonObject().put("events", new JsonObject()));
    }

    private static JsonObject claims(String name, String value) {
        return new JsonObject().put(name, value);
    }

    private void foreign(String name, JsonObject more) {
        table.add(NOT_AN_ACCESS_TOKEN, name, table.claimed(claims -> claims.mergeIn(more)));
    }
}
