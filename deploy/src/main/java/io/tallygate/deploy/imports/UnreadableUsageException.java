package io.tallygate.deploy.imports;

/** A row, line or document that cannot become a usage record; its message says what was expected. */
final class UnreadableUsageException extends Exception {
    private final String code;
    private final String field;

    UnreadableUsageException(String code, String field, String message) {
        super(message);
        this.code = code;
        this.field = field;
    }

    /** A field is missing or malformed. */
    static UnreadableUsageException property(String field, String message) {
        return new UnreadableUsageException("InvalidProperty", field, message);
    }

    /** A stable word for the reason. */
    String code() {
        return code;
    }

    /** The field that is meant, or null. */
    String field() {
        return field;
    }
}
