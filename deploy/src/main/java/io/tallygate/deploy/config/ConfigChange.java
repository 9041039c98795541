package io.tallygate.deploy.config;

import io.tallygate.deploy.config.Setting.Purpose;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a configuration that was read again changes in the one that runs.
 *
 * @param next what runs from then on: what it was, with the settings that can change
 * @param changes those settings, with what they were and are, as they may be shown
 * @param waiting the keys of settings that were changed too and wait for a restart
 */
public record ConfigChange(Configuration next, List<Change> changes, List<String> waiting) {

    /** A setting that has another value. */
    public record Change(String key, String from, String to) {}

    /**
     * Compares them.
     *
     * @throws ConfigException if what can change does not go with what has to wait
     */
    public static ConfigChange between(Configuration running, Configuration read) throws ConfigException {
        List<Setting<?>> reloadable =
                Settings.all().stream().filter(Setting::reloadable).toList();
        Configuration next = running.with(read, reloadable);
        List<ConfigProblem> problems = ConfigChecks.check(next, Set.of(), Purpose.SERVE);
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        List<Change> changes = new ArrayList<>();
        List<String> waiting = new ArrayList<>();
        for (Setting<?> setting : Settings.all()) {
            if (!running.find(setting).equals(next.find(setting))) {
                changes.add(new Change(setting.key(), running.shown(setting), next.shown(setting)));
            } else if (!running.find(setting).equals(read.find(setting))) {
                waiting.add(setting.key());
            }
        }
        // Where people sign in may follow from the issuers.
        if (!PortalSettings.from(running).equals(PortalSettings.from(next))) {
            waiting.add(PortalSettings.DISCOVERY.key());
        }
        return new ConfigChange(next, List.copyOf(changes), List.copyOf(waiting));
    }

    /** For the audit. */
    public String detail() {
        JsonObject changed = new JsonObject();
        changes.forEach(change -> changed.put(
                change.key(), new JsonObject().put("from", change.from()).put("to", change.to())));
        return new JsonObject()
                .put("changed", changed)
                .put("needsRestart", new JsonArray(waiting))
                .encode();
    }
}
