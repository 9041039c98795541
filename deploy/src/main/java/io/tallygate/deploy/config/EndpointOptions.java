package io.tallygate.deploy.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.routing.commerce.AdapterType;
import io.tallygate.routing.commerce.EndpointUrl;
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
                names.add(fileField(option));
            }
        }
        return names;
    }

    /** The options that are there; a required one that is not is reported. */
    Map<String, String> read(AdapterType type) {
        Map<String, String> options = new TreeMap<>();
        for (String option : optionsOf(type)) {
            read(type, option).ifPresent(text -> options.put(option, text));
            if (type.required().contains(option) && !fields.has(option) && !inFile(option)) {
                fields.problem(option + " is required for the adapter " + type.name());
            }
        }
        return Map.copyOf(options);
    }

    private Optional<String> read(AdapterType type, String option) {
        if (!inFile(option)) {
            return fields.find(option, text -> check(type, option, text));
        }
        if (fields.has(option)) {
            fields.problem(option + " is given twice: expected the value or the file that holds it, not both");
            return Optional.empty();
        }
        return fields.find(fileField(option), text -> check(type, option, content(text)));
    }

    private boolean inFile(String option) {
        return SECRETS.contains(option) && fields.has(fileField(option));
    }

    private String content(String path) throws InvalidValueException {
        return value.secret(value.path(path)).replaceFirst("\\R+\\z", "");
    }

    private String check(AdapterType type, String option, String text) throws InvalidValueException {
        if (URLS.contains(option)) {
            return url(text);
        }
        AdapterType.Form form = type.forms().get(option);
        if (form != null && !form.fits(text)) {
            throw new InvalidValueException("expected " + form.expected());
        }
        // A line break, as at the end of a pasted secret, would spoil the header that it goes into.
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidValueException("expected a text without line breaks and other control characters");
        }
        return option.equals(DIRECTORY) ? value.path(text).toString() : ScalarTypes.requireLength(text, 1);
    }

    private static String url(String text) throws InvalidValueException {
        if (NetworkTypes.parse(text, Set.of("https", "http")) == null
                || EndpointUrl.problem(text).isPresent()) {
            throw new InvalidValueException(
                    "expected an absolute https URL without user, query and fragment; http is for"
                            + " loopback addresses only");
        }
        return text;
    }

    private static Set<String> optionsOf(AdapterType type) {
        Set<String> names = new TreeSet<>(type.required());
        names.addAll(type.optional());
        return names;
    }

    private static String fileField(String option) {
        return option + "File";
    }
}
