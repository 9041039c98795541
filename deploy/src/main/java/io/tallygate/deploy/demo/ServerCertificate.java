package io.tallygate.deploy.demo;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The demo's certificate for localhost with its key, and the authority that signed it. */
public record ServerCertificate(X509Certificate authority, X509Certificate certificate, PrivateKey key) {
    /** Key and chain for a Java TLS server, under this password. */
    KeyStore keyStore(String password) throws GeneralSecurityException {
        KeyStore store = emptyStore();
        store.setKeyEntry("localhost", key, password.toCharArray(), new Certificate[] {certificate, authority});
        return store;
    }

    /** TLS for a client that trusts the demo's authority and nobody else. */
    public SSLContext clientContext() throws GeneralSecurityException {
        KeyStore store = emptyStore();
        store.setCertificateEntry("authority", authority);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static KeyStore emptyStore() throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(null, null);
        } catch (IOException e) {
            throw new GeneralSecurityException("an empty key store cannot be made", e);
        }
        return store;
    }
}
