package io.tallygate.deploy.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * An outside program with its arguments.
 *
 * @param environment what is added to ours
 */
record Command(List<String> words, Map<String, String> environment) {
    /**
     * How it went.
     *
     * @param seconds from before its start to its end
     */
    record Finished(String out, double seconds) {}

    static Command of(String... words) {
        return new Command(List.of(words), Map.of());
    }

    Command in(Map<String, String> variables) {
        return new Command(words, variables);
    }

    /**
     * Runs it to its end.
     *
     * @throws IOException with what it said on stderr if it cannot be started or ends with another code than 0
     */
    Finished run() throws IOException {
        Path errors = Files.createTempFile("bench", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(words).redirectError(errors.toFile());
            builder.environment().putAll(environment);
            long began = System.nanoTime();
            Process process = builder.start();
            process.getOutputStream().close();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            double seconds = (System.nanoTime() - began) / 1e9;
            if (code != 0) {
                throw new IOException(shown() + " ended with " + code + ": "
                        + Files.readString(errors).strip() + " " + out.strip());
            }
            return new Finished(out, seconds);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException("Interrupted while running " + words.get(0), interrupted);
        } finally {
            Files.deleteIfExists(errors);
        }
    }

    private String shown() {
        return words.stream()
                .map(word -> word.startsWith("Authorization:") ? "Authorization: …" : word)
                .collect(Collectors.joining(" "));
    }
}
