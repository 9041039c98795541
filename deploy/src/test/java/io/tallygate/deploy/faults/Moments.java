package io.tallygate.deploy.faults;

/** Time that is let pass between one deed and the next; nothing is ever concluded from how long it was. */
final class Moments {
    private Moments() {}

    static void pass(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
