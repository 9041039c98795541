package io.tallygate.store.audit;

import io.tallygate.store.directory.TenantId;

/**
 * Who asks for a change.
 *
 * @param subject the user or application, as its token names it
 * @param correlationId the request, as its answer names it
 */
public record Actor(TenantId tenant, String subject, String correlationId) {}
