package io.tallygate.routing.delivery;

import io.tallygate.store.Sha256;
import io.tallygate.store.directory.SubscriptionId;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Names events: a UUID of version 8 (RFC 9562) made of the first 128 bits of a SHA-256 over the endpoint, the payer and
 * the ids of the rows. So the same rows have the same name, whoever composes them, and no others have it.
 */
final class EventKey {
    /** In SQL, an aggregate: the digest over the ids of the rows {@code r} of {@code event_row}, in order. */
    static final String DIGEST = """
            sha256(string_agg(
                uuid_send(r.subscription_id) || int8send(extract(epoch from r.reported_time)::bigint)
                  || int4send(r.seq), ''::bytea
                order by r.subscription_id, r.reported_time, r.seq))""";

    private EventKey() {}

    /**
     * The key of an event.
     *
     * @param rows the digests of its rows, in order: of each row, or of groups of rows
     */
    static UUID of(String endpoint, SubscriptionId payer, List<Buffer> rows) {
        MessageDigest sha = Sha256.begin();
        byte[] name = endpoint.getBytes(StandardCharsets.UTF_8);
        sha.update(ByteBuffer.allocate(4 + name.length + 16)
                .putInt(name.length)
                .put(name)
                .putLong(payer.value().getMostSignificantBits())
                .putLong(payer.value().getLeastSignificantBits())
                .array());
        rows.forEach(digest -> sha.update(digest.getBytes()));
        ByteBuffer first = ByteBuffer.wrap(sha.digest());
        long high = (first.getLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x8000L;
        long low = (first.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }

    /** The digest of one row: what {@link #DIGEST} makes of a group that has only this one. */
    static Buffer digest(SubscriptionId subscription, Instant reportedTime, int seq) {
        byte[] id = ByteBuffer.allocate(28)
                .putLong(subscription.value().getMostSignificantBits())
                .putLong(subscription.value().getLeastSignificantBits())
                .putLong(reportedTime.getEpochSecond())
                .putInt(seq)
                .array();
        return Buffer.buffer(Sha256.begin().digest(id));
    }
}
