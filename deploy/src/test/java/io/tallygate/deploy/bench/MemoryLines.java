package io.tallygate.deploy.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** What streams cost in memory: one long stream, and readers that stop reading. One pass, for memory does not vary. */
final class MemoryLines implements Group {
    private static final double RSS_TARGET_MB = 400;
    private static final double PER_READER_TARGET_MB = 8;
    private static final double FLAT = 1.25;
    private static final int RECEIVE_BUFFER = 64 << 10;
    private static final int STALL_SECONDS = 5;

    private final int readers;

    /** With so many readers that stop. */
    MemoryLines(int readers) {
        this.readers = readers;
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public List<Line> measure(Site site, Rounds rounds) throws IOException {
        List<Line> lines = new ArrayList<>();
        rounds.say("one long stream");
        try (Gateway gateway = site.gateway(false)) {
            lines.addAll(longStream(site, gateway));
        }
        rounds.say(readers + " readers that stop reading");
        try (Gateway gateway = site.gateway(false)) {
            lines.add(stalled(site, gateway));
        }
        return lines;
    }

    private static List<Line> longStream(Site site, Gateway gateway) throws IOException {
        Streams streams = new Streams(site, Site.DATABASE, site.world(), gateway);
        long rows = streams.count(streams.hourlyNdjson());
        List<Double> heap = new ArrayList<>();
        ExecutorService background = Executors.newSingleThreadExecutor();
        try {
            Future<Curl.Got> stream = background.submit(() -> site.operator().get(streams.hourlyNdjson()));
            while (!stream.isDone()) {
                heap.add(gateway.process().heapAfterCollectionMb());
                pause(500);
            }
            stream.get();
        } catch (ExecutionException failed) {
            throw new IOException("The stream failed", failed);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        } finally {
            background.shutdown();
        }
        // Without what was sampled while it began and after it ended.
        List<Double> during = heap.size() > 4 ? heap.subList(1, heap.size() - 1) : heap;
        int middle = during.size() / 2;
        String what = "stream of " + Numbers.short3(rows) + " rows";
        Double peak = gateway.process().peakRssMb();
        List<Line> lines = new ArrayList<>();
        if (peak != null) {
            lines.add(Line.of("memory.stream.rss", what + ": peak RSS", "MB", Better.LOWER, List.of(peak))
                    .to(Target.figureAtMost(RSS_TARGET_MB))
                    .peakRss(peak));
        }
        lines.add(Line.of(
                        "memory.stream.heap",
                        what + ": largest heap after GC, second half",
                        "MB",
                        Better.LOWER,
                        List.of(Numbers.most(during.subList(middle, during.size()))))
                .against("first half", List.of(Numbers.most(during.subList(0, Math.max(1, middle)))))
                .to(Target.atMost(FLAT))
                .noting(during.size() + " samples: "
                        + during.stream().map(Numbers::short3).toList()));
        return lines;
    }

    private Line stalled(Site site, Gateway gateway) throws IOException {
        Streams streams = new Streams(site, Site.DATABASE, site.world(), gateway);
        streams.count(streams.ndjson());
        // Whatever is loaded and cached at the first stream is no reader's.
        site.operator().get(streams.ndjson());
        double before = gateway.process().heapAfterCollectionMb();
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < readers; i++) {
                sockets.add(begin(streams.ndjson(), site.identity().operator()));
            }
            pause(TimeUnit.SECONDS.toMillis(STALL_SECONDS));
            double after = gateway.process().heapAfterCollectionMb();
            return Line.of(
                            "memory.stalled",
                            readers + " readers that stopped reading: heap a reader",
                            "MB",
                            Better.LOWER,
                            List.of(Math.max(0, (after - before) / readers)))
                    .to(Target.figureAtMost(PER_READER_TARGET_MB))
                    .peakRss(gateway.process().peakRssMb())
                    .noting("heap " + Numbers.short3(before) + " MB before, " + Numbers.short3(after) + " MB after");
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    /** Asks for a stream, reads its status line and then nothing more. */
    private static Socket begin(String stream, String token) throws IOException {
        URI uri = URI.create(stream);
        Socket socket = new Socket();
        socket.setReceiveBufferSize(RECEIVE_BUFFER);
        socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()));
        socket.getOutputStream()
                .write(("GET " + uri.getRawPath() + "?" + uri.getRawQuery() + " HTTP/1.1\r\nHost: " + uri.getAuthority()
                                + "\r\nAuthorization: Bearer " + token + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        InputStream in = socket.getInputStream();
        String status = new String(in.readNBytes(12), StandardCharsets.US_ASCII);
        if (!status.equals("HTTP/1.1 200")) {
            throw new IOException("The stream answered " + status);
        }
        return socket;
    }

    private static void pause(long milliseconds) throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(milliseconds);
        } catch (InterruptedException interrupted) {
            throw new IOException(interrupted);
        }
    }
}
