package io.tallygate.deploy.imports;

import io.tallygate.deploy.client.GatewayAnswer;
import io.tallygate.deploy.client.GatewayClient;
import io.tallygate.deploy.client.Retries;
import io.tallygate.deploy.client.StoppedException;
import io.tallygate.deploy.client.TryAgainException;
import io.vertx.core.http.HttpMethod;
import java.time.Clock;

/** Posts chunks of usage records, each until it is durable. */
final class UsageClient {
    private final GatewayClient gateway;
    private final String token;
    private final String path;
    private final Retries retries;
    private final Clock clock;

    /**
     * A client.
     *
     * @param token of a caller with the role Usage.Report
     */
    UsageClient(GatewayClient gateway, String token, ReportedAt reportedAt, Retries retries, Clock clock) {
        this.gateway = gateway;
        this.token = token;
        this.path = "/usage/records" + reportedAt.query();
        this.retries = retries;
        this.clock = clock;
    }

    /**
     * Posts a chunk. One that failed on the way is sent again as a whole: what was durable by then answers Duplicate.
     *
     * @throws StoppedException if it is refused, or the gateway stays away
     */
    ChunkAnswer post(Chunk chunk) throws StoppedException, InterruptedException {
        return retries.call(() -> attempt(chunk));
    }

    private ChunkAnswer attempt(Chunk chunk) throws TryAgainException, StoppedException {
        GatewayAnswer answer = gateway.send(HttpMethod.POST, path, token, "application/x-ndjson", chunk.body())
                .orTryAgain(clock.instant());
        if (!answer.isSuccess()) {
            throw new StoppedException("the gateway refused the request: " + answer.summary());
        }
        return ChunkAnswer.read(answer, chunk);
    }
}
