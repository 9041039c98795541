package io.tallygate.bench.peer;

import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriComponentsBuilder;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The two usage routes, as pages of JSON or as one stream of NDJSON. */
@RestController
class UsageController {
    private static final int PAGE = 1000;
    private static final String TENANT = "/subscriptions/{subscription}/providers/Microsoft.Commerce/UsageAggregates";
    private static final String ADMIN =
            "/subscriptions/{subscription}/providers/Microsoft.Commerce.Admin/subscriberUsageAggregates";
    private static final String TENANT_TYPE = "Microsoft.Commerce/UsageAggregate";
    private static final String ADMIN_TYPE = "Microsoft.Commerce.Admin/UsageAggregate";

    private final UsageRepository usage;
    private final NdjsonWriter ndjson;

    UsageController(UsageRepository usage, NdjsonWriter ndjson) {
        this.usage = usage;
        this.ndjson = ndjson;
    }

    @GetMapping(path = TENANT, produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<UsagePage> tenantPage(@PathVariable UUID subscription, UsageParameters parameters, ServerHttpRequest request) {
        return page(parameters.query(subscription, TENANT_TYPE), request.getURI());
    }

    @GetMapping(path = ADMIN, produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<UsagePage> adminPage(UsageParameters parameters, ServerHttpRequest request) {
        return page(parameters.query(null, ADMIN_TYPE), request.getURI());
    }

    @GetMapping(path = TENANT, produces = MediaType.APPLICATION_NDJSON_VALUE)
    Flux<DataBuffer> tenantStream(
            @PathVariable UUID subscription, UsageParameters parameters, ServerHttpResponse response) {
        return stream(parameters.query(subscription, TENANT_TYPE), response);
    }

    @GetMapping(path = ADMIN, produces = MediaType.APPLICATION_NDJSON_VALUE)
    Flux<DataBuffer> adminStream(UsageParameters parameters, ServerHttpResponse response) {
        return stream(parameters.query(null, ADMIN_TYPE), response);
    }

    private Flux<DataBuffer> stream(UsageQuery query, ServerHttpResponse response) {
        return ndjson.write(usage.all(query), response.bufferFactory());
    }

    // One row more than a page tells whether another page follows.
    private Mono<UsagePage> page(UsageQuery query, URI uri) {
        return usage.page(query, PAGE + 1)
                .collectList()
                .map(rows -> rows.size() <= PAGE
                        ? new UsagePage(rows, null)
                        : new UsagePage(rows.subList(0, PAGE), nextLink(uri, rows)));
    }

    private static String nextLink(URI uri, List<UsageAggregate> rows) {
        return UriComponentsBuilder.fromUri(uri)
                .replaceQueryParam(
                        "continuationToken", rows.get(PAGE - 1).position().token())
                .build(true)
                .toUriString();
    }
}
