package io.tallygate.deploy.streams;

import static io.tallygate.store.testing.Await.await;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A real browser that fetches an address in a page and says how reading the answer ended. */
final class BrowserFetch implements AutoCloseable {
    private static final String PAGE = """
            <!doctype html><title>fetch</title><script>
            (async () => {
              let bytes = 0, end;
              try {
                const answer = await fetch('%s', {headers: {Authorization: 'Bearer %s'}});
                if (answer.status !== 200) throw 'status ' + answer.status;
                const reader = answer.body.getReader();
                for (let piece; !(piece = await reader.read()).done; ) bytes += piece.value.length;
                end = 'whole ' + bytes;
              } catch (failure) {
                end = bytes === 0 ? 'nothing: ' + failure : 'cut ' + failure;
              }
              await fetch('/end', {method: 'POST', body: end});
            })();
            </script>""";

    private final Path browser;
    private final Path directory;
    private final String option;
    private final HttpServer server;
    private volatile String page;
    private volatile Promise<String> end;

    /** One that keeps its files in the directory. */
    BrowserFetch(Vertx vertx, Path browser, Path directory, String option) {
        this.browser = browser;
        this.directory = directory;
        this.option = option;
        server = await(vertx.createHttpServer().requestHandler(this::serve).listen(0, "localhost"));
    }

    /** "whole" with the number of bytes, "cut" with what was thrown after some came, or "nothing". */
    String fetch(String url, String token) throws IOException, InterruptedException {
        page = PAGE.formatted(url, token);
        end = Promise.promise();
        Process process = new ProcessBuilder(
                        browser.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--user-data-dir=" + Files.createTempDirectory(directory, "browser"),
                        "--ignore-certificate-errors",
                        // The page is not the gateway's: without this the browser would ask it for leave.
                        "--disable-web-security",
                        "--remote-debugging-port=0",
                        option,
                        "http://localhost:" + server.actualPort() + "/")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("browser.log").toFile())
                .start();
        try {
            return await(end.future());
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    private void serve(HttpServerRequest request) {
        switch (request.path()) {
            case "/" ->
                request.response().putHeader("Content-Type", "text/html").end(page);
            case "/end" ->
                request.body().onSuccess(body -> {
                    request.response().end();
                    end.tryComplete(body.toString());
                });
            default -> request.response().setStatusCode(404).end();
        }
    }

    @Override
    public void close() {
        await(server.close());
    }
}
