package io.tallygate.deploy.exports;

import java.io.IOException;

/** An export that would fail again: it was refused, or what came is not what was announced. */
final class ExportException extends IOException {
    private static final long serialVersionUID = 1;

    private final boolean worthless;

    private ExportException(String message, boolean worthless) {
        super(message);
        this.worthless = worthless;
    }

    /** The gateway does not give it. */
    static ExportException refused(String message) {
        return new ExportException(message, false);
    }

    /** What came so far must not be used. */
    static ExportException worthless(String message) {
        return new ExportException(message, true);
    }

    /** Whether what came so far must not be used. */
    boolean isWorthless() {
        return worthless;
    }
}
