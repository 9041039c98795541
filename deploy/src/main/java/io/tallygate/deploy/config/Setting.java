package io.tallygate.deploy.config;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * One setting.
 *
 * @param key its dotted name in the configuration file
 * @param type what its value must be
 * @param defaultText the value it has when nothing is given, as text
 * @param requiredBy the commands that do not start without it; empty for a setting with a default or an optional one
 * @param secret whether its value is never shown, and may come from a file of its own
 * @param reloadable whether it can change while the gateway runs
 * @param description what it is for, in one line
 */
public record Setting<T>(
        String key,
        SettingType<T> type,
        Optional<String> defaultText,
        Set<Purpose> requiredBy,
        boolean secret,
        boolean reloadable,
        String description) {

    /** The commands that read a configuration. */
    public enum Purpose {
        /** The gateway. */
        SERVE,
        /** The schema. */
        MIGRATE
    }

    /** A setting that may be left out, is no secret and has no default. */
    static <T> Setting<T> of(String key, SettingType<T> type, String description) {
        return new Setting<>(key, type, Optional.empty(), Set.of(), false, false, description);
    }

    /** The same with a default. */
    Setting<T> withDefault(String text) {
        return new Setting<>(key, type, Optional.of(text), requiredBy, secret, reloadable, description);
    }

    /** The same, needed by some commands. */
    Setting<T> requiredBy(Purpose... purposes) {
        return new Setting<>(key, type, defaultText, Set.of(purposes), secret, reloadable, description);
    }

    /** The same with a value that is never shown. */
    Setting<T> asSecret() {
        return new Setting<>(key, type, defaultText, requiredBy, true, reloadable, description);
    }

    /** The same, and a reload changes it. */
    Setting<T> asReloadable() {
        return new Setting<>(key, type, defaultText, requiredBy, secret, true, description);
    }

    /** The setting's name in the environment: {@code TALLYGATE_DATABASE_POOL_SIZE} for {@code database.poolSize}. */
    public String environmentName() {
        return environmentName(key);
    }

    /** The name in the configuration file of the file that holds a secret. */
    public String fileKey() {
        return key + "File";
    }

    /** The name in the environment of the file that holds a secret. */
    public String fileEnvironmentName() {
        return environmentName(fileKey());
    }

    private static String environmentName(String key) {
        return "TALLYGATE_"
                + key.replaceAll("([a-z])([A-Z])", "$1_$2").replace('.', '_').toUpperCase(Locale.ROOT);
    }
}
