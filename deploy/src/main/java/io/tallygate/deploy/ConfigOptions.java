package io.tallygate.deploy;

import io.tallygate.deploy.config.ConfigException;
import io.tallygate.deploy.config.ConfigLoader;
import io.tallygate.deploy.config.Configuration;
import io.tallygate.deploy.config.Setting.Purpose;
import io.tallygate.deploy.config.TextFiles;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** The options of commands that read a configuration. */
final class ConfigOptions {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigOptions.class);

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration, YAML or JSON. Without it all settings come from the environment,"
                    + " which wins over the file.")
    private Path config;

    @Option(
            names = "--check-config",
            description = "Report all problems of the configuration, or show what is in force and where it comes"
                    + " from, and end. Secrets are not shown.")
    private boolean check;

    /** The configuration; empty if it is only to be checked, which was done, and shown. */
    Optional<Configuration> loadOrShow(Map<String, String> environment, Purpose purpose, PrintWriter out)
            throws ConfigException {
        Configuration configuration = load(environment, purpose);
        if (check) {
            configuration.describe().forEach(out::println);
            return Optional.empty();
        }
        return Optional.of(configuration);
    }

    private Configuration load(Map<String, String> environment, Purpose purpose) throws ConfigException {
        Configuration configuration = read(environment, purpose);
        configuration.warnings().forEach(warning -> LOG.warn("{}", warning));
        return configuration;
    }

    /** The same, and nothing is logged. */
    Configuration read(Map<String, String> environment, Purpose purpose) throws ConfigException {
        return new ConfigLoader(environment, TextFiles.disk()).load(Optional.ofNullable(config), purpose);
    }
}
