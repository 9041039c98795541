package io.tallygate.store;

import java.util.concurrent.atomic.AtomicInteger;

/** How many may do something at once: who finds no place does not wait here. */
public final class Places {
    private final AtomicInteger free;

    /** All of them free. */
    public Places(int number) {
        free = new AtomicInteger(number);
    }

    /** Whether a place was free and is taken now, until {@link #leave}. */
    public boolean take() {
        return takeLeaving(0);
    }

    /** The same, but only if so many others stay free, for those to whom it matters more. */
    public boolean takeLeaving(int others) {
        return free.getAndUpdate(number -> number > others ? number - 1 : number) > others;
    }

    /** Gives a place back that was taken. */
    public void leave() {
        free.incrementAndGet();
    }
}
