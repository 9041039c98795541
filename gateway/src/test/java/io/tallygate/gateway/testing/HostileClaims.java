package io.tallygate.gateway.testing;

import static io.tallygate.gateway.http.RefusalReason.EXPIRED;
import static io.tallygate.gateway.http.RefusalReason.MALFORMED_CLAIM;
import static io.tallygate.gateway.http.RefusalReason.MALFORMED_TOKEN;
import static io.tallygate.gateway.http.RefusalReason.NOT_YET_VALID;
import static io.tallygate.gateway.http.RefusalReason.WRONG_AUDIENCE;

import io.tallygate.gateway.http.RefusalReason;
import java.util.List;
import java.util.Locale;

/** Times and audiences of tokens that the issuer signed (RFC 7519, section 4.1; RFC 8725, 3.9; RFC 9068, section 4). */
final class HostileClaims {
    private final TokenTable table;

    HostileClaims(TokenTable table) {
        this.table = table;
    }

    void add() {
        times();
        audiences();
    }

    private void times() {
        long now = table.good().now().getEpochSecond();
        for (String name : List.of("exp", "nbf", "iat")) {
            table.group("`" + name + "` (RFC 7519, 4.1.4 to 4.1.6)");
            malformed(name, "null", "true", "[]", "{}", "-1", "99999999999999999999", "253402300800");
            malformed(name, "1e400", "-1e400", "1e9", "1e999999999");
            malformed(name, "9".repeat(19));
            table.add(MALFORMED_CLAIM, "a text", table.claimed(name, "\"" + (now + 60) + "\""));
            table.add(MALFORMED_CLAIM, "with a fraction of 0", table.claimed(name, now + ".0"));
            table.add(MALFORMED_CLAIM, "with a fraction", table.claimed(name, now + ".5"));
            table.add(MALFORMED_CLAIM, "a date", table.claimed(name, "\"2026-11-21T12:00:00Z\""));
            table.add(MALFORMED_CLAIM, "2^63", table.claimed(name, "9223372036854775808"));
            table.add(MALFORMED_TOKEN, "41 digits", table.claimed(name, "9".repeat(41)));
            for (String value : List.of("NaN", "Infinity", "0x7fffffff", "01", "+1", "1_000")) {
                table.add(MALFORMED_TOKEN, value, table.claimed(name, value));
            }
        }
        table.group("Times (RFC 7519, 4.1.4 to 4.1.6)");
        timed(MALFORMED_CLAIM, "`exp` absent", "exp", null);
        timed(MALFORMED_CLAIM, "`exp` in milliseconds", "exp", now * 1000);
        timed(EXPIRED, "`exp` 0", "exp", 0L);
        timed(EXPIRED, "expired by exactly the leeway", "exp", now - 60);
        timed(EXPIRED, "expired a day ago", "exp", now - 86_400);
        timed(NOT_YET_VALID, "`nbf` in an hour", "nbf", now + 3600);
        timed(NOT_YET_VALID, "`nbf` after `exp`", "nbf", now + 7200);
        timed(NOT_YET_VALID, "`iat` in an hour", "iat", now + 3600);
        timed(MALFORMED_CLAIM, "`nbf` in milliseconds", "nbf", now * 1000);
        table.add(MALFORMED_CLAIM, "`EXP` for `exp`", table.claimed(claims -> claims.put("EXP", claims.remove("exp"))));
    }

    private void timed(RefusalReason reason, String name, String claim, Long value) {
        table.add(reason, name, table.claimed(claims -> {
            if (value == null) {
                claims.remove(claim);
            } else {
                claims.put(claim, value);
            }
        }));
    }

    private void audiences() {
        table.group("`aud` (RFC 7519, 4.1.3; RFC 8725, 3.9)");
        String audience = TestTokens.AUDIENCE;
        malformed("aud", "null", "1", "true", "{}", "[null]", "[1]");
        malformed("aud", "[[\"" + audience + "\"]]", "[\"" + audience + "\",1]", "{\"" + audience + "\":1}");
        table.add(MALFORMED_CLAIM, "absent", table.claimed(claims -> claims.remove("aud")));
        for (String value : List.of("[]", "\"\"", "[\"\"]")) {
            table.add(WRONG_AUDIENCE, value, table.claimed("aud", value));
        }
        for (String value : List.of(
                audience + "/",
                audience.substring(0, audience.length() - 1),
                audience.toUpperCase(Locale.ROOT),
                audience.replace("https", "http"),
                " " + audience,
                audience + "\\u0000",
                audience + " https://other.example",
                audience + ",https://other.example",
                audience.replace("/api", "%2fapi"),
                audience.replace("/api", ":443/api"),
                audience.replace("usage", "us\\u0430ge"),
                audience.replace("usage", "us\\u200bage"),
                audience + "/../api",
                audience + "?",
                "*",
                "https://other.example")) {
            table.add(WRONG_AUDIENCE, "\"" + value + "\"", table.claimed("aud", "\"" + value + "\""));
        }
        table.add(WRONG_AUDIENCE, "a thousand others", table.claimed("aud", "[" + "\"a\",".repeat(999) + "\"a\"]"));
        table.add(
                MALFORMED_CLAIM,
                "`audience` for `aud`",
                table.claimed(claims -> claims.put("audience", claims.remove("aud"))));
    }

    private void malformed(String name, String... values) {
        for (String value : values) {
            table.add(MALFORMED_CLAIM, value, table.claimed(name, value));
        }
    }
}
