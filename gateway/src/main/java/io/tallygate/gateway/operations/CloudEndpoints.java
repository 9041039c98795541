package io.tallygate.gateway.operations;

import java.util.List;
import java.util.Optional;

/**
 * Where else a cloud of this operator answers, for {@code /metadata/endpoints}; an empty one leads to the gateway.
 *
 * @param audiences what tokens for the gateway are made for; at least one
 */
public record CloudEndpoints(
        Optional<String> gallery,
        Optional<String> graph,
        Optional<String> portal,
        Optional<String> login,
        List<String> audiences) {}
