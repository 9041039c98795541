package io.tallygate.gateway.testing;

import java.math.BigInteger;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;

/** The two numbers of an ES256 signature (RFC 7518, section 3.4), to be changed. */
public record EcSignature(BigInteger r, BigInteger s, BigInteger order) {
    private static final int HALF = 32;

    /** Those of a signature of this key. */
    public static EcSignature of(byte[] signature, SigningKey key) {
        return new EcSignature(
                new BigInteger(1, Arrays.copyOf(signature, HALF)),
                new BigInteger(1, Arrays.copyOfRange(signature, HALF, 2 * HALF)),
                ((ECPublicKey) key.pair().getPublic()).getParams().getOrder());
    }

    /** The other signature of the same bytes that everyone can make of this one: (r, order - s). */
    public byte[] malleated() {
        return with(r, order.subtract(s));
    }

    /** A signature of other numbers. */
    byte[] with(BigInteger otherR, BigInteger otherS) {
        byte[] both = Arrays.copyOf(SigningKey.fixed(otherR, HALF), 2 * HALF);
        System.arraycopy(SigningKey.fixed(otherS, HALF), 0, both, HALF, HALF);
        return both;
    }

    /** The same numbers in 33 bytes each. */
    byte[] wide() {
        byte[] both = Arrays.copyOf(SigningKey.fixed(r, HALF + 1), 2 * HALF + 2);
        System.arraycopy(SigningKey.fixed(s, HALF + 1), 0, both, HALF + 1, HALF + 1);
        return both;
    }
}
