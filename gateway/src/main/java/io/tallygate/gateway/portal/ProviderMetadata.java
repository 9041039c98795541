package io.tallygate.gateway.portal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallygate.gateway.auth.HttpsUri;
import io.tallygate.gateway.auth.SmallJson;
import java.net.URI;
import java.util.Optional;

/**
 * What a discovery document says (OpenID Connect Discovery 1.0, section 3; RP-Initiated Logout 1.0, section 2.1).
 *
 * @param issuer may hold <code>{tenantid}</code>, as that of Microsoft Entra for several organizations
 * @param takesBasic whether a client's secret goes into the header, as it does where nothing is said
 */
record ProviderMetadata(String issuer, URI authorization, URI token, Optional<URI> endSession, boolean takesBasic) {
    private static final String BASIC = "client_secret_basic";

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException if something is missing or not https
     */
    static ProviderMetadata of(byte[] document) {
        ObjectNode discovery = SmallJson.object(document);
        JsonNode methods = discovery.path("token_endpoint_auth_methods_supported");
        boolean basic = !methods.isArray();
        for (JsonNode method : methods) {
            basic |= BASIC.equals(method.textValue());
        }
        return new ProviderMetadata(
                discovery.path("issuer").asText(),
                uri(discovery, "authorization_endpoint"),
                uri(discovery, "token_endpoint"),
                discovery.has("end_session_endpoint")
                        ? Optional.of(uri(discovery, "end_session_endpoint"))
                        : Optional.empty(),
                basic);
    }

    private static URI uri(ObjectNode discovery, String name) {
        String text = discovery.path(name).asText();
        Optional<String> problem = HttpsUri.problem(text);
        if (problem.isPresent()) {
            throw new IllegalArgumentException("discovery document's `" + name + "` " + problem.get());
        }
        return URI.create(text);
    }
}
