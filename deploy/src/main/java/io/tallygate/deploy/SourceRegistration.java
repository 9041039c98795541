package io.tallygate.deploy;

import io.tallygate.gateway.collect.ConfiguredSource;
import io.tallygate.routing.registration.Registration;
import io.tallygate.routing.registration.RegistrationStore;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The registration of a source. It may come later than the gateway, and may be made anew. */
final class SourceRegistration {
    private static final Logger LOG = LoggerFactory.getLogger(SourceRegistration.class);
    private static final Duration REMIND = Duration.ofMinutes(10);

    private final ConfiguredSource source;
    private final RegistrationStore registrations;
    private final Clock clock;
    private volatile Instant reminded = Instant.EPOCH;

    /** Of this source. */
    SourceRegistration(ConfiguredSource source, RegistrationStore registrations, Clock clock) {
        this.source = source;
        this.registrations = registrations;
        this.clock = clock;
    }

    /** Looks for it; empty if it is not there, or may be one of several: that is told now and then. */
    Future<Optional<Registration>> find() {
        return registrations.findByReference(source.registration()).map(found -> {
            if (found.size() == 1) {
                return Optional.of(found.get(0));
            }
            remind(found);
            return Optional.empty();
        });
    }

    private void remind(List<Registration> found) {
        if (clock.instant().isBefore(reminded.plus(REMIND))) {
            return;
        }
        reminded = clock.instant();
        LOG.warn(
                "The source {} is not collected: its registration {} {}",
                source.name(),
                source.registration(),
                found.isEmpty() ? "is not there" : "may be any of " + found + ": give its resource id");
    }
}
