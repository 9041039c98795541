package io.tallygate.deploy.config;

import java.util.List;

/** A value that is not what its setting expects; the messages say what was expected and never repeat the value. */
final class InvalidValueException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<String> messages;

    InvalidValueException(String message) {
        this(List.of(message));
    }

    InvalidValueException(List<String> messages) {
        super(String.join("; ", messages));
        this.messages = List.copyOf(messages);
    }

    List<String> messages() {
        return messages;
    }
}
