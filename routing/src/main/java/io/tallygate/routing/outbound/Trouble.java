package io.tallygate.routing.outbound;

/** Why there is no answer that can be read. */
public enum Trouble {
    /** Nothing was sent: no connection, no token, or no time was left. */
    NotSent,
    /** It was sent, or may have been; the connection broke or time ran out. */
    NoAnswer,
    /** It was answered with more bytes than are read. */
    TooLarge,
    /** Nothing was sent: there is no token, for our credentials were not taken. */
    Unauthorized
}
