package io.tallygate.gateway.audit;

/** Is told of every refusal. It is called by many threads at once and must not take long. */
@FunctionalInterface
public interface RefusalObserver {
    /** A request was refused. */
    void refused(Refusal refusal);
}
