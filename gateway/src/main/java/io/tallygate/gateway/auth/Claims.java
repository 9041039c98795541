package io.tallygate.gateway.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallygate.gateway.http.RefusalReason;
import io.tallygate.store.directory.TenantId;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The claims of an access token that the gateway looks at, with their types checked (RFC 7519, section 4.1; RFC 9068;
 * Microsoft Entra's access token reference for {@code tid}, {@code oid}, {@code roles}, {@code appid} and {@code azp}).
 * What they say is only true once the signature is verified.
 *
 * @param issuer {@code iss}
 * @param tenant {@code tid}, a UUID in its canonical lower-case form
 * @param audiences {@code aud}, one string or several
 * @param expiresAt {@code exp}, seconds since 1970
 * @param notBefore {@code nbf}, the same, if present
 * @param issuedAt {@code iat}, the same, if present
 * @param roles {@code roles}, an array of strings; absent means none
 * @param subject {@code oid}, else {@code sub}, {@code appid}, {@code azp} or {@code client_id}
 */
record Claims(
        String issuer,
        TenantId tenant,
        Set<String> audiences,
        long expiresAt,
        OptionalLong notBefore,
        OptionalLong issuedAt,
        Set<String> roles,
        String subject) {
    /** The last second of the year 9999. */
    private static final long MAX_SECONDS = 253_402_300_799L;

    private static final int MAX_SUBJECT = 256;
    private static final List<String> SUBJECTS = List.of("oid", "sub", "appid", "azp", "client_id");
    /** Claims that only ID tokens (OpenID Connect Core, sections 3.1.3.6 and 3.3.2.11) or logout tokens have. */
    private static final List<String> FOREIGN = List.of("at_hash", "c_hash", "s_hash", "events");

    private static final Pattern UUID_FORM =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    /**
     * Reads them.
     *
     * @param claims the token's payload
     * @param typedAccessToken whether the header says that it is an access token ({@code at+jwt})
     * @throws io.tallygate.gateway.http.ApiException 401 if one is missing or of another type
     */
    static Claims of(ObjectNode claims, boolean typedAccessToken) {
        refuseOtherTokens(claims, typedAccessToken);
        return new Claims(
                text(claims, "iss"),
                tenant(claims),
                audiences(claims),
                seconds(claims, "exp")
                        .orElseThrow(() -> Token.refused(RefusalReason.MALFORMED_CLAIM, "claim `exp` is missing")),
                seconds(claims, "nbf"),
                seconds(claims, "iat"),
                claims.has("roles") ? strings(claims.get("roles"), "roles") : Set.of(),
                subject(claims));
    }

    /**
     * An ID token says to a client who signed in, it is no permission to call. One for a client that is also the
     * configured audience would pass every other check. A {@code nonce} alone is no proof, because some issuers copy
     * it into access tokens too; but those have a scope, or say what they are in the header.
     */
    private static void refuseOtherTokens(ObjectNode claims, boolean typedAccessToken) {
        if (FOREIGN.stream().anyMatch(claims::has)) {
            throw Token.refused(RefusalReason.NOT_AN_ACCESS_TOKEN, "it is an ID or logout token, not an access token");
        }
        boolean scoped = claims.has("scp") || claims.has("scope");
        if (claims.has("nonce") && !scoped && !typedAccessToken) {
            throw Token.refused(
                    RefusalReason.NOT_AN_ACCESS_TOKEN,
                    "it is an ID token (claim `nonce` without a scope), not an access token");
        }
    }

    private static TenantId tenant(ObjectNode claims) {
        String tid = text(claims, "tid");
        if (!UUID_FORM.matcher(tid).matches()) {
            throw Token.refused(RefusalReason.MALFORMED_CLAIM, "claim `tid` must be a lower-case UUID");
        }
        return new TenantId(UUID.fromString(tid));
    }

    private static Set<String> audiences(ObjectNode claims) {
        JsonNode aud = claims.path("aud");
        return aud.isTextual() ? Set.of(aud.textValue()) : strings(aud, "aud");
    }

    private static Set<String> strings(JsonNode array, String name) {
        if (!array.isArray()) {
            throw Token.refused(RefusalReason.MALFORMED_CLAIM, "claim `" + name + "` must be an array of strings");
        }
        Set<String> values = new HashSet<>();
        for (JsonNode value : array) {
            if (!value.isTextual()) {
                throw Token.refused(RefusalReason.MALFORMED_CLAIM, "claim `" + name + "` must hold only strings");
            }
            values.add(value.textValue());
        }
        return values;
    }

    private static OptionalLong seconds(ObjectNode claims, String name) {
        JsonNode value = claims.get(name);
        if (value == null) {
            return OptionalLong.empty();
        }
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < 0
                || value.longValue() > MAX_SECONDS) {
            throw Token.refused(
                    RefusalReason.MALFORMED_CLAIM,
                    "claim `" + name + "` must be whole seconds since 1970, up to the year 9999");
        }
        return OptionalLong.of(value.longValue());
    }

    private static String subject(ObjectNode claims) {
        String subject = null;
        for (String name : SUBJECTS) {
            if (claims.has(name)) {
                String value = text(claims, name);
                subject = subject == null ? value : subject;
            }
        }
        if (subject == null) {
            throw Token.refused(
                    RefusalReason.MALFORMED_CLAIM,
                    "it names nobody: one of the claims " + String.join(", ", SUBJECTS) + " is needed");
        }
        return subject;
    }

    /** A text that can be shown and logged: a lone surrogate or a line break in it would garble the audit. */
    private static String text(ObjectNode claims, String name) {
        JsonNode value = claims.path(name);
        String text = value.isTextual() ? value.textValue() : "";
        boolean readable = text.codePoints()
                .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
        if (text.isBlank() || text.length() > MAX_SUBJECT || !readable) {
            throw Token.refused(
                    RefusalReason.MALFORMED_CLAIM,
                    "claim `" + name + "` must be a text of 1 to " + MAX_SUBJECT + " printable characters");
        }
        return text;
    }
}
