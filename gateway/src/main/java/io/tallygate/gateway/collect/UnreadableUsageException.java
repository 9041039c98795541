package io.tallygate.gateway.collect;

/** A row, line or document that cannot become a usage record; its message says what was expected. */
public final class UnreadableUsageException extends Exception {
    private final String code;
    private final String field;

    /** For a reason of another code. */
    public UnreadableUsageException(String code, String field, String message) {
        super(message);
        this.code = code;
        this.field = field;
    }

    /** A field is missing or malformed. */
    public static UnreadableUsageException property(String field, String message) {
        return new UnreadableUsageException("InvalidProperty", field, message);
    }

    /** A stable word for the reason. */
    public String code() {
        return code;
    }

    /** The field that is meant, or null. */
    public String field() {
        return field;
    }
}
