package io.tallygate.deploy.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.gateway.auth.IssuerConfig;
import io.tallygate.store.directory.TenantId;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The type of {@code auth.issuers}: a list of {@code {issuer, tenants, discovery, caFile}}. */
final class IssuerType {
    private static final Set<String> FIELDS = Set.of("issuer", "tenants", "discovery", "caFile");

    /** Stands in an issuer for the token's own tenant, as in that of Microsoft Entra for many tenants. */
    private static final String TENANT = "{tenantId}";

    private static final String SAMPLE_TENANT = "00000000-0000-0000-0000-000000000000";

    private IssuerType() {}

    static SettingType<List<IssuerConfig>> issuers() {
        return new SettingType<>("list of issuers", IssuerType::read);
    }

    private static List<IssuerConfig> read(RawValue value) throws InvalidValueException {
        JsonNode list = value.structure();
        if (!list.isArray() || list.isEmpty()) {
            throw new InvalidValueException("expected a list of one or more {issuer, tenants, discovery, caFile};"
                    + " in the environment as a JSON list");
        }
        List<IssuerConfig> issuers = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            new Entry(value.with(list.get(i)), "element " + (i + 1), problems)
                    .read()
                    .ifPresent(issuers::add);
        }
        checkTogether(issuers, problems);
        if (!problems.isEmpty()) {
            throw new InvalidValueException(problems);
        }
        return List.copyOf(issuers);
    }

    private static void checkTogether(List<IssuerConfig> issuers, List<String> problems) {
        if (issuers.stream().map(IssuerConfig::issuer).distinct().count() < issuers.size()) {
            problems.add("an issuer is there twice");
        }
        if (issuers.stream().filter(issuer -> issuer.tenants().isEmpty()).count() > 1) {
            problems.add("tenants: \"*\" is for one issuer at most");
        }
    }

    /** One element of the list; what is wrong with it goes to the problems. */
    private record Entry(RawValue value, String place, List<String> problems) {

        Optional<IssuerConfig> read() {
            if (!value.node().isObject()) {
                problems.add(place + ": expected {issuer, tenants, discovery, caFile}");
                return Optional.empty();
            }
            int before = problems.size();
            value.node().fieldNames().forEachRemaining(this::checkName);
            Optional<URI> discovery = field("discovery", this::discovery);
            Optional<String> issuer = field("issuer", this::issuer);
            Set<TenantId> tenants = tenants();
            Optional<String> caPem = field("caFile", text -> PemTypes.certificates(value, value.path(text)));
            if (!value.node().hasNonNull("issuer")) {
                problems.add(place + ": issuer is required");
            }
            return problems.size() == before
                    ? Optional.of(new IssuerConfig(issuer.orElseThrow(), tenants, discovery, caPem))
                    : Optional.empty();
        }

        private void checkName(String name) {
            if (!FIELDS.contains(name)) {
                problems.add(place + ": expected only issuer, tenants, discovery and caFile"
                        + NearestName.hint(name, FIELDS));
            }
        }

        private <T> Optional<T> field(String name, SettingType.TextReader<T> reader) {
            JsonNode node = value.node().path(name);
            if (node.isMissingNode() || node.isNull()) {
                return Optional.empty();
            }
            try {
                return Optional.of(reader.read(value.with(node).text()));
            } catch (InvalidValueException e) {
                problems.add(place + ": " + name + ": " + e.getMessage());
                return Optional.empty();
            }
        }

        private URI discovery(String text) throws InvalidValueException {
            URI uri = NetworkTypes.parse(text, Set.of("https"));
            if (uri == null) {
                throw new InvalidValueException("expected an absolute https URL");
            }
            return uri;
        }

        private String issuer(String text) throws InvalidValueException {
            URI sample = NetworkTypes.parse(text.replace(TENANT, SAMPLE_TENANT), Set.of("https"));
            if (sample == null || sample.getRawQuery() != null || text.indexOf(TENANT) != text.lastIndexOf(TENANT)) {
                throw new InvalidValueException("expected an absolute https URL without a query, as in the tokens' iss,"
                        + " with " + TENANT + " once at most");
            }
            if (text.contains(TENANT) && !value.node().hasNonNull("discovery")) {
                throw new InvalidValueException("needs discovery, because of " + TENANT);
            }
            return text;
        }

        private Set<TenantId> tenants() {
            JsonNode node = value.node().path("tenants");
            if (node.isTextual() && node.textValue().equals("*")) {
                return Set.of();
            }
            if (!node.isArray() || node.isEmpty()) {
                problems.add(place + ": tenants: expected a list of tenant ids, or \"*\" for any");
                return Set.of();
            }
            Set<TenantId> tenants = new HashSet<>();
            for (int i = 0; i < node.size(); i++) {
                readTenant(node.get(i), i + 1, tenants);
            }
            return Set.copyOf(tenants);
        }

        private void readTenant(JsonNode node, int number, Set<TenantId> tenants) {
            try {
                tenants.add(new TenantId(ScalarTypes.parseUuid(value.with(node).text())));
            } catch (InvalidValueException e) {
                problems.add(place + ": tenants: element " + number + ": " + e.getMessage());
            }
        }
    }
}
