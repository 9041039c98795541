package io.tallygate.store.audit;

import java.time.LocalDate;

/**
 * The last entry of a UTC day, which stands for all before it. Kept elsewhere, it shows when they were written anew or cut
 * off.
 *
 * @param id the entry's place in the chain
 * @param hash its hash in hexadecimal digits
 * @param ended whether an entry of a later day follows; else it is the head of the chain as it is now
 */
public record AuditHead(LocalDate day, long id, String hash, boolean ended) {}
