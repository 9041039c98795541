package io.tallygate.deploy.imports;

/** The import cannot go on; what was posted so far is safe, and the same command goes on from there. */
final class ImportStoppedException extends Exception {
    ImportStoppedException(String message) {
        super(message);
    }
}
