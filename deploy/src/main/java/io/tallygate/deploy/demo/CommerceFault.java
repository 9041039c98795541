package io.tallygate.deploy.demo;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the commerce endpoint can be made to do wrong. */
enum CommerceFault {
    /** Nothing. */
    OK,
    /** Bills, and answers after a while. */
    SLOW,
    /** Bills, and answers 200 with something that is no JSON. */
    GARBAGE,
    /** Does not bill, and answers 200 with a web page, as a proxy before it would. */
    HTML,
    /** Bills, and breaks off in the middle of the answer. */
    TRUNCATED,
    /** Does not bill, and closes the connection without an answer. */
    CLOSE,
    /** Bills, and closes the connection without an answer. */
    FORGET,
    /** Does not bill, and never answers; after a while, if one is given, it closes the connection. */
    HANG,
    /** Bills the first half of the batch, and answers as if there had been no other. */
    PARTIAL,
    /** Bills, and answers with quantities that are one too many. */
    WRONG_ECHO,
    /** Does not bill, and answers that it has something else already. */
    DUPLICATE_OTHER,
    /** Does not bill, and answers with one status for each event. */
    STATUS,
    /** Does not bill, and answers with an HTTP status such as 429. */
    HTTP;

    /** Its name on the wire; those of {@link #HTTP} are numbers. */
    String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<CommerceFault> named(String name) {
        return Arrays.stream(values())
                .filter(fault -> fault != HTTP && fault.wireName().equals(name))
                .findFirst();
    }

    static String names() {
        return Arrays.stream(values())
                .filter(fault -> fault != HTTP)
                .map(CommerceFault::wireName)
                .collect(Collectors.joining(", "));
    }
}
