package io.tallygate.deploy.demo;

import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;

/** The demo's commerce endpoint as a process of its own: {@code CommerceProcess DIRECTORY}. It may be killed hard. */
final class CommerceProcess {
    private CommerceProcess() {}

    /** Says {@code ready} when it listens, and runs until it is killed. */
    public static void main(String[] arguments) throws Exception {
        DemoDirectory directory = new DemoDirectory(Path.of(arguments[0]));
        var unused = new CertificateAuthority(directory, Clock.systemUTC()).serverCertificate();
        CommerceEndpoint endpoint = CommerceEndpoint.start(directory, Clock.systemUTC());
        System.out.println("ready " + endpoint.url());
        new CountDownLatch(1).await();
    }
}
