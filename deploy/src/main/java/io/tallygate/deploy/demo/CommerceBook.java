package io.tallygate.deploy.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.demo.MeteredEvent.Slot;
import io.tallygate.deploy.demo.MeteredEvent.UnreadableException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the commerce endpoint has billed, for ever, and the slots by which it knows duplicates. Both are in a journal
 * and are the same after a restart.
 */
final class CommerceBook implements AutoCloseable {
    private static final String FORGET = "forgetKeys";

    private final Map<String, List<Billing>> billings = new TreeMap<>();
    private final Map<Slot, Billing> remembered = new HashMap<>();
    private final Map<Slot, Integer> times = new HashMap<>();
    private Journal journal;

    private CommerceBook() {}

    /** The book whose journal is this file. */
    static CommerceBook open(Path file) throws IOException {
        CommerceBook book = new CommerceBook();
        book.journal = Journal.open(file, book::replay);
        return book;
    }

    /** What was billed under this slot, if the endpoint knows. */
    synchronized Optional<Billing> find(Slot slot) {
        return Optional.ofNullable(remembered.get(slot));
    }

    /** Bills: written before it counts. */
    synchronized void bill(Billing billing) {
        journal.append(billing.writeTo(CommerceJson.object()));
        enter(billing);
    }

    /** Forgets all slots and keeps what was billed: from now on the same event is billed again. */
    synchronized void forgetKeys() {
        journal.append(CommerceJson.object().put(FORGET, true));
        remembered.clear();
    }

    /** Who pays, in small letters, in order. */
    synchronized Set<String> resources() {
        return Set.copyOf(billings.keySet());
    }

    /** What this resource pays for, in the order of billing. */
    synchronized List<Billing> of(String resource) {
        return List.copyOf(billings.getOrDefault(MeteredEvent.resourceKey(resource), List.of()));
    }

    /** How many times something was billed under this slot: more than once is what must never happen. */
    synchronized int timesBilled(Slot slot) {
        return times.getOrDefault(slot, 0);
    }

    @Override
    public synchronized void close() throws IOException {
        journal.close();
    }

    private void replay(JsonNode line) {
        if (line.has(FORGET)) {
            remembered.clear();
            return;
        }
        try {
            enter(Billing.read(line));
        } catch (UnreadableException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private void enter(Billing billing) {
        Slot slot = billing.event().slot();
        billings.computeIfAbsent(slot.resource(), first -> new ArrayList<>()).add(billing);
        remembered.put(slot, billing);
        times.merge(slot, 1, Integer::sum);
    }
}
