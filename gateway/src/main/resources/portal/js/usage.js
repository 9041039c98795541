// What the usage views ask the API for.
import { ApiProblem, get } from "./api.js";
import { directory } from "./directory.js";
import { sum } from "./format.js";
import { DAY, HOUR, floorDay, floorHour, isDays, wireTime } from "./hours.js";
import { kept } from "./kept.js";
import { readsEveryone, session } from "./session.js";

const VERSION = { "api-version": "2016-06-01" };
// Of the API, where it does not say more.
const TOP = 20;
const MOST_BY_HOUR = 100;

/**
 * `GET /usage/summary`: sums of usage by usage time, per group and meter.
 *
 * @param parameters as the route takes them: from, to, granularity, groupBy, subscription, meter, resource, tag, top, open
 */
export const summary = (parameters, { signal } = {}) => get("/usage/summary", parameters, { signal });

/** The sums of a period, with its points (`byTime` is true) where it has whole days, and by its granularity few of them; else its totals. */
export async function sums(period, parameters, options) {
  const { from, to, granularity } = period;
  return isDays(period) && granularity !== "hourly"
    ? { ...(await summary({ ...parameters, from, to, granularity }, options)), byTime: true }
    : totals(period, parameters, options);
}

/**
 * The totals of a period: a summary of which only the sums over all points count. The API adds up whole days; the hours of a period that does
 * not begin and end at midnight are added here, exactly.
 */
export async function totals({ start, end }, parameters, options) {
  const [first, last] = [floorDay(start + DAY - 1), floorDay(end)];
  if (isDays({ start, end })) {
    return summary({ ...parameters, from: wireTime(start), to: wireTime(end), granularity: "total" }, options);
  }
  const top = parameters.top ?? TOP;
  const more = { ...parameters, top: MOST_BY_HOUR };
  const parts = first < last ? [totals({ start: first, end: last }, { ...parameters, top: Math.max(top, MOST_BY_HOUR) }, options)] : [];
  const edges = first < last ? [[start, first], [last, end]] : [[start, end]];
  const hours = edges.filter(([from, to]) => from < to).map(([from, to]) => byHour(from, to, more, options));
  return added(await Promise.all([...parts, ...hours]), top);
}

// What has too many points for one answer is asked for in halves.
async function byHour(start, end, parameters, options) {
  try {
    return await summary({ ...parameters, from: wireTime(start), to: wireTime(end), granularity: "hourly" }, options);
  } catch (failure) {
    if (!(failure instanceof ApiProblem && failure.code === "InvalidProperty") || end - start <= HOUR) {
      throw failure;
    }
    const middle = floorHour((start + end) / 2);
    return added([await byHour(start, middle, parameters, options), await byHour(middle, end, parameters, options)], MOST_BY_HOUR);
  }
}

// Who is among the largest in one part may be among the others in another one: the largest of all are chosen after adding.
function added(answers, top) {
  const same = (group) => JSON.stringify([group.other, group.key, group.meterId]);
  const all = [...Map.groupBy(answers.flatMap((answer) => answer.groups), same).values()].map(asOne);
  const groups = [...Map.groupBy(all, (group) => group.meterId).values()].flatMap((ofMeter) => {
    const named = ofMeter.filter((group) => !group.other).sort((a, b) => Math.abs(Number(b.total)) - Math.abs(Number(a.total)));
    const rest = [...ofMeter.filter((group) => group.other), ...named.slice(top)];
    return rest.length === 0 ? named : [...named.slice(0, top), { ...asOne(rest), key: "", label: "", other: true }];
  });
  return { ...answers[0], groups, truncated: groups.some((group) => group.other) };
}

const asOne = (groups) => ({
  ...groups[0], total: sum(groups.map((group) => group.total)), records: groups.reduce((all, group) => all + group.records, 0),
  points: groups.flatMap((group) => group.points),
});

/**
 * The subscriptions that the caller may choose, by name: `{id, name, tenant, state}`; those of everyone for an operator.
 */
export async function subscriptions() {
  const found = readsEveryone() ? (await directory()).subscriptions : await own();
  return found.map((one) => ({ id: one.subscriptionId, name: one.displayName, tenant: one.tenantId ?? session().tenantId, state: one.state }))
    .sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
}

const own = kept(async () => (await get("/subscriptions", VERSION)).value);
