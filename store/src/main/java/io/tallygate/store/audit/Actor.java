package io.tallygate.store.audit;

import java.util.UUID;

/**
 * Who asks for a change.
 *
 * @param tenant the directory tenant of whoever asks
 * @param subject the user or application, as its token names it
 * @param correlationId the request, as its answer names it
 */
public record Actor(UUID tenant, String subject, String correlationId) {}
