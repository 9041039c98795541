package io.tallygate.deploy.operate;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.store.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Goes along the audit's chain and computes every hash anew, from what an entry says and without the database that made
 * it. Give it all entries in order, then ask it for the end: the first answer that is not empty says what is wrong.
 */
public final class AuditChain {
    private static final String VERSION = "tallygate audit 1";
    /** The hash before the first entry. */
    static final String START = "0".repeat(64);

    private final NavigableMap<Long, String> heads;
    private long last;
    private String lastHash = START;
    private long confirmed;

    /**
     * At the start of a chain.
     *
     * @param heads hashes that are known from elsewhere, by the entry's place; where one differs, the chain was written
     *     anew
     */
    public AuditChain(Map<Long, String> heads) {
        this.heads = new TreeMap<>(heads);
    }

    /** The place of the last entry that was found right; 0 before the first. */
    public long last() {
        return last;
    }

    /** The hash of the last entry that was found right. */
    public String lastHash() {
        return lastHash;
    }

    /** What is wrong with the next entry; empty if nothing is. */
    public Optional<String> add(JsonNode entry) {
        long id = entry.path("auditId").asLong(Long.MIN_VALUE);
        if (id <= last) {
            return Optional.of("Entry " + id + " was inserted: it comes after entry " + last);
        }
        if (id > last + 1) {
            return Optional.of(missing(last + 1, id - 1));
        }
        String hash = entry.path("hash").asText();
        if (hash.isEmpty() || !hash(entry).equals(hash)) {
            return Optional.of("Entry " + id + " was changed: its hash is not that of what it says");
        }
        if (!entry.path("previousHash").asText().equals(lastHash)) {
            return Optional.of("Entry " + id + " does not follow entry " + last
                    + (last == 0 ? ": it is not the first of its chain" : ": that one was changed, or this one"));
        }
        String known = heads.get(id);
        if (known != null && !known.equals(hash)) {
            return Optional.of(entries(confirmed + 1, id) + " were written anew: entry " + id
                    + " has another hash than the head that was kept of it");
        }
        confirmed = known == null ? confirmed : id;
        last = id;
        lastHash = hash;
        return Optional.empty();
    }

    /** What is wrong with the end, after all entries; empty if nothing is. */
    public Optional<String> end() {
        return heads.isEmpty() || heads.lastKey() <= last
                ? Optional.empty()
                : Optional.of(missing(last + 1, heads.lastKey()));
    }

    /**
     * What is wrong with the end by the head of the chain itself.
     *
     * @param head the place of its last entry
     */
    public Optional<String> end(long head, String hash) {
        if (head > last) {
            return Optional.of(missing(last + 1, head));
        }
        if (head < last) {
            return Optional.of("Entry " + (head + 1) + " was inserted: the chain's head is entry " + head);
        }
        return hash.equals(lastHash) ? end() : Optional.of("The chain's head has another hash than entry " + last);
    }

    private static String missing(long from, long to) {
        return from == to ? "Entry " + from + " is missing" : entries(from, to) + " are missing";
    }

    private static String entries(long from, long to) {
        return "Entries " + from + " to " + to;
    }

    /** The hash of what an entry says, in hexadecimal digits; empty if it says something that no entry can. */
    static String hash(JsonNode entry) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream form = new DataOutputStream(bytes)) {
            put(form, VERSION);
            put(form, HexFormat.of().parseHex(entry.path("previousHash").asText()));
            put(form, number(entry.path("auditId").asLong()));
            Instant recordedAt = Instant.parse(entry.path("recordedAt").asText());
            put(form, number(ChronoUnit.MICROS.between(Instant.EPOCH, recordedAt)));
            UUID tenant = UUID.fromString(entry.path("tenantId").asText());
            put(
                    form,
                    ByteBuffer.allocate(16)
                            .putLong(tenant.getMostSignificantBits())
                            .putLong(tenant.getLeastSignificantBits())
                            .array());
            for (String field : new String[] {"subject", "action", "target", "reason", "detail", "correlationId"}) {
                put(form, entry.path(field).textValue());
            }
            return HexFormat.of().formatHex(Sha256.begin().digest(bytes.toByteArray()));
        } catch (IllegalArgumentException | DateTimeException notAnEntry) {
            return "";
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    private static void put(DataOutputStream form, String text) throws IOException {
        put(form, text == null ? null : text.getBytes(StandardCharsets.UTF_8));
    }

    private static void put(DataOutputStream form, byte[] field) throws IOException {
        form.writeInt(field == null ? -1 : field.length);
        if (field != null) {
            form.write(field);
        }
    }
}
