package io.tallygate.deploy.faults;

import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.deploy.testing.Tools;
import io.tallygate.store.testing.FreePort;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** HAProxy in front of a site's gateways, as {@code deploy/haproxy/haproxy.cfg} has it, with the site's addresses. */
final class Haproxy implements AutoCloseable {
    private final Process process;
    private final int port = FreePort.next();

    Haproxy(Site site) throws IOException {
        Tools.require("haproxy");
        TestIdentity identity = TestIdentity.get();
        Path pem = Files.createTempFile(Path.of("target"), "usage", ".pem").toAbsolutePath();
        Files.writeString(pem, Files.readString(identity.certificateFile()) + Files.readString(identity.keyFile()));
        String text = Files.readString(Path.of("haproxy/haproxy.cfg"))
                .replace("bind :443", "bind 127.0.0.1:" + port)
                .replace("/etc/haproxy/usage.pem", pem.toString())
                .replace(
                        "/etc/haproxy/gateways-ca.pem",
                        identity.caFile().toAbsolutePath().toString())
                .replace("gateway-1:8443 port 9090", address(site, 0))
                .replace("gateway-2:8443 port 9090", address(site, 1));
        Path file = Files.createTempFile(Path.of("target"), "haproxy", ".cfg");
        Files.writeString(file, text);
        process = new ProcessBuilder("haproxy", "-db", "-f", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(new File("target/haproxy.log"))
                .start();
    }

    URI url() {
        return URI.create("https://localhost:" + port);
    }

    @Override
    public void close() {
        process.destroy();
    }

    private static String address(Site site, int number) {
        return "127.0.0.1:" + site.gatewayUrl(number).getPort() + " port "
                + site.gateways().get(number).managementPort();
    }
}
