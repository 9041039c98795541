package io.tallygate.gateway.testing;

import static io.tallygate.gateway.http.RefusalReason.BAD_SIGNATURE;
import static io.tallygate.gateway.testing.SigningKey.encode;

import java.math.BigInteger;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;

/** Signatures of something else, of somebody else, or of nobody. */
final class HostileSignatures {
    private final TokenTable table;
    private final TestTokens good;

    HostileSignatures(TokenTable table) {
        this.table = table;
        this.good = table.good();
    }

    void add() {
        others();
        strangers();
        rsa();
        ec();
    }

    private void others() {
        table.group("Parts of another token");
        for (String algorithm : new String[] {"RS256", "PS256", "ES256"}) {
            String[] own = good.good(algorithm).split("\\.", -1);
            String[] other = good.token(
                            good.header(algorithm).put("x", 1), good.claims().put("oid", "bob"))
                    .split("\\.", -1);
            table.add(BAD_SIGNATURE, algorithm + ": its signature", own[0] + "." + own[1] + "." + other[2]);
            table.add(BAD_SIGNATURE, algorithm + ": its payload", own[0] + "." + other[1] + "." + own[2]);
            table.add(BAD_SIGNATURE, algorithm + ": its header", other[0] + "." + own[1] + "." + own[2]);
        }
    }

    private void strangers() {
        table.group("Keys of others under our key id");
        SigningKey rsa = SigningKey.rsa(good.rsa().kid());
        SigningKey ec = SigningKey.ec(good.ec().kid());
        for (String algorithm : new String[] {"RS256", "PS256", "ES256"}) {
            SigningKey stranger = algorithm.equals("ES256") ? ec : rsa;
            String header = good.header(algorithm).encode();
            table.add(BAD_SIGNATURE, algorithm + ": a stranger's", stranger.token(algorithm, header, table.claims()));
            SigningKey neighbour = algorithm.equals("ES256")
                    ? table.neighbour().ec()
                    : table.neighbour().rsa();
            table.add(
                    BAD_SIGNATURE,
                    algorithm + ": that of another trusted issuer",
                    neighbour.token(algorithm, header, table.claims()));
        }
        SigningKey weak = SigningKey.rsa(good.rsa().kid(), 1024);
        table.add(
                BAD_SIGNATURE,
                "RS256: a stranger's of 1024 bits",
                weak.token("RS256", good.header("RS256").encode(), table.claims()));
        SigningKey curve = SigningKey.ec(good.ec().kid(), "secp384r1");
        table.add(
                BAD_SIGNATURE,
                "ES256: a stranger's on P-384",
                curve.token("ES256", good.header("ES256").encode(), table.claims()));
    }

    private void rsa() {
        table.group("RSA signatures (RFC 8017, 8.2.2)");
        String input = table.input("RS256");
        byte[] signature = good.rsa().sign("RS256", input);
        BigInteger n = ((RSAPublicKey) good.rsa().pair().getPublic()).getModulus();
        BigInteger s = new BigInteger(1, signature);
        bad("one bit", input, flipped(signature, 128));
        bad("first bit", input, flipped(signature, 0));
        bad("zeros", input, new byte[256]);
        bad("one", input, fixed(BigInteger.ONE, 256));
        bad("modulus", input, fixed(n, 256));
        bad("modulus - 1", input, fixed(n.subtract(BigInteger.ONE), 256));
        bad("signature + modulus", input, fixed(s.add(n), 257));
        bad("modulus - signature", input, fixed(n.subtract(s), 256));
        bad("all ones", input, filled(256));
        bad("a byte short", input, Arrays.copyOf(signature, 255));
        bad("a zero before it", input, fixed(s, 257));
        bad("a zero after it", input, Arrays.copyOf(signature, 257));
        bad("one byte", input, new byte[1]);
        bad("three bytes of it", input, Arrays.copyOf(signature, 3));
        bad("padded hash without its name", input, good.rsa().sign("bare hash", input));
    }

    private void ec() {
        table.group("ECDSA signatures (RFC 7518, 3.4)");
        String input = table.input("ES256");
        byte[] signature = good.ec().sign("ES256", input);
        EcSignature own = EcSignature.of(signature, good.ec());
        bad("zeros", input, new byte[64]);
        bad("r and s are 1", input, own.with(BigInteger.ONE, BigInteger.ONE));
        bad("r is 0", input, own.with(BigInteger.ZERO, own.s()));
        bad("s is 0", input, own.with(own.r(), BigInteger.ZERO));
        bad("r and s are the order", input, own.with(own.order(), own.order()));
        bad("s is the order", input, own.with(own.r(), own.order()));
        bad("order - r", input, own.with(own.order().subtract(own.r()), own.s()));
        bad(
                "order - r and order - s",
                input,
                own.with(own.order().subtract(own.r()), own.order().subtract(own.s())));
        bad("r and s swapped", input, own.with(own.s(), own.r()));
        bad("all ones", input, filled(64));
        bad("DER", input, good.ec().sign("ES256-DER", input));
        bad("a byte short", input, Arrays.copyOf(signature, 63));
        bad("two bytes more", input, Arrays.copyOf(signature, 66));
        bad("zeros before each half", input, own.wide());
        bad("one bit of r", input, flipped(signature, 16));
        bad("one bit of s", input, flipped(signature, 48));
        String other = table.input("ES256")
                .replace(
                        encode(table.claims()),
                        encode(good.claims().put("oid", "bob").encode()));
        bad("order - s over other claims", other, own.malleated());
    }

    private void bad(String name, String input, byte[] signature) {
        table.add(BAD_SIGNATURE, name, input + "." + encode(signature));
    }

    private static byte[] flipped(byte[] signature, int at) {
        byte[] bytes = signature.clone();
        bytes[at] ^= 1;
        return bytes;
    }

    private static byte[] filled(int length) {
        byte[] ones = new byte[length];
        Arrays.fill(ones, (byte) 0xff);
        return ones;
    }

    private static byte[] fixed(BigInteger number, int length) {
        return SigningKey.fixed(number, length);
    }
}
