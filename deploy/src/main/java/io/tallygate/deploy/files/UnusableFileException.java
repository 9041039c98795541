package io.tallygate.deploy.files;

import io.tallygate.routing.outbound.Detail;

/** Why nothing is taken of a file; the message is for people: one short line with the place and what was expected. */
final class UnusableFileException extends RuntimeException {
    UnusableFileException(String message) {
        super(Detail.of(message), null, false, false);
    }

    /** Because of one of its lines. */
    static UnusableFileException at(long line, String message) {
        return new UnusableFileException("line " + line + ": " + message);
    }
}
