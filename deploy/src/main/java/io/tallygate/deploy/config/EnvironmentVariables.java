package io.tallygate.deploy.config;

import com.fasterxml.jackson.databind.node.TextNode;
import io.tallygate.deploy.config.ConfigFile.Entry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The variables of the environment that are settings, and those that look like settings and are none. */
final class EnvironmentVariables {
    private static final String PREFIX = "TALLYGATE_";

    /** What the launcher, the logging configuration and the commands read themselves. */
    private static final Set<String> OTHERS = Set.of(
            "TALLYGATE_LOG_FORMAT",
            "TALLYGATE_LOG_REQUESTS",
            "TALLYGATE_JAVA_OPTS",
            "TALLYGATE_TOKEN",
            "TALLYGATE_OPERATOR_TOKEN");

    /** Kubernetes sets these in every pod beside a service whose name starts with tallygate. */
    private static final Pattern SERVICE_LINK =
            Pattern.compile("TALLYGATE(_.+)?_(SERVICE_(HOST|PORT(_.+)?)|PORT(_\\d+_(TCP|UDP|SCTP)(_.+)?)?)");

    private final Map<String, String> variables;

    EnvironmentVariables(Map<String, String> variables) {
        this.variables = Map.copyOf(variables);
    }

    Optional<Entry> find(String name) {
        return Optional.ofNullable(variables.get(name))
                .map(text -> new Entry(TextNode.valueOf(text), "environment " + name));
    }

    /** A misspelt variable must not be passed over in silence. */
    List<ConfigProblem> unknown() {
        Set<String> known = new TreeSet<>();
        for (Setting<?> setting : Settings.all()) {
            known.add(setting.environmentName());
            if (setting.secret()) {
                known.add(setting.fileEnvironmentName());
            }
        }
        return variables.keySet().stream()
                .filter(name -> name.startsWith(PREFIX) && !known.contains(name) && !OTHERS.contains(name))
                .filter(name -> !SERVICE_LINK.matcher(name).matches())
                .sorted()
                .map(name -> new ConfigProblem(name, "environment", "is no setting" + NearestName.hint(name, known)))
                .toList();
    }
}
