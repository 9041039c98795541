// What the tenants' view asks the API for: a period and as much of the one before.
import { directory } from "../../directory.js";
import { DAY, completeUntil, floorDay, wireTime } from "../../hours.js";
import { previousPeriod } from "../../ui/period.js";
import { summary, totals } from "../../usage.js";
import { metersOf, seriesOf } from "./data.js";

/** The most groups that totals have: of each meter smaller tenants come as one. */
export const MOST_TENANTS = 1000;
const MOST_TRENDS = 100;
const NOTHING = { groups: [] };

/** A period of whole days: sums of tenants are kept by the day. */
export function wholeDays(period) {
  const [start, end] = [floorDay(period.start), floorDay(period.end + DAY - 1)];
  return start === period.start && end === period.end ? period : { ...period, start, end, from: wireTime(start), to: wireTime(end) };
}

/**
 * `{now, same, before, earlier, names, meters, meter, trend}`: the period's answer, its groups as far as it is compared, those of the period
 * before, what they are compared over, and the values of the meter over time.
 */
export async function loadTenants(period, wanted, signal) {
  const ask = (range) => (range.start < range.end ? totals(range, { groupBy: "tenant", top: MOST_TENANTS }, { signal }) : NOTHING);
  const [now, names] = await Promise.all([ask(period), directory()]);
  const until = Math.min(period.end, now.sealedThrough ? completeUntil(now.sealedThrough) : period.start);
  const earlier = comparable(period, until, now);
  const [same, before] = await Promise.all([earlier.whole ? now : ask({ start: period.start, end: period.start + earlier.end - earlier.start }), ask(earlier)]);
  const meters = metersOf(now.groups);
  const all = [...meters, ...metersOf(before.groups)];
  const meter = all.find((each) => each.meterId === wanted) ?? all[0] ?? null;
  const trend = meter && now.groups.length > 0
    ? await summary({ from: period.from, to: period.to, granularity: period.granularity, meter: meter.meterId, groupBy: "tenant", top: MOST_TRENDS }, { signal })
    : NOTHING;
  return { now, same: same.groups, before: before.groups, truncated: Boolean(now.truncated || before.truncated), earlier, names, meters, meter, trend: seriesOf(trend.groups, period, until) };
}

// A period that is not over yet is compared with as much of the one before: else everyone would seem to use less. With a time from which
// little is known yet nothing is compared: else everyone would seem to use more. `until` is how far the period is complete.
function comparable(period, until, { firstHour }) {
  const earlier = previousPeriod(period);
  const done = Math.max(0, until - period.start);
  const whole = done >= period.end - period.start;
  const end = whole ? earlier.end : Math.min(earlier.end, earlier.start + done);
  return { start: earlier.start, end, from: earlier.from, to: wireTime(end), whole, begun: done > 0, until, known: done > 0 && firstHour != null && Date.parse(firstHour) <= earlier.start };
}
