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
 * <p>How long one may wait follows the idea of "controlled delay": a burst may wait long, since it passes; once the places
 * have been taken and the line has not been empty for a fifth of that, waiting helps nobody, and nobody waits longer than a
 * hundredth of it. So what is admitted is answered soon even while much more comes than can be served.
 *
 * <p>All event loops of a process share it. Nobody waits in it with a thread: a turn is a call.
 *
 * @param <K> who calls
 */
final class FairLine<K> {
    private static final int STANDING = 5;
    private static final int SHORT = 100;

    private final Limits limits;
    private final LongSupplier nanoTime;
    private final Map<K, Deque<Ticket>> queues = new LinkedHashMap<>();
    private final Map<K, Integer> running = new HashMap<>();
    private int free;
    private int waiting;
    private long lastCalm;

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
        this.free = limits.places();
        this.lastCalm = nanoTime.getAsLong();
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
        // A free place while others wait is one that none of them may take.
        if (free > 0 && mayRun(who)) {
            begin(ticket);
            return Optional.of(ticket);
        }
        Deque<Ticket> queue = queues.getOrDefault(who, new ArrayDeque<>());
        if (waiting == limits.waiting() || queue.size() == limits.waitingShare()) {
            return Optional.empty();
        }
        queue.add(ticket);
        queues.put(who, queue);
        waiting++;
        return Optional.of(ticket);
    }

    /** How long one who comes now may wait. */
    synchronized Duration patience() {
        noteCalm();
        boolean standing = nanoTime.getAsLong() - lastCalm
                > limits.patience().dividedBy(STANDING).toNanos();
        return standing ? limits.patience().dividedBy(SHORT) : limits.patience();
    }

    /** Stops waiting: true if it was, false if it has got its place meanwhile. */
    synchronized boolean giveUp(Ticket ticket) {
        if (ticket.running || ticket.over) {
            return false;
        }
        ticket.over = true;
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
        return limits.places() - free;
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
        free++;
        List<Runnable> calls = new ArrayList<>();
        for (Optional<Ticket> next = next(); next.isPresent(); next = next()) {
            Ticket first = next.get();
            if (nanoTime.getAsLong() - first.since <= patience) {
                begin(first);
                calls.add(first.turn);
                break;
            }
            first.over = true;
            calls.add(first.tooLate);
        }
        noteCalm();
        return calls;
    }

    // Whoever is served goes behind the others with what is left of its queue.
    private Optional<Ticket> next() {
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

    private boolean mayRun(K who) {
        return running.getOrDefault(who, 0) < limits.share();
    }

    private void begin(Ticket ticket) {
        ticket.running = true;
        free--;
        running.merge(ticket.who, 1, Integer::sum);
    }

    private void noteCalm() {
        if (free > 0 || waiting == 0) {
            lastCalm = nanoTime.getAsLong();
        }
    }
}
