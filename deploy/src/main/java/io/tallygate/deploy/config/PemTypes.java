package io.tallygate.deploy.config;

import java.nio.file.Path;
import java.util.regex.Pattern;

/** The types of settings that name a PEM file; the file must be there when the configuration is loaded. */
final class PemTypes {
    private static final Pattern CERTIFICATE = Pattern.compile("-----BEGIN (TRUSTED |X509 )?CERTIFICATE-----");
    private static final Pattern KEY = Pattern.compile("-----BEGIN (RSA |EC )?PRIVATE KEY-----");

    private PemTypes() {}

    /** The PEM text of the file with certificates that is named. */
    static SettingType<String> certificate() {
        return new SettingType<>("path", value -> certificates(value, value.path(value.text())));
    }

    /** The PEM text of the file that is named, which has a private key that is not encrypted. */
    static SettingType<String> key() {
        return new SettingType<>("path", value -> {
            String pem = value.secret(value.path(value.text()));
            if (!KEY.matcher(pem).find()) {
                throw new InvalidValueException(
                        "expected a PEM file with a private key that is not encrypted (BEGIN PRIVATE KEY)");
            }
            return pem;
        });
    }

    /** The certificates in the file at a path, as PEM. */
    static String certificates(RawValue value, Path path) throws InvalidValueException {
        String pem = value.content(path);
        if (!CERTIFICATE.matcher(pem).find()) {
            throw new InvalidValueException("expected a PEM file with a certificate (BEGIN CERTIFICATE)");
        }
        return pem;
    }
}
