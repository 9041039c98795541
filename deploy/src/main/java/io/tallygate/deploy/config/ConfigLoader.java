package io.tallygate.deploy.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.tallygate.deploy.config.ConfigFile.Entry;
import io.tallygate.deploy.config.Configuration.Value;
import io.tallygate.deploy.config.Setting.Purpose;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads the configuration from a file and the environment, which wins; reports everything that is wrong at once. */
public final class ConfigLoader {
    private static final int SHOWN_CHARACTERS = 60;

    private final EnvironmentVariables environment;
    private final SecretFiles files;

    /**
     * Reads only what it is given.
     *
     * @param environment the variables of the environment, those of others included
     * @param files where the configuration file and the files it names are read from
     */
    public ConfigLoader(Map<String, String> environment, TextFiles files) {
        this.environment = new EnvironmentVariables(environment);
        this.files = new SecretFiles(files);
    }

    /**
     * The configuration for a command.
     *
     * @param file YAML or JSON; without one everything comes from the environment
     * @throws ConfigException with all problems
     */
    public Configuration load(Optional<Path> file, Purpose purpose) throws ConfigException {
        ConfigFile contents = file.isPresent() ? read(file.get()) : ConfigFile.EMPTY;
        List<ConfigProblem> problems = new ArrayList<>(contents.problems());
        problems.addAll(environment.unknown());
        Path directory = file.map(path -> path.toAbsolutePath().getParent()).orElse(Path.of(""));
        Map<Setting<?>, Value<?>> values = new HashMap<>();
        for (Setting<?> setting : Settings.all()) {
            new Resolution<>(setting, contents, directory, problems)
                    .value(purpose)
                    .ifPresent(value -> values.put(setting, value));
        }
        file.filter(path -> holdsSecret(contents)).ifPresent(files::note);
        Configuration configuration = new Configuration(values, files.warnings());
        Set<String> unreadable = problems.stream().map(ConfigProblem::key).collect(Collectors.toSet());
        problems.addAll(ConfigChecks.check(configuration, unreadable, purpose));
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return configuration.warning(ConfigChecks.warnings(configuration, purpose));
    }

    private static boolean holdsSecret(ConfigFile contents) {
        return Settings.all().stream()
                .filter(Setting::secret)
                .map(setting -> contents.entries().get(setting.key()))
                .anyMatch(entry -> entry != null && holdsSecret(entry.value()));
    }

    private static boolean holdsSecret(JsonNode value) {
        return value.isTextual() ? !value.textValue().isBlank() : anyHoldsSecret(value);
    }

    // A list of secrets, or of endpoints, which may name files that hold theirs.
    private static boolean anyHoldsSecret(JsonNode list) {
        for (JsonNode element : list) {
            if (element.isObject() ? EndpointOptions.holdsSecret(element) : holdsSecret(element)) {
                return true;
            }
        }
        return false;
    }

    private ConfigFile read(Path file) throws ConfigException {
        try {
            String text = files.read(file);
            return ConfigFile.parse(
                    String.valueOf(file.getFileName()), text.startsWith("\uFEFF") ? text.substring(1) : text);
        } catch (CharacterCodingException e) {
            throw new ConfigException(List.of(new ConfigProblem(file.toString(), "", "expected UTF-8 text")));
        } catch (IOException e) {
            throw new ConfigException(List.of(new ConfigProblem(
                    file.toString(), "", "cannot be read (" + e.getClass().getSimpleName() + ")")));
        }
    }

    /** Finds one setting's value; what is wrong with it goes to the problems. */
    private final class Resolution<T> {
        private final Setting<T> setting;
        private final ConfigFile contents;
        private final Path directory;
        private final List<ConfigProblem> problems;

        Resolution(Setting<T> setting, ConfigFile contents, Path directory, List<ConfigProblem> problems) {
            this.setting = setting;
            this.contents = contents;
            this.directory = directory;
            this.problems = problems;
        }

        Optional<Value<T>> value(Purpose purpose) {
            Optional<Entry> direct = environment.find(setting.environmentName());
            Optional<Entry> named =
                    environment.find(setting.fileEnvironmentName()).filter(entry -> setting.secret());
            if (direct.isPresent() || named.isPresent()) {
                return one(direct, named, Path.of(""));
            }
            direct = written(setting.key());
            named = written(setting.fileKey()).filter(entry -> setting.secret());
            if (direct.isPresent() || named.isPresent()) {
                return one(direct, named, directory);
            }
            if (setting.defaultText().isPresent()) {
                return parse(
                        new Entry(TextNode.valueOf(setting.defaultText().get()), Configuration.DEFAULT), directory);
            }
            // A key that could not be read is reported already, and is not missing.
            if (setting.requiredBy().contains(purpose)
                    && problems.stream().noneMatch(problem -> problem.key().equals(setting.key()))) {
                problem("", "is required: set it in the configuration file or as " + setting.environmentName());
            }
            return Optional.empty();
        }

        private Optional<Entry> written(String key) {
            return Optional.ofNullable(contents.entries().get(key))
                    .filter(entry -> !entry.value().isNull());
        }

        private Optional<Value<T>> one(Optional<Entry> direct, Optional<Entry> named, Path base) {
            if (direct.isPresent() && named.isPresent()) {
                problem(
                        direct.get().origin() + " and " + named.get().origin(),
                        "is given twice: expected the value or the file that holds it, not both");
                return Optional.empty();
            }
            return direct.isPresent() ? parse(direct.get(), base) : parseFile(named.orElseThrow(), base);
        }

        private Optional<Value<T>> parseFile(Entry named, Path base) {
            RawValue raw = new RawValue(named.value(), base, files);
            try {
                String secret = raw.secret(raw.path(raw.text())).replaceFirst("\\R+\\z", "");
                return parse(new Entry(TextNode.valueOf(secret), "file named by " + named.origin()), base);
            } catch (InvalidValueException e) {
                problem(named.origin(), e.getMessage());
                return Optional.empty();
            }
        }

        private Optional<Value<T>> parse(Entry entry, Path base) {
            try {
                T value = setting.type().reader().read(new RawValue(entry.value(), base, files));
                return Optional.of(new Value<>(value, shown(entry.value()), entry.origin()));
            } catch (InvalidValueException e) {
                e.messages().forEach(message -> problem(entry.origin(), message + found(entry.value())));
                return Optional.empty();
            }
        }

        private void problem(String origin, String message) {
            problems.add(new ConfigProblem(setting.key(), origin, message));
        }

        private String shown(JsonNode value) {
            if (value.isTextual() && value.textValue().isEmpty()) {
                return "(none)";
            }
            if (setting.secret()) {
                return "(secret)";
            }
            return value.isTextual() ? value.textValue() : value.toString();
        }

        /** The wrong value, where it cannot be or hold a secret (a URL may hold a password before its @). */
        private String found(JsonNode value) {
            boolean silent = setting.secret()
                    || !value.isTextual()
                    || value.textValue().isBlank()
                    || value.textValue().contains("@")
                    || value.textValue().length() > SHOWN_CHARACTERS;
            return silent ? "" : ", not \"" + value.textValue() + "\"";
        }
    }
}
