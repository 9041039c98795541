package io.tallygate.gateway.audit;

import io.tallygate.gateway.auth.Caller;
import java.util.Optional;

/**
 * A request that was answered with 401, 403 or 429.
 *
 * @param reason why, as a short word out of a bounded set
 * @param caller who asked; empty if that is not known
 * @param address where it came from
 */
public record Refusal(int status, String reason, Optional<Caller> caller, String address) {}
