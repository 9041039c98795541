package io.tallygate.store.collect;

import java.time.Duration;

/**
 * How a source is to be collected.
 *
 * @param window how much of its reported time is pulled as one: an hour or a day
 * @param lag how long after its end a window is final there
 * @param wholeDays whether nothing of a UTC day is asked for before it is over: Azure Stack Hub says of the current day that it is not
 *     processed
 * @param concurrency how many windows may be under way at the same time, of all gateways together
 * @param lease how long one is under way without a word
 */
public record CollectPlan(
        String source, Duration window, Duration lag, boolean wholeDays, int concurrency, Duration lease) {}
