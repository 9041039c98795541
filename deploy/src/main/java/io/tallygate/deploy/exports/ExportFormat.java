package io.tallygate.deploy.exports;

import java.nio.file.Path;
import java.util.Locale;

/** What is written; the names are endings of files too. */
enum ExportFormat {
    /** As the gateway sends it. */
    ndjson(WireFormat.NDJSON),
    /** As the gateway sends it. */
    csv(WireFormat.CSV),
    /** Made from CSV, which has every column. */
    parquet(WireFormat.CSV);

    private final WireFormat wire;

    ExportFormat(WireFormat wire) {
        this.wire = wire;
    }

    /**
     * The format that a file's name tells.
     *
     * @throws IllegalArgumentException if it tells none
     */
    static ExportFormat of(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        for (ExportFormat format : values()) {
            if (name.endsWith("." + format.name())) {
                return format;
            }
        }
        throw new IllegalArgumentException(
                "what is to be written to " + file + "? Give --format ndjson, csv or parquet");
    }

    /** How the rows come. */
    WireFormat wire() {
        return wire;
    }
}
