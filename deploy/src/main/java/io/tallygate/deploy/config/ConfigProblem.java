package io.tallygate.deploy.config;

/**
 * One thing that is wrong with a configuration.
 *
 * @param key the setting, or the name that is no setting
 * @param origin where it was written: a line of the file, a variable of the environment, or nowhere
 * @param message what was expected; never the value of a secret
 */
public record ConfigProblem(String key, String origin, String message) {

    /** One line, with control characters replaced. */
    @Override
    public String toString() {
        String place = origin.isEmpty() ? "" : " (" + origin + ")";
        return (key + place + ": " + message).replaceAll("\\p{Cntrl}", "?");
    }
}
