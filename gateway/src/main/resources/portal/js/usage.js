// What the usage views ask the API for.
import { get } from "./api.js";
import { has, session } from "./session.js";
import { isDays } from "./ui/period.js";

const VERSION = { subscriptions: "2016-06-01", admin: "2015-11-01" };
const kept = new Map();

/**
 * `GET /usage/summary`: sums of usage by usage time, per group and meter.
 *
 * @param parameters as the route takes them: from, to, granularity, groupBy, subscription, meter, resource, tag, top, open
 */
export const summary = (parameters, { signal } = {}) => get("/usage/summary", parameters, { signal });

/**
 * The totals of a period: a summary of which only `total` counts. Where the period does not begin and end at midnight the API adds up hours.
 */
export const totals = (period, parameters, options) =>
  summary({ ...parameters, from: period.from, to: period.to, granularity: isDays(period) ? "total" : "hourly" }, options);

/** All meters by their ids: `{meterId, name, unit, …}`. Asked for once. */
export const meters = () => once("meters", async () => new Map((await get("/meters")).value.map((meter) => [meter.meterId, meter])));

/**
 * The subscriptions that the caller may choose, by name: `{id, name, tenant, state}`; those of everyone for an operator. Asked for once.
 */
export const subscriptions = () => once("subscriptions", async () => {
  const found = readsEveryone() ? await everyones() : await own();
  return found.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
});

/** The default provider subscription, under which the operator's routes are; null for others. */
export const operatorSubscription = () => session().operatorSubscription ?? null;

/** Whether the caller reads everyone's usage. */
export const readsEveryone = () => has("Usage.Read.All");
const adminList = (id) => `/subscriptions/${id}/providers/Microsoft.Subscriptions.Admin/subscriptions`;

async function own() {
  const { value } = await get("/subscriptions", { "api-version": VERSION.subscriptions });
  return value.map((one) => ({ id: one.subscriptionId, name: one.displayName, tenant: one.tenantId ?? session().tenantId, state: one.state }));
}

async function everyones() {
  const { value } = await get(adminList(operatorSubscription()), { "api-version": VERSION.admin });
  return value.map((one) => ({ id: one.subscriptionId, name: one.displayName, tenant: one.tenantId, state: one.state, owner: one.owner }));
}

function once(key, load) {
  if (!kept.has(key)) {
    const loading = load();
    kept.set(key, loading);
    loading.catch(() => kept.delete(key));
  }
  return kept.get(key);
}
