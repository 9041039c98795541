package io.tallygate.deploy.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;

/** Someone who knows of a running demo only what its info file says, and reads usage with a token from there. */
record DemoCaller(HttpClient http, JsonNode info) {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    static DemoCaller of(SSLContext tls, JsonNode info) {
        return new DemoCaller(HttpClient.newBuilder().sslContext(tls).build(), info);
    }

    /** The tenant's usage of the sample period by day or hour: every page of it. */
    List<JsonNode> usage(String subscription, String token, String granularity) {
        return pages(path(subscription, "Microsoft.Commerce/UsageAggregates", granularity), token);
    }

    /** What a provider reads of those that it serves. */
    List<JsonNode> subscribersUsage(String subscription, String token, String granularity) {
        return pages(path(subscription, "Microsoft.Commerce.Admin/subscriberUsageAggregates", granularity), token);
    }

    /** The status of the first page. */
    int status(String subscription, String token) {
        return get(path(subscription, "Microsoft.Commerce/UsageAggregates", "Daily"), token)
                .statusCode();
    }

    JsonNode json(String path, String token) {
        HttpResponse<String> answer = get(path, token);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return parse(answer.body());
    }

    private List<JsonNode> pages(String first, String token) {
        List<JsonNode> rows = new ArrayList<>();
        for (String next = first; next != null; ) {
            JsonNode page = json(next, token);
            page.path("value").forEach(rows::add);
            next = page.path("nextLink").asText(null);
        }
        return rows;
    }

    private String path(String subscription, String route, String granularity) {
        return "/subscriptions/" + subscription + "/providers/" + route
                + "?api-version=2015-06-01-preview&aggregationGranularity=" + granularity + "&reportedStartTime="
                + info.at("/data/reportedStartTime").asText() + "&reportedEndTime="
                + info.at("/data/reportedEndTime").asText();
    }

    private HttpResponse<String> get(String path, String token) {
        URI target = URI.create(
                path.startsWith("https:") ? path : info.path("baseUrl").asText() + path);
        HttpRequest request = HttpRequest.newBuilder(target)
                .header("Authorization", "Bearer " + token)
                .build();
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException | InterruptedException failed) {
            throw new AssertionError("GET " + target + " failed", failed);
        }
    }

    static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException broken) {
            throw new AssertionError("Not JSON: " + text, broken);
        }
    }
}
