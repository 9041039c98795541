package io.tallygate.deploy.demo;

import java.net.URI;

/**
 * How the demo's gateway reaches the demo's commerce endpoint.
 *
 * @param url without a slash at the end
 * @param tokenUrl where {@code client} gets its tokens by client credentials
 */
public record CommerceAccess(URI url, URI tokenUrl, DemoClient client) {}
