package io.tallygate.gateway.http;

import io.netty.util.NetUtil;
import java.util.Arrays;

/** An IP address or a CIDR range of them. */
record AddressRange(String network, int bits) {
    private static final int IPV4_BYTES = 4;
    // ::ffff:0:0/96
    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

    /**
     * Reads {@code 10.1.1.1}, {@code 10.0.0.0/8} or {@code fd00::/8}. No name is looked up.
     *
     * @throws IllegalArgumentException if it is neither
     */
    static AddressRange parse(String text) {
        String[] parts = text.split("/", 2);
        byte[] network = bytes(parts[0]);
        if (network == null) {
            throw new IllegalArgumentException("Not an address: " + text);
        }
        return new AddressRange(parts[0], parts.length == 1 ? network.length * Byte.SIZE : Integer.parseInt(parts[1]));
    }

    /** Whether the address lies in it; a text that is no address does not. */
    boolean contains(String address) {
        byte[] own = bytes(network);
        byte[] other = bytes(address);
        if (other == null || own.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit % Byte.SIZE);
            if ((own[bit / Byte.SIZE] & mask) != (other[bit / Byte.SIZE] & mask)) {
                return false;
            }
        }
        return true;
    }

    /** The bytes of an address, four for an IPv4 one in the form of IPv6 (RFC 4291, section 2.5.5.2) too; null if it is none. */
    static byte[] bytes(String address) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        return bytes != null
                        && bytes.length > IPV4_BYTES
                        && Arrays.equals(bytes, 0, MAPPED.length, MAPPED, 0, MAPPED.length)
                ? Arrays.copyOfRange(bytes, MAPPED.length, bytes.length)
                : bytes;
    }
}
