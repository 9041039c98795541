package io.tallygate.gateway.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What an issuer publishes: its discovery document (OpenID Connect Discovery 1.0) and its key set (RFC 7517). */
final class KeyDocument {
    private static final int MAX_KEYS = 100;
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{tenantid}", Pattern.CASE_INSENSITIVE);

    private KeyDocument() {}

    /**
     * The {@code jwks_uri} of a discovery document. Its {@code issuer} must be the configured one; for an issuer with
     * <code>{tenantId}</code> the same template (Microsoft Entra writes <code>{tenantid}</code>) or one of its
     * instances.
     *
     * @throws IllegalArgumentException if it is not this issuer's, or the address is not https
     */
    static URI jwksUri(IssuerConfig issuer, byte[] document) {
        ObjectNode discovery = SmallJson.object(document);
        if (!isSame(issuer, discovery.path("issuer").asText())) {
            throw new IllegalArgumentException("discovery document is that of another issuer");
        }
        String uri = discovery.path("jwks_uri").asText();
        Optional<String> problem = HttpsUri.problem(uri);
        if (problem.isPresent()) {
            throw new IllegalArgumentException("discovery document's `jwks_uri` " + problem.get());
        }
        return URI.create(uri);
    }

    private static boolean isSame(IssuerConfig issuer, String published) {
        if (!issuer.isTemplate()) {
            return issuer.issuer().equals(published);
        }
        String template = issuer.issuer();
        int at = template.indexOf(IssuerConfig.TENANT_PLACEHOLDER);
        String before = template.substring(0, at);
        String after = template.substring(at + IssuerConfig.TENANT_PLACEHOLDER.length());
        String tenant = "(?:" + PLACEHOLDER.pattern() + "|[0-9a-f-]{36})";
        return Pattern.compile(Pattern.quote(before) + "(?i:" + tenant + ")" + Pattern.quote(after))
                .matcher(published)
                .matches();
    }

    /**
     * The keys of a key set that may verify tokens; the others are left out. Of two with the same {@code kid} and
     * algorithm the first counts.
     *
     * @throws IllegalArgumentException if there is none: the message says what was wrong with each
     */
    static List<VerificationKey> keys(byte[] document) {
        JsonNode entries = SmallJson.object(document).path("keys");
        if (!entries.isArray() || entries.size() > MAX_KEYS) {
            throw new IllegalArgumentException("key set has no array `keys` of at most " + MAX_KEYS);
        }
        List<VerificationKey> keys = new ArrayList<>();
        Set<String> reasons = new HashSet<>();
        Set<String> seen = new HashSet<>();
        for (JsonNode entry : entries) {
            try {
                for (VerificationKey key : VerificationKey.of(entry)) {
                    if (key.id().isEmpty()
                            || seen.add(key.algorithm() + " " + key.id().get())) {
                        keys.add(key);
                    }
                }
            } catch (IllegalArgumentException e) {
                reasons.add("one " + e.getMessage());
            }
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("key set has no key that may verify tokens " + reasons);
        }
        return keys;
    }
}
