package io.tallygate.deploy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.demo.DemoPerson;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Somebody with a browser: it keeps cookies, follows no redirect by itself, and knows nothing of scripts. */
public final class Browser {
    /** The session's cookie. */
    public static final String SESSION = "__Host-tallygate";

    /** What is kept while signing in. */
    public static final String SIGN_IN = "__Host-tallygate-signin";

    private static final Pattern HIDDEN =
            Pattern.compile("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\">");
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().sslContext(TestIdentity.get().tls()).build();

    private final Map<String, String> cookies = new TreeMap<>();

    /** The cookies that it has, by name. */
    public Map<String, String> cookies() {
        return cookies;
    }

    /** Another browser with the same cookies. */
    public Browser copy() {
        Browser copy = new Browser();
        copy.cookies.putAll(cookies);
        return copy;
    }

    /** A GET. */
    public HttpResponse<String> get(URI uri, String... headers) {
        return send("GET", uri, null, headers);
    }

    /** Any request; headers are names and values. */
    public HttpResponse<String> send(String method, URI uri, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try {
            HttpResponse<String> response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
            response.headers().allValues("Set-Cookie").forEach(this::keep);
            return response;
        } catch (IOException failed) {
            throw new AssertionError(method + " " + uri + " failed", failed);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private void keep(String header) {
        String pair = header.split(";", 2)[0];
        int equals = pair.indexOf('=');
        if (header.contains("Max-Age=0")) {
            cookies.remove(pair.substring(0, equals));
        } else {
            cookies.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
    }

    /** Where an answer redirects to. */
    public static URI location(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(302);
        return URI.create(answer.headers().firstValue("Location").orElseThrow());
    }

    /** Begins to sign in: the address of the identity provider. */
    public URI begin(TestGateway gateway, String returnTo) {
        String query = returnTo == null ? "" : "?returnTo=" + encoded(returnTo);
        return location(get(URI.create(gateway.url() + "/portal/signin" + query)));
    }

    /** Chooses a person on the identity provider's page: the address to come back to. */
    public URI choose(URI page, DemoPerson person) {
        HttpResponse<String> form = get(page);
        assertThat(form.statusCode()).as(form.body()).isEqualTo(200);
        Map<String, String> fields = new LinkedHashMap<>();
        for (Matcher hidden = HIDDEN.matcher(form.body()); hidden.find(); ) {
            fields.put(hidden.group(1), hidden.group(2).replace("&amp;", "&"));
        }
        fields.put("person", person == null ? "" : person.id());
        String body = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&"));
        return location(
                send("POST", page.resolve(page.getPath()), body, "Content-Type", "application/x-www-form-urlencoded"));
    }

    /** Signs in and gives the callback's answer. */
    public HttpResponse<String> signIn(TestGateway gateway, DemoPerson person) {
        return get(choose(begin(gateway, null), person));
    }

    /** Somebody who is signed in. */
    public static Browser of(TestGateway gateway, DemoPerson person) {
        Browser browser = new Browser();
        HttpResponse<String> answer = browser.signIn(gateway, person);
        assertThat(location(answer)).hasPath("/portal/").hasNoFragment();
        return browser;
    }

    /** What the gateway says of the session. */
    public JsonNode session(TestGateway gateway) {
        HttpResponse<String> answer = get(URI.create(gateway.url() + "/portal/session"));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return HttpCaller.Answer.parse(answer.body());
    }

    /** The header that changes need. */
    public String[] csrf(TestGateway gateway) {
        return new String[] {"x-tallygate-csrf", session(gateway).path("csrf").asText()};
    }

    /** The attributes of a cookie that an answer sets, without its value. */
    public static List<String> attributes(HttpResponse<String> answer, String cookie) {
        return answer.headers().allValues("Set-Cookie").stream()
                .filter(header -> header.startsWith(cookie + "="))
                .map(header -> List.of(header.split("; ", -1)).stream()
                        .skip(1)
                        .sorted()
                        .toList())
                .findFirst()
                .orElse(List.of());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
