package io.tallygate.deploy.config;

/** How much is logged. */
public enum LogLevel {
    /** Every step. */
    TRACE,
    /** For finding a defect. */
    DEBUG,
    /** What happens. */
    INFO,
    /** What should not. */
    WARN,
    /** What went wrong. */
    ERROR,
    /** Nothing. */
    OFF
}
