package io.tallygate.deploy.demo;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Properties;

/**
 * What the data directory knows about its sample world. Period and scale are written before the first record is sent,
 * so that a load that was interrupted goes on with the same records, even after midnight.
 *
 * @param scale how many times each resource exists
 * @param loaded whether all of it has been accepted
 */
record SampleState(SamplePeriod period, int scale, boolean loaded) {
    private static final String FILE = "sample-world.properties";

    /** The state of this directory; a new world that ends at the last midnight, if there is none. */
    static SampleState in(DemoDirectory directory, Instant now, int scale) throws IOException {
        Path file = directory.file(FILE);
        if (!Files.exists(file)) {
            SampleState fresh = new SampleState(SamplePeriod.before(now), scale, false);
            fresh.write(directory);
            return fresh;
        }
        Properties read = new Properties();
        read.load(new StringReader(Files.readString(file, StandardCharsets.UTF_8)));
        try {
            return new SampleState(
                    new SamplePeriod(instant(read, "from"), instant(read, "to")),
                    Integer.parseInt(read.getProperty("scale", "")),
                    Boolean.parseBoolean(read.getProperty("loaded")));
        } catch (DateTimeParseException | NumberFormatException e) {
            throw new IOException(file + " is damaged (" + e.getMessage() + "); use another --data directory", e);
        }
    }

    /** Remembers that everything is loaded. */
    SampleState markLoaded(DemoDirectory directory) throws IOException {
        SampleState done = new SampleState(period, scale, true);
        done.write(directory);
        return done;
    }

    private void write(DemoDirectory directory) throws IOException {
        PrivateFile.write(
                directory.file(FILE),
                "from=" + period.from() + "\nto=" + period.to() + "\nscale=" + scale + "\nloaded=" + loaded + "\n");
    }

    private static Instant instant(Properties read, String name) {
        return Instant.parse(read.getProperty(name, ""));
    }
}
