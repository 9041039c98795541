package io.tallygate.store.audit;

/**
 * Something that is to be put into the audit.
 *
 * @param actor who did it
 * @param action what was done, as {@code windows.seal}
 * @param target what it was done to
 * @param reason the actor's words, or null
 * @param detail JSON: what was before and what is after
 */
public record AuditNote(Actor actor, String action, String target, String reason, String detail) {}
