package io.tallygate.gateway.testing;

import static io.tallygate.gateway.http.RefusalReason.ROLE_MISSING;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Tokens that claim rights in ways that do not count. */
final class PowerlessTokens {
    private static final String ALL = "Usage.Read.All";

    private final TokenTable table;

    PowerlessTokens(TokenTable table) {
        this.table = table;
    }

    void add() {
        table.group("Roles that are none (a 403)");
        for (String role : List.of(
                "usage.read.all",
                "USAGE.READ.ALL",
                ALL + " ",
                " " + ALL,
                ALL + "\u0000",
                ALL + "\u200b",
                "Us\u0430ge.Read.All",
                "\uff35sage.Read.All",
                "Usage.Read.All,Registration.ReadWrite",
                "Usage.Read",
                "Usage.*",
                "*",
                "")) {
            operator(JsonObject.of("roles", role).encode(), new JsonArray().add(role));
        }
        operator("none", new JsonArray());
        JsonArray all = new JsonArray().add(ALL).add("Registration.ReadWrite").add("Usage.Report");
        table.add(
                ROLE_MISSING,
                "all, of another tenant than the operator's",
                table.claimed(claims -> claims.put("roles", all)));
        for (String claim : List.of("role", "Roles", "ROLES", "groups", "wids", "permissions")) {
            elsewhere(claim, all);
        }
        for (String claim : List.of("scp", "scope")) {
            elsewhere(claim, ALL + " Registration.ReadWrite");
        }
    }

    private void operator(String name, JsonArray roles) {
        table.add(ROLE_MISSING, name, table.claimed(claims -> operatorOf(claims).put("roles", roles)));
    }

    private void elsewhere(String claim, Object value) {
        table.add(ROLE_MISSING, "in `" + claim + "`", table.claimed(claims -> {
            operatorOf(claims).remove("roles");
            claims.put(claim, value);
        }));
    }

    private static JsonObject operatorOf(JsonObject claims) {
        return claims.put("tid", TestTokens.OPERATOR.toString());
    }
}
