package io.tallygate.deploy.demo;

import io.tallygate.store.directory.SubscriptionId;

/**
 * Who pays for a sample tenant from some day of the period on.
 *
 * @param customerSubscription the CSP subscription that pays
 * @param fromDay the day of the period, from 0, at whose {@code fromHour} it starts to count
 */
record SampleMapping(SubscriptionId customerSubscription, int fromDay, int fromHour) {}
