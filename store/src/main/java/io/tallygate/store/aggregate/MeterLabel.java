package io.tallygate.store.aggregate;

/** What rows say of their meter; it never changes. {@code id} is as in the meter catalogue, case kept. */
public record MeterLabel(String id, String name, String unit) {}
