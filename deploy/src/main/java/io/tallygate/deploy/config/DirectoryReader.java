package io.tallygate.deploy.config;

import io.tallygate.gateway.collect.DirectoryConfig;
import io.tallygate.gateway.collect.FileFormat;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads an element of {@code collect.sources} that is a directory. */
final class DirectoryReader {
    /** All that it may have. */
    static final Set<String> FIELDS =
            Set.of("name", "type", "registration", "path", "format", "doneMarker", "takenInto");

    private static final SettingType<FileFormat> FORMAT = ScalarTypes.word(FileFormat.class);
    private static final Pattern MARKER = Pattern.compile("\\.[A-Za-z0-9._-]{1,31}");

    private final RawValue value;
    private final ObjectFields fields;

    DirectoryReader(RawValue value, ObjectFields fields) {
        this.value = value;
        this.fields = fields;
    }

    /** The directory, unless something is wrong with it. */
    Optional<DirectoryConfig> read() {
        int before = fields.problems();
        fields.allowOnly(FIELDS);
        Optional<String> name = fields.require("name", NamedObjects::name);
        Optional<String> registration = fields.require("registration", ScalarTypes::requireLine);
        // Not looked for yet: it may be mounted later.
        Optional<Path> path = fields.require("path", value::path);
        Optional<FileFormat> format = fields.find("format", FORMAT);
        Optional<String> marker = fields.find("doneMarker", DirectoryReader::marker);
        Optional<Path> takenInto = fields.find("takenInto", value::path);
        if (path.isPresent() && path.equals(takenInto)) {
            fields.problem("takenInto: expected another directory than path");
        }
        if (fields.problems() > before) {
            return Optional.empty();
        }
        return Optional.of(new DirectoryConfig(
                name.orElseThrow(), registration.orElseThrow(), path.orElseThrow(), format, marker, takenInto));
    }

    private static String marker(String text) throws InvalidValueException {
        if (!MARKER.matcher(text).matches()) {
            throw new InvalidValueException(
                    "expected a point, then letters, digits, points, _ and -, 32 characters at most, such as .done");
        }
        return text;
    }
}
