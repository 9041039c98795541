package io.tallygate.deploy;

import io.tallygate.gateway.collect.ConfiguredSource;
import io.tallygate.routing.outbound.Detail;
import io.tallygate.routing.registration.Registration;
import io.tallygate.routing.registration.RegistrationStore;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registration of a source, which may come later than the gateway, and may be made anew. Whoever looks at sources sees
 * from this that it is configured, and why it is not collected.
 */
final class SourceRegistration {
    private static final Logger LOG = LoggerFactory.getLogger(SourceRegistration.class);
    private static final Duration REMIND = Duration.ofMinutes(10);
    // One that was ended meanwhile goes on, at the latest then.
    private static final Duration TELL = Duration.ofMinutes(1);

    private final ConfiguredSource source;
    private final RegistrationStore registrations;
    private final Notes notes;
    private final Clock clock;
    private volatile Long opened;
    private volatile Instant told = Instant.EPOCH;
    private volatile Instant reminded = Instant.EPOCH;

    /** Where it is noted. */
    interface Notes {
        /** The source is collected, for this registration. */
        Future<Void> open(long registrationId);

        /** The source is configured and not collected. */
        Future<Void> wait(String trouble);
    }

    /** Of this source. */
    SourceRegistration(ConfiguredSource source, RegistrationStore registrations, Notes notes, Clock clock) {
        this.source = source;
        this.registrations = registrations;
        this.notes = notes;
        this.clock = clock;
    }

    /** Does this for the one that the source is open for; nothing if it is not there, or may be one of several. */
    Future<Void> whenOpen(LongFunction<Future<Void>> work) {
        return registrations
                .findByReference(source.registration())
                .compose(found ->
                        found.size() == 1 ? open(found.get(0).registrationId()).compose(work::apply) : wait(found));
    }

    private Future<Long> open(long id) {
        Future<Void> noted = Long.valueOf(id).equals(opened) ? tell(() -> notes.open(id)) : notes.open(id);
        return noted.map(done -> {
            opened = id;
            return id;
        });
    }

    private Future<Void> wait(List<Registration> found) {
        opened = null;
        String trouble = "its registration " + source.registration() + " "
                + (found.isEmpty() ? "is not there" : "may be any of " + found + ": give its resource id");
        if (!clock.instant().isBefore(reminded.plus(REMIND))) {
            reminded = clock.instant();
            LOG.warn("The source {} is not collected: {}", source.name(), trouble);
        }
        return tell(() -> notes.wait(Detail.of(trouble)));
    }

    private Future<Void> tell(Supplier<Future<Void>> note) {
        if (clock.instant().isBefore(told.plus(TELL))) {
            return Future.succeededFuture();
        }
        return note.get().onSuccess(done -> told = clock.instant());
    }
}
