package io.tallygate.gateway.testing;

import java.security.AlgorithmParameters;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.InvalidParameterException;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.security.spec.AlgorithmParameterSpec;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the signatures that this JVM checks, whoever does it: it stands before the Java runtime's providers for as
 * long as it is open. What was made before it was opened is not counted.
 */
public final class SignatureChecks extends Provider implements AutoCloseable {
    private static final long serialVersionUID = 1;
    private static final List<String> ALGORITHMS = List.of("SHA256withRSA", "RSASSA-PSS", "SHA256withECDSA");

    private final AtomicInteger count = new AtomicInteger();

    private SignatureChecks() throws NoSuchAlgorithmException {
        super("SignatureChecks", "1", "Counts");
        for (String algorithm : ALGORITHMS) {
            putService(new Counted(algorithm, Signature.getInstance(algorithm).getProvider()));
        }
    }

    /** Counts from now on. */
    public static SignatureChecks open() {
        try {
            SignatureChecks checks = new SignatureChecks();
            Security.insertProviderAt(checks, 1);
            return checks;
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** How many there were since this was asked last. */
    public int taken() {
        return count.getAndSet(0);
    }

    @Override
    public void close() {
        Security.removeProvider(getName());
    }

    private final class Counted extends Service {
        private final String algorithm;
        private final Provider real;

        Counted(String algorithm, Provider real) {
            super(SignatureChecks.this, "Signature", algorithm, Delegating.class.getName(), null, null);
            this.algorithm = algorithm;
            this.real = real;
        }

        @Override
        public Object newInstance(Object parameter) throws NoSuchAlgorithmException {
            return new Delegating(Signature.getInstance(algorithm, real), count);
        }
    }

    private static final class Delegating extends SignatureSpi {
        private final Signature real;
        private final AtomicInteger count;

        Delegating(Signature real, AtomicInteger count) {
            this.real = real;
            this.count = count;
        }

        @Override
        protected void engineInitVerify(PublicKey key) throws InvalidKeyException {
            real.initVerify(key);
        }

        @Override
        protected void engineInitSign(PrivateKey key) throws InvalidKeyException {
            real.initSign(key);
        }

        @Override
        protected void engineUpdate(byte input) throws SignatureException {
            real.update(input);
        }

        @Override
        protected void engineUpdate(byte[] input, int offset, int length) throws SignatureException {
            real.update(input, offset, length);
        }

        @Override
        protected byte[] engineSign() throws SignatureException {
            return real.sign();
        }

        @Override
        protected boolean engineVerify(byte[] signature) throws SignatureException {
            count.incrementAndGet();
            return real.verify(signature);
        }

        @Override
        protected void engineSetParameter(AlgorithmParameterSpec parameters) throws InvalidAlgorithmParameterException {
            real.setParameter(parameters);
        }

        @Override
        protected AlgorithmParameters engineGetParameters() {
            return real.getParameters();
        }

        @Override
        @Deprecated
        protected void engineSetParameter(String name, Object value) throws InvalidParameterException {
            throw new InvalidParameterException(name);
        }

        @Override
        @Deprecated
        protected Object engineGetParameter(String name) throws InvalidParameterException {
            throw new InvalidParameterException(name);
        }
    }
}
