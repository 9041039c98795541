package io.tallygate.deploy.imports;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tenants and subscriptions that FOCUS accounts become. An id that is a UUID stays what it is, and so does a
 * subscription's behind {@code /subscriptions/}, as Microsoft writes it; any other one becomes
 * a name-based UUID (RFC 9562 version 5) in the URL namespace, of the name {@code focus:billing-account:<id>} or
 * {@code focus:sub-account:<id>}: the same account is the same tenant in every file and every run.
 */
public final class FocusIds {
    private static final Pattern UUID_TEXT =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final Pattern SUBSCRIPTION_PATH =
            Pattern.compile("/subscriptions/(" + UUID_TEXT + ")/?", Pattern.CASE_INSENSITIVE);
    // RFC 9562, section 6.6.
    private static final UUID URL_NAMESPACE = UUID.fromString("6ba7b811-9dad-11d1-80b4-00c04fd430c8");

    private FocusIds() {}

    /** The tenant of a {@code BillingAccountId}. */
    public static UUID tenantId(String billingAccountId) {
        return isUuid(billingAccountId)
                ? UUID.fromString(billingAccountId)
                : nameBased("focus:billing-account:" + billingAccountId);
    }

    /** The subscription of a {@code SubAccountId}. */
    public static UUID subscriptionId(String subAccountId) {
        Matcher ofMicrosoft = SUBSCRIPTION_PATH.matcher(subAccountId);
        if (ofMicrosoft.matches()) {
            return UUID.fromString(ofMicrosoft.group(1));
        }
        return isUuid(subAccountId) ? UUID.fromString(subAccountId) : nameBased("focus:sub-account:" + subAccountId);
    }

    static boolean isUuid(String id) {
        return UUID_TEXT.matcher(id).matches();
    }

    private static UUID nameBased(String name) {
        ByteBuffer hash = ByteBuffer.wrap(sha1(name));
        long high = (hash.getLong() & ~0xF000L) | 0x5000L;
        long low = (hash.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }

    private static byte[] sha1(String name) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            digest.update(ByteBuffer.allocate(16)
                    .putLong(URL_NAMESPACE.getMostSignificantBits())
                    .putLong(URL_NAMESPACE.getLeastSignificantBits())
                    .flip());
            return digest.digest(name.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-1", impossible);
        }
    }
}
