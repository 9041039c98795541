// What the tenants' view asks the API for: a period and as much of the one before.
import { ApiProblem, get } from "../../api.js";
import { directory } from "../../directory.js";
import { sum } from "../../format.js";
import { DAY, HOUR, floorDay, floorHour } from "../../hours.js";
import { iso, previousPeriod } from "../../ui/period.js";
import { metersOf, seriesOf } from "./data.js";

/** The most groups that the summary gives: of each meter smaller tenants come as one. */
export const MOST_TENANTS = 100;

/** A period of whole days: sums of tenants are kept by the day. */
export function wholeDays(period) {
  const [start, end] = [floorDay(period.start), floorDay(period.end + DAY - 1)];
  return start === period.start && end === period.end ? period : { ...period, start, end, from: iso(start), to: iso(end) };
}

/** `{now, before, earlier, names, meters, meter, trend}`: the two periods' groups, what they are compared over, and the values of the meter over time. */
export async function loadTenants(period, wanted, signal) {
  const ask = (parameters) => get("/usage/summary", { groupBy: "tenant", top: MOST_TENANTS, ...parameters }, { signal });
  const [now, names] = await Promise.all([ask({ from: period.from, to: period.to, granularity: "total" }), directory()]);
  const earlier = comparable(period, now);
  const meters = metersOf(now.groups);
  const before = await sumOf(earlier, ask);
  const all = [...meters, ...metersOf(before)];
  const meter = all.find((each) => each.meterId === wanted) ?? all[0] ?? null;
  const trend = meter && now.groups.length > 0
    ? await ask({ from: period.from, to: period.to, granularity: period.granularity, meter: meter.meterId })
    : { groups: [] };
  const until = Math.min(period.end, now.sealedThrough ? Date.parse(now.sealedThrough) : period.end);
  return { now, before, earlier, names, meters, meter, trend: seriesOf(trend.groups, period, until) };
}

// A period that is not over yet is compared with as much of the one before: else everyone would seem to use less. With a time from which
// little is known yet nothing is compared: else everyone would seem to use more.
function comparable(period, { sealedThrough, firstHour }) {
  const earlier = previousPeriod(period);
  const done = Math.max(HOUR, floorHour(sealedThrough ?? period.to) - period.start);
  const whole = done >= period.end - period.start;
  const end = whole ? earlier.end : Math.min(earlier.end, earlier.start + done);
  return { start: earlier.start, end, from: earlier.from, to: iso(end), whole, known: firstHour !== null && Date.parse(firstHour) <= earlier.start };
}

// Totals are of whole days; the hours of the last day are added up here, exactly. Where they are too many, whole days have to do.
async function sumOf(earlier, ask) {
  const midnight = floorDay(earlier.end);
  const days = midnight > earlier.start ? await ask({ from: earlier.from, to: iso(midnight), granularity: "total" }) : { groups: [] };
  if (midnight === earlier.end) {
    return days.groups;
  }
  try {
    const hours = await ask({ from: iso(midnight), to: earlier.to, granularity: "hourly" });
    return added(days.groups, hours.groups);
  } catch (failure) {
    if (failure instanceof ApiProblem && failure.code === "InvalidProperty" && days.groups.length > 0) {
      Object.assign(earlier, { end: midnight, to: iso(midnight) });
      return days.groups;
    }
    throw failure;
  }
}

function added(some, more) {
  const key = (group) => JSON.stringify([group.other, group.key, group.meterId]);
  const all = new Map(some.map((group) => [key(group), group]));
  for (const group of more) {
    const found = all.get(key(group));
    all.set(key(group), found ? { ...found, total: sum([found.total, group.total]), records: found.records + group.records } : group);
  }
  return [...all.values()];
}
