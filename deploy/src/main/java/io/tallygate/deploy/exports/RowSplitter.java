package io.tallygate.deploy.exports;

import java.util.Arrays;

/** Bytes as they arrive become whole rows; never more than one row and one piece of the body is kept. */
final class RowSplitter {
    private static final int LONGEST = 1 << 26;

    private final WireFormat format;
    private byte[] held = new byte[1 << 17];
    private int from;
    private int scanned;
    private int to;
    private boolean inQuotes;

    RowSplitter(WireFormat format) {
        this.format = format;
    }

    /**
     * Takes the next bytes, when {@link #next} has given all rows before.
     *
     * @throws ExportException if a row is longer than 64 MiB
     */
    void take(byte[] bytes) throws ExportException {
        int rest = to - from;
        if (rest + bytes.length > LONGEST) {
            throw ExportException.worthless("a row is longer than 64 MiB");
        }
        byte[] target = rest + bytes.length <= held.length ? held : Arrays.copyOf(held, 2 * (rest + bytes.length));
        System.arraycopy(held, from, target, 0, rest);
        System.arraycopy(bytes, 0, target, rest, bytes.length);
        held = target;
        scanned -= from;
        from = 0;
        to = rest + bytes.length;
    }

    /** The next whole row, valid until more is taken, or null. */
    WireRow next() throws ExportException {
        byte[] bytes = held;
        boolean quoted = format.isQuoted();
        boolean inside = inQuotes;
        for (int at = scanned; at < to; at++) {
            byte character = bytes[at];
            if (character == '"' && quoted) {
                inside = !inside;
            } else if (character == '\n' && !inside) {
                WireRow row = format.row(bytes, from, at + 1);
                from = at + 1;
                scanned = from;
                inQuotes = false;
                return row;
            }
        }
        scanned = to;
        inQuotes = inside;
        return null;
    }

    /** Whether all that was taken was whole rows. */
    boolean isEmpty() {
        return from == to;
    }
}
