package io.tallygate.deploy;

import io.tallygate.deploy.config.ConfigChange;
import io.tallygate.deploy.config.ServeConfig;
import io.tallygate.deploy.observe.AccessMetrics;
import io.tallygate.gateway.admission.Admission;
import io.tallygate.gateway.admission.AdmissionConfig;
import io.tallygate.gateway.auth.Authentication;
import io.vertx.core.Future;

/** The settings that can change while the gateway runs: issuers, rate limits, the log level. */
final class LiveSettings implements ConfigReload.Target {
    private final Authentication authentication;
    private final Admission admission;
    private final AccessMetrics metrics;
    private final OwnNotes notes;
    private AdmissionConfig limits;

    /**
     * Of a gateway that was started with these limits.
     *
     * @param notes where the audit is told
     */
    LiveSettings(
            Authentication authentication,
            Admission admission,
            AdmissionConfig limits,
            AccessMetrics metrics,
            OwnNotes notes) {
        this.authentication = authentication;
        this.admission = admission;
        this.limits = limits;
        this.metrics = metrics;
        this.notes = notes;
    }

    // The issuers first: only they can fail.
    @Override
    public Future<Void> apply(ServeConfig config, ConfigChange change) {
        return authentication.change(config.auth().issuers()).compose(believed -> {
            metrics.issuers(authentication.issuers());
            // Who is at the end of a rate is let in anew when rates change.
            if (!config.http().admission().equals(limits)) {
                limits = config.http().admission();
                admission.changeRates(limits);
            }
            LogLevels.set(config.logLevel());
            boolean nothing = change.changes().isEmpty() && change.waiting().isEmpty();
            return nothing ? Future.succeededFuture() : notes.write("gateway.reload", change.detail());
        });
    }
}
