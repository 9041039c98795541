package io.tallygate.deploy.config;

import io.tallygate.gateway.collect.SourceAccess;
import io.tallygate.gateway.collect.SourceOrigin;
import io.tallygate.gateway.collect.SourceType;
import io.tallygate.store.directory.SubscriptionId;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads what only an Azure Stack Hub, or another Tallygate, has. */
final class StampReader {
    /** All of it, and the file that its secret may be in. */
    static final Set<String> FIELDS = Set.of(
            "url",
            "operatorSubscriptionId",
            "tokenUrl",
            "clientId",
            "clientSecret",
            "clientSecretFile",
            "scope",
            "resource",
            "tokenFile",
            "withoutProviders");

    private static final List<String> OF_CLIENTS = List.of("tokenUrl", "clientId", "clientSecret", "scope", "resource");

    private final RawValue value;
    private final ObjectFields fields;

    StampReader(RawValue value, ObjectFields fields) {
        this.value = value;
        this.fields = fields;
    }

    /** Where it is; empty if something is wrong with it, which is reported. */
    Optional<SourceOrigin> read(SourceType type) {
        Optional<URI> url = fields.require("url", EndpointOptions::base);
        Optional<SubscriptionId> operator =
                fields.require("operatorSubscriptionId", text -> new SubscriptionId(ScalarTypes.parseUuid(text)));
        List<SubscriptionId> without =
                fields.all("withoutProviders", text -> new SubscriptionId(ScalarTypes.parseUuid(text)));
        if (!without.isEmpty() && !type.givesDirectTenantsOnly()) {
            fields.problem("withoutProviders is for azureStackHub: a tallygate shows its operator everybody at once");
        }
        Optional<SourceAccess> access = fields.has("tokenFile") ? withTokenFile() : asClient();
        return url.isEmpty() || operator.isEmpty() || access.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new SourceOrigin.Stamp(type, url.get(), operator.get(), access.get(), Set.copyOf(without)));
    }

    // Something else writes it, perhaps a moment after the gateway is started: it need not be there yet.
    private Optional<SourceAccess> withTokenFile() {
        OF_CLIENTS.stream()
                .filter(fields::hasSecret)
                .forEach(name -> fields.problem(name + " does not go with tokenFile: expected one or the other"));
        return fields.find("tokenFile", text -> new SourceAccess.TokenFile(value.path(text)));
    }

    private Optional<SourceAccess> asClient() {
        Optional<URI> tokenUrl = fields.require("tokenUrl", text -> URI.create(EndpointOptions.url(text)));
        Optional<String> clientId = fields.require("clientId", ScalarTypes::requireLine);
        if (!fields.hasSecret("clientSecret")) {
            fields.problem("clientSecret is required, or tokenFile");
        }
        Optional<String> secret = fields.findSecret("clientSecret", ScalarTypes::requireLine);
        if (fields.has("scope") == fields.has("resource")) {
            fields.problem("expected one of scope (Entra ID) and resource (AD FS)");
        }
        String field = fields.has("scope") ? "scope" : "resource";
        Optional<String> audience = fields.find(field, ScalarTypes::requireLine);
        return tokenUrl.isEmpty() || clientId.isEmpty() || secret.isEmpty() || audience.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new SourceAccess.Client(tokenUrl.get(), clientId.get(), secret.get(), field, audience.get()));
    }
}
