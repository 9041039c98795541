package io.tallygate.deploy.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a configuration file says, by setting. Keys are nested sections or dotted names, in any mixture.
 *
 * @param entries values by key, {@code …File} keys of secrets included
 * @param problems unknown keys, and keys that are there twice
 */
record ConfigFile(Map<String, Entry> entries, List<ConfigProblem> problems) {

    /** A value and where it is written. */
    record Entry(JsonNode value, String origin) {}

    static final ConfigFile EMPTY = new ConfigFile(Map.of(), List.of());

    /**
     * Reads YAML, or JSON when the name ends so.
     *
     * @param name the file's name, for messages and to tell JSON
     * @throws ConfigException when it is neither; the message gives the line
     */
    static ConfigFile parse(String name, String text) throws ConfigException {
        JsonFactory factory = name.toLowerCase(Locale.ROOT).endsWith(".json") ? new JsonFactory() : new YAMLFactory();
        factory.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION.mappedFeature());
        try (JsonParser parser = factory.createParser(text)) {
            return new Reader(name, parser).document();
        } catch (JsonProcessingException e) {
            throw new ConfigException(List.of(syntaxProblem(name, e)));
        } catch (IOException e) {
            throw new ConfigException(List.of(new ConfigProblem(name, "", "expected a readable YAML or JSON file")));
        }
    }

    /** The parser's message may quote a secret: only that of a repeated key, which quotes the key, is passed on. */
    private static ConfigProblem syntaxProblem(String name, JsonProcessingException e) {
        String message = String.valueOf(e.getOriginalMessage());
        int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
        return new ConfigProblem(
                line > 0 ? name + ":" + line : name,
                "",
                message.startsWith("Duplicate field")
                        ? message
                        : "not well-formed here or in the line before: check indentation, colons and quotes");
    }

    /** Walks the sections down to the settings. */
    private static final class Reader {
        private final String name;
        private final JsonParser parser;
        private final Map<String, Entry> entries = new LinkedHashMap<>();
        private final List<ConfigProblem> problems = new ArrayList<>();
        private final Set<String> keys = new TreeSet<>();

        Reader(String name, JsonParser parser) {
            this.name = name;
            this.parser = parser;
            for (Setting<?> setting : Settings.all()) {
                keys.add(setting.key());
                if (setting.secret()) {
                    keys.add(setting.fileKey());
                }
            }
        }

        ConfigFile document() throws IOException {
            JsonToken first = parser.nextToken();
            if (first == JsonToken.START_OBJECT) {
                section("");
            } else if (first != null && first != JsonToken.VALUE_NULL) {
                problems.add(new ConfigProblem(name, "", "expected sections with settings, such as database: url:"));
            }
            if (problems.isEmpty() && first != null && parser.nextToken() != null) {
                problems.add(new ConfigProblem(name, origin(), "expected one document only"));
            }
            return new ConfigFile(entries, problems);
        }

        private void section(String prefix) throws IOException {
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String key = prefix + parser.currentName();
                String origin = origin();
                JsonToken token = parser.nextToken();
                if (keys.contains(key)) {
                    setting(key, origin);
                } else if (isSection(key) && token == JsonToken.START_OBJECT) {
                    section(key + ".");
                } else if (!isSection(key) || token != JsonToken.VALUE_NULL) {
                    problems.add(new ConfigProblem(key, origin, explain(key)));
                    parser.skipChildren();
                }
            }
        }

        private void setting(String key, String origin) throws IOException {
            try {
                Entry earlier = entries.putIfAbsent(key, new Entry(ScalarText.read(parser), origin));
                if (earlier != null) {
                    problems.add(new ConfigProblem(key, origin, "is there twice, see " + earlier.origin()));
                }
            } catch (InvalidValueException e) {
                problems.add(new ConfigProblem(key, origin, e.getMessage()));
            }
        }

        private String explain(String key) {
            return isSection(key)
                    ? "is a section: expected settings below it"
                    : "is no setting" + NearestName.hint(key, keys);
        }

        private boolean isSection(String key) {
            return keys.stream().anyMatch(known -> known.startsWith(key + "."));
        }

        private String origin() {
            return name + ":" + parser.currentTokenLocation().getLineNr();
        }
    }
}
