package io.tallygate.deploy.config;

import io.tallygate.gateway.collect.SourceAccess;
import io.tallygate.gateway.collect.SourceOrigin;
import io.tallygate.routing.outbound.KeystoneCredentials.ApplicationCredential;
import io.tallygate.routing.outbound.KeystoneCredentials.Identity;
import io.tallygate.routing.outbound.KeystoneCredentials.Password;
import io.tallygate.store.directory.TenantId;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what only OpenStack's CloudKitty has. */
final class CloudKittyReader {
    /** All of it, and the files that its secrets may be in. */
    static final Set<String> FIELDS = Set.of(
            "url",
            "authUrl",
            "applicationCredentialId",
            "applicationCredentialSecret",
            "applicationCredentialSecretFile",
            "user",
            "userDomain",
            "password",
            "passwordFile",
            "project",
            "projectDomain",
            "region",
            "meters",
            "tenants");

    // Of OpenStack: the domain that is there from the beginning.
    private static final String DEFAULT_DOMAIN = "Default";

    private final ObjectFields fields;

    CloudKittyReader(ObjectFields fields) {
        this.fields = fields;
    }

    /** Where it is; empty if something is wrong with it, which is reported. */
    Optional<SourceOrigin> read() {
        Optional<URI> url = fields.require("url", EndpointOptions::base);
        Optional<URI> authUrl = fields.require("authUrl", CloudKittyReader::keystone);
        Optional<Identity> identity = fields.has("user") ? asUser() : asApplication();
        Optional<String> region = fields.find("region", ScalarTypes::requireLine);
        Map<String, String> meters = fields.findAll("meters", ScalarTypes::requireLine);
        Map<String, TenantId> tenants = fields.findAll("tenants", text -> new TenantId(ScalarTypes.parseUuid(text)));
        return url.isEmpty() || authUrl.isEmpty() || identity.isEmpty()
                ? Optional.empty()
                : Optional.of(new SourceOrigin.CloudKitty(
                        url.get(), new SourceAccess.Keystone(authUrl.get(), identity.get()), region, meters, tenants));
    }

    // OpenStack's own files have it with the version.
    private static URI keystone(String text) throws InvalidValueException {
        return EndpointOptions.base(text.replaceFirst("/v3/?\\z", ""));
    }

    private Optional<Identity> asUser() {
        List.of("applicationCredentialId", "applicationCredentialSecret").stream()
                .filter(fields::hasSecret)
                .forEach(name -> fields.problem(name + " does not go with user: expected one or the other"));
        Optional<String> user = fields.find("user", ScalarTypes::requireLine);
        Optional<String> password = requireSecret("password");
        Optional<String> project = fields.require("project", ScalarTypes::requireLine);
        String userDomain = fields.find("userDomain", ScalarTypes::requireLine).orElse(DEFAULT_DOMAIN);
        String projectDomain =
                fields.find("projectDomain", ScalarTypes::requireLine).orElse(DEFAULT_DOMAIN);
        return user.isEmpty() || password.isEmpty() || project.isEmpty()
                ? Optional.empty()
                : Optional.of(new Password(user.get(), userDomain, password.get(), project.get(), projectDomain));
    }

    private Optional<Identity> asApplication() {
        List.of("userDomain", "password", "project", "projectDomain").stream()
                .filter(fields::hasSecret)
                .forEach(name -> fields.problem(name + " goes with user alone"));
        if (!fields.has("applicationCredentialId")) {
            fields.problem("applicationCredentialId is required, or user");
        }
        Optional<String> id = fields.find("applicationCredentialId", ScalarTypes::requireLine);
        Optional<String> secret = requireSecret("applicationCredentialSecret");
        return id.isEmpty() || secret.isEmpty()
                ? Optional.empty()
                : Optional.of(new ApplicationCredential(id.get(), secret.get()));
    }

    private Optional<String> requireSecret(String name) {
        if (!fields.hasSecret(name)) {
            fields.problem(name + " is required");
        }
        return fields.findSecret(name, ScalarTypes::requireLine);
    }
}
