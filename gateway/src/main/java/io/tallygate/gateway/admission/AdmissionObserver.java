package io.tallygate.gateway.admission;

/** Learns what is not let in. It is called on event loops and must be quick. */
@FunctionalInterface
public interface AdmissionObserver {
    /** A request was refused with 429. */
    void refused(Refusal reason);
}
