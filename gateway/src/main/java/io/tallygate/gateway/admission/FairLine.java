package io.tallygate.gateway.admission;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Places for requests that run, and a line of those that wait for one: in it every caller has a queue of its own, and the
 * queues are served in turn, so that a caller with a thousand requests waits for itself and not in front of the others.
 *
 * <p>How long one may wait follows the idea of "controlled delay": a burst may wait long, since it passes; once more callers
 * than there are places have been waiting for a fifth of that, waiting helps nobody, and nobody waits longer than a two
 * hundredth of it, until nobody was refused for such a fifth. So what is admitted is answered soon even while much more
 * comes than can be served. One caller with a thousand requests is no crowd: the others wait for their turn and get it.
 *
 * <p>In a crowd, where the event loops are late, half of the places are lent: requests that run wait for a processor as those
 * in the line do, and fewer at once are answered sooner.
 *
 * <p>All event loops of a process share it. Nobody waits in it with a thread: a turn is a call.
 *
 * @param <K> who calls
 */
final class FairLine<K> {
    private static final int STANDING = 5;
    private static final int SHORT = 200;
    private static final long PROMPT_NANOS = 1_000_000;
    // One pause of a hundred milliseconds is none.
    private static final int SMOOTH = 64;

    private final Limits limits;
    private final LongSupplier nanoTime;
    private final Duration shortPatience;
    private final long latelyNanos;
    private final Map<K, Deque<Ticket>> queues = new LinkedHashMap<>();
    private final Map<K, Integer> running = new HashMap<>();
    private int taken;
    private int waiting;
    private long delayNanos;
    private long lastDelay;
    private long lastCalm;
    private long lastRefused;

    /**
     * The bounds of a line.
     *
     * @param places requests that run at the same time
     * @param share those of one caller
     * @param waiting requests that wait
     * @param waitingShare those of one caller
     * @param patience how long one waits while there is no standing line
     */
    record Limits(int places, int share, int waiting, int waitingShare, Duration patience) {}

    /** A request in the line, or in its place. */
    final class Ticket {
        private final K who;
        private final Runnable turn;
        private final Runnable tooLate;
        private final long since = nanoTime.getAsLong();
        private boolean running;
        private boolean over;

        private Ticket(K who, Runnable turn, Runnable tooLate) {
            this.who = who;
            this.turn = turn;
            this.tooLate = tooLate;
        }

        /** Whether it has a place. */
        boolean hasPlace() {
            synchronized (FairLine.this) {
                return running;
            }
        }
    }

    /** An empty line that reads this clock, in nanoseconds. */
    FairLine(Limits limits, LongSupplier nanoTime) {
        this.limits = limits;
        this.nanoTime = nanoTime;
        this.shortPatience = limits.patience().dividedBy(SHORT);
        this.latelyNanos = limits.patience().dividedBy(STANDING).toNanos();
        this.lastCalm = nanoTime.getAsLong();
        // Nobody was: long ago is as good as never.
        this.lastRefused = lastCalm - latelyNanos - 1;
    }

    /**
     * Comes in; the ticket has a place already, or waits for it.
     *
     * @param turn called, on any thread, when one that waited gets its place
     * @param tooLate called, on any thread, instead if it has waited longer than one may by then
     * @return empty if the line, or this caller's queue in it, is full
     */
    synchronized Optional<Ticket> enter(K who, Runnable turn, Runnable tooLate) {
        noteCalm();
        Ticket ticket = new Ticket(who, turn, tooLate);
        // A free place while others wait is one that none of them may take, or that has just come back after a crowd.
        if (hasFree() && mayRun(who)) {
            begin(ticket);
            return Optional.of(ticket);
        }
        Deque<Ticket> queue = queues.getOrDefault(who, new ArrayDeque<>());
        if (waiting == limits.waiting() || queue.size() == limits.waitingShare()) {
            noteRefusal(crowded());
            return Optional.empty();
        }
        queue.add(ticket);
        queues.put(who, queue);
        waiting++;
        return Optional.of(ticket);
    }

    /** An event loop came so late to what it had to do. */
    synchronized void delayed(long nanos) {
        lastDelay = nanoTime.getAsLong();
        delayNanos += (nanos - delayNanos) / SMOOTH;
    }

    /** How long one who comes now may wait. */
    synchronized Duration patience() {
        noteCalm();
        // Refusing empties the line; that does not mean that there is room again.
        return isLately(lastRefused) || !isLately(lastCalm) ? shortPatience : limits.patience();
    }

    /** Stops waiting: true if it was, false if it has got its place meanwhile. */
    synchronized boolean giveUp(Ticket ticket) {
        if (ticket.running || ticket.over) {
            return false;
        }
        ticket.over = true;
        noteRefusal(crowded());
        Deque<Ticket> queue = queues.get(ticket.who);
        queue.remove(ticket);
        waiting--;
        if (queue.isEmpty()) {
            queues.remove(ticket.who);
        }
        noteCalm();
        return true;
    }

    /** Leaves its place to the next one; again it does nothing. */
    void leave(Ticket ticket) {
        end(ticket).forEach(Runnable::run);
    }

    /** Requests that have a place. */
    synchronized int running() {
        return taken;
    }

    /** Requests that wait for one. */
    synchronized int waiting() {
        return waiting;
    }

    // What is to be called then: who has waited too long, and who is next.
    private synchronized List<Runnable> end(Ticket ticket) {
        if (!ticket.running || ticket.over) {
            return List.of();
        }
        long patience = patience().toNanos();
        ticket.over = true;
        running.computeIfPresent(ticket.who, (who, count) -> count == 1 ? null : count - 1);
        boolean crowded = crowded();
        taken--;
        List<Runnable> calls = new ArrayList<>();
        for (Optional<Ticket> next = next(); next.isPresent(); next = next()) {
            Ticket first = next.get();
            if (nanoTime.getAsLong() - first.since <= patience) {
                begin(first);
                calls.add(first.turn);
            } else {
                first.over = true;
                noteRefusal(crowded);
                calls.add(first.tooLate);
            }
        }
        noteCalm();
        return calls;
    }

    // Whoever is served goes behind the others with what is left of its queue.
    private Optional<Ticket> next() {
        if (!hasFree()) {
            return Optional.empty();
        }
        for (Iterator<Map.Entry<K, Deque<Ticket>>> each = queues.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<K, Deque<Ticket>> first = each.next();
            if (mayRun(first.getKey())) {
                K who = first.getKey();
                Deque<Ticket> queue = first.getValue();
                Ticket ticket = queue.remove();
                waiting--;
                each.remove();
                if (!queue.isEmpty()) {
                    queues.put(who, queue);
                }
                return Optional.of(ticket);
            }
        }
        return Optional.empty();
    }

    private boolean hasFree() {
        boolean late = isLately(lastRefused) && delayNanos > PROMPT_NANOS && isLately(lastDelay);
        return taken < (late ? (limits.places() + 1) / 2 : limits.places());
    }

    private boolean isLately(long time) {
        return nanoTime.getAsLong() - time <= latelyNanos;
    }

    private boolean mayRun(K who) {
        return running.getOrDefault(who, 0) < limits.share();
    }

    private void begin(Ticket ticket) {
        ticket.running = true;
        taken++;
        running.merge(ticket.who, 1, Integer::sum);
    }

    private boolean crowded() {
        return queues.size() > limits.places();
    }

    private void noteRefusal(boolean crowded) {
        if (crowded) {
            lastRefused = nanoTime.getAsLong();
        }
    }

    private void noteCalm() {
        if (!crowded()) {
            lastCalm = nanoTime.getAsLong();
        }
    }
}
