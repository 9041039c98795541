package io.tallygate.deploy.operate;

import io.tallygate.deploy.client.GatewayOptions;
import io.tallygate.deploy.client.GatewayTarget;
import io.tallygate.deploy.client.TokenFile;
import java.io.IOException;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command for operators. */
final class OperatorOptions {
    @Mixin
    private GatewayOptions gateway;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            converter = TokenFile.class,
            description = "The token of an operator. Default: TALLYGATE_OPERATOR_TOKEN, or the demo's operator.")
    private String token;

    GatewayTarget target(Map<String, String> environment) throws IOException {
        return gateway.target(GatewayTarget.Caller.OPERATOR, token, environment);
    }
}
