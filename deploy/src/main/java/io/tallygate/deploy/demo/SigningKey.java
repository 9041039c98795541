package io.tallygate.deploy.demo;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;

/** The one RS256 key of the demo's identity provider; it stays the same, so tokens outlive a restart. */
final class SigningKey {
    private static final String FILE = "signing-key.json";

    private SigningKey() {}

    /** The key of this directory (a JWK with its private part, mode 0600), made at the first use. */
    static RSAKey in(DemoDirectory directory) throws IOException {
        Path file = directory.file(FILE);
        if (!Files.exists(file)) {
            PrivateFile.write(file, generate().toJSONString());
        }
        try {
            return RSAKey.parse(Files.readString(file, StandardCharsets.UTF_8));
        } catch (ParseException e) {
            throw new IOException(file + " should hold an RSA key as JWK: " + e.getMessage(), e);
        }
    }

    private static RSAKey generate() throws IOException {
        try {
            return new RSAKeyGenerator(2048)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.RS256)
                    .keyIDFromThumbprint(true)
                    .generate();
        } catch (JOSEException e) {
            throw new IOException("This Java cannot make an RSA key", e);
        }
    }
}
