package io.tallygate.deploy.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code curl} over HTTP/1.1 with one caller's token, body to {@code /dev/null}; it fails if an answer is cut short. */
final class Curl {
    private final List<String> common;

    /** As the caller of this token, who trusts this authority. */
    Curl(String token, Path caFile) {
        common = List.of(
                "curl",
                "--silent",
                "--show-error",
                "--fail",
                "--http1.1",
                "--cacert",
                caFile.toString(),
                "--header",
                "Authorization: Bearer " + token);
    }

    /**
     * What came.
     *
     * @param bytes of the body as it was sent, gzip or not
     */
    record Got(long bytes, double seconds) {}

    /** Gets a URL with these headers. */
    Got get(String url, String... headers) throws IOException {
        List<String> words = new ArrayList<>(common);
        for (String header : headers) {
            words.addAll(List.of("--header", header));
        }
        words.addAll(List.of("--output", "/dev/null", "--write-out", "%{size_download}", url));
        Command.Finished finished = new Command(words, Map.of()).run();
        return new Got(Long.parseLong(finished.out().strip()), finished.seconds());
    }

    /** The headers of a HEAD, in lower case, each on a line. */
    String head(String url) throws IOException {
        List<String> words = new ArrayList<>(common);
        words.addAll(List.of("--head", url));
        return new Command(words, Map.of()).run().out().toLowerCase(java.util.Locale.ROOT);
    }

    /** The body of a GET. */
    String text(String url) throws IOException {
        List<String> words = new ArrayList<>(common);
        words.add(url);
        return new Command(words, Map.of()).run().out();
    }

    /** Posts a file and answers with the body that came back and the time it took. */
    Command.Finished post(String url, String contentType, Path file) throws IOException {
        List<String> words = new ArrayList<>(common);
        words.addAll(List.of(
                "--request",
                "POST",
                "--header",
                "Content-Type: " + contentType,
                "--header",
                "Expect:",
                "--upload-file",
                file.toString(),
                url));
        return new Command(words, Map.of()).run();
    }

    /** The command for a shell inside another command, as {@code \copy … from program}. */
    String shell(String url) {
        StringBuilder line = new StringBuilder();
        common.forEach(word -> line.append(quoted(word)).append(' '));
        return line.append(quoted(url)).toString();
    }

    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9/.-]+") ? word : "\"" + word.replace("$", "\\$") + "\"";
    }
}
