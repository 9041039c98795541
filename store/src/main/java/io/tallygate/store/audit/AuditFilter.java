package io.tallygate.store.audit;

import java.time.Instant;
import java.util.UUID;

/**
 * Which entries to show; null is any.
 *
 * @param from recorded at this time or later
 * @param to recorded before this time
 * @param tenant done by somebody of this directory tenant
 */
public record AuditFilter(Instant from, Instant to, String action, String target, UUID tenant, String subject) {}
