package io.tallygate.deploy.config;

import io.tallygate.gateway.admission.AdmissionConfig;
import io.tallygate.gateway.export.StreamConfig;
import io.tallygate.gateway.http.ConnectionConfig;
import java.util.List;
import java.util.Optional;

/**
 * Where callers are served.
 *
 * @param port 0 takes a free one
 * @param tls none: plain http, for behind a TLS proxy
 * @param trustedProxies addresses and CIDR ranges whose forwarding headers are believed
 * @param maxBody bytes of a body that is not a stream
 * @param streams how streams of usage are bounded
 * @param connections bounds of connections and of what comes over them
 * @param admission how much work is let in
 */
public record HttpConfig(
        String host,
        int port,
        Optional<Tls> tls,
        List<String> trustedProxies,
        int maxBody,
        StreamConfig streams,
        ConnectionConfig connections,
        AdmissionConfig admission) {

    /** The certificate chain and its key, each as PEM. */
    public record Tls(String certificate, String key) {

        /** Shows no key. */
        @Override
        public String toString() {
            return "Tls[certificate=" + certificate + "]";
        }
    }
}
