package io.tallygate.deploy.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.routing.commerce.AdapterType;
import io.tallygate.routing.commerce.EndpointUrl;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads what an endpoint's adapter alone needs. Its secrets may lie in files of their own: {@code clientSecretFile}. */
final class EndpointOptions {
    private static final Set<String> SECRETS = Set.of("clientSecret", "apiKey", "apiSecret", "password", "token");
    private static final Set<String> URLS = Set.of("url", "tokenUrl");
    private static final String DIRECTORY = "directory";

    private final RawValue value;
    private final ObjectFields fields;

    EndpointOptions(RawValue value, ObjectFields fields) {
        this.value = value;
        this.fields = fields;
    }

    /** Whether one of an endpoint's fields holds a secret itself, and does not name its file. */
    static boolean holdsSecret(JsonNode endpoint) {
        return SECRETS.stream().anyMatch(endpoint::hasNonNull);
    }

    /** The fields that an adapter's options may be in. */
    Set<String> fieldsOf(AdapterType type) {
        Set<String> names = new TreeSet<>();
        for (String option : optionsOf(type)) {
            names.add(option);
            if (SECRETS.contains(option)) {
                names.add(ObjectFields.fileField(option));
            }
        }
        return names;
    }

    /** The options that are there; a required one that is not is reported. */
    Map<String, String> read(AdapterType type) {
        Map<String, String> options = new TreeMap<>();
        for (String option : optionsOf(type)) {
            read(type, option).ifPresent(text -> options.put(option, text));
            if (type.required().contains(option) && !isGiven(option)) {
                fields.problem(option + " is required for the adapter " + type.name());
            }
        }
        return Map.copyOf(options);
    }

    private Optional<String> read(AdapterType type, String option) {
        SettingType.TextReader<String> reader = text -> check(type, option, text);
        return SECRETS.contains(option) ? fields.findSecret(option, reader) : fields.find(option, reader);
    }

    private boolean isGiven(String option) {
        return SECRETS.contains(option) ? fields.hasSecret(option) : fields.has(option);
    }

    private String check(AdapterType type, String option, String text) throws InvalidValueException {
        if (URLS.contains(option)) {
            return url(text);
        }
        AdapterType.Form form = type.forms().get(option);
        if (form != null && !form.fits(text)) {
            throw new InvalidValueException("expected " + form.expected());
        }
        String line = ScalarTypes.requireLine(text);
        return option.equals(DIRECTORY) ? value.path(line).toString() : line;
    }

    /** The address of something outside that is called: https, or http on this machine. */
    static String url(String text) throws InvalidValueException {
        if (NetworkTypes.parse(text, Set.of("https", "http")) == null
                || EndpointUrl.problem(text).isPresent()) {
            throw new InvalidValueException(
                    "expected an absolute https URL without user, query and fragment; http is for"
                            + " loopback addresses only");
        }
        return text;
    }

    /** The same, below which there is more: without a slash at its end. */
    static URI base(String text) throws InvalidValueException {
        return URI.create(url(text).replaceFirst("/+\\z", ""));
    }

    private static Set<String> optionsOf(AdapterType type) {
        Set<String> names = new TreeSet<>(type.required());
        names.addAll(type.optional());
        return names;
    }
}
