// What the summaries of two periods say of each tenant.
import { DAY, HOUR } from "../../hours.js";
import { session } from "../../session.js";

/** The meters of some groups, those with most records first: `{meterId, meterName, unit, records}`. */
export function metersOf(groups) {
  const meters = new Map();
  for (const { meterId, meterName, unit, records } of groups) {
    const meter = meters.get(meterId) ?? { meterId, meterName, unit, records: 0 };
    meter.records += records;
    meters.set(meterId, meter);
  }
  return [...meters.values()].sort((a, b) => b.records - a.records || a.meterName.localeCompare(b.meterName));
}

/**
 * A row for each tenant that is known or has usage: `{id, name, subscriptions, other, total, compared, before, records, recordsBefore, silent,
 * stopped}`. `total`, `compared` (as much of it as is compared) and `before` are of the meter, decimal texts or null; records those of all meters,
 * which are never added as quantities. `silent`: there was usage before and is none now; `stopped`: the meters of which that is so, while there is
 * usage of others. Where smaller tenants come as one group nobody is said to be silent.
 */
export function compareTenants({ now, same, before, truncated }, names, meter) {
  const rows = new Map(names.tenants.map((tenant) => [tenant.id, row(tenant.id, tenant.name, tenant.subscriptions)]));
  const of = (group) => {
    const id = group.other ? null : group.key;
    if (!rows.has(id)) {
      rows.set(id, row(id, group.other ? null : names.tenantName(id), []));
    }
    return rows.get(id);
  };
  for (const group of now) {
    const tenant = of(group);
    tenant.records += group.records;
    tenant.meters.add(group.meterId);
    tenant.total = group.meterId === meter.meterId ? group.total : tenant.total;
  }
  for (const group of same.filter((one) => one.meterId === meter.meterId)) {
    of(group).compared = group.total;
  }
  for (const group of before) {
    const tenant = of(group);
    tenant.recordsBefore += group.records;
    tenant.before = group.meterId === meter.meterId ? group.total : tenant.before;
    if (!tenant.meters.has(group.meterId)) {
      tenant.stopped.push(group);
    }
  }
  for (const tenant of rows.values()) {
    tenant.silent = !truncated && !tenant.other && tenant.records === 0 && tenant.recordsBefore > 0;
    tenant.stopped = truncated || tenant.silent || tenant.other ? [] : tenant.stopped;
  }
  // The operator's own tenant has the default provider subscription, which uses nothing as a rule.
  return [...rows.values()].filter((tenant) => tenant.id !== session().tenantId || tenant.records + tenant.recordsBefore > 0);
}

const row = (id, name, subscriptions) =>
  ({ id, name, subscriptions, other: id === null, total: null, compared: null, before: null, records: 0, recordsBefore: 0, meters: new Set(), stopped: [], silent: false });

/**
 * The values of each tenant over time, by its id (null is that of all others): decimal texts, "0" where there was no usage. Of whole days
 * or hours: one that is not over would look like a fall.
 *
 * @param until where nothing is known any more, in milliseconds
 */
export function seriesOf(groups, { start, granularity }, until) {
  const step = { hourly: HOUR, daily: DAY }[granularity];
  const values = ({ points }) => {
    if (!step) {
      return points.map((point) => point.quantity);
    }
    // A day that is not over yet would look like a fall.
    const found = new Map(points.map((point) => [Date.parse(point.time), point.quantity]));
    return Array.from({ length: Math.max(0, Math.floor((until - start) / step)) }, (_, index) => found.get(start + index * step) ?? "0");
  };
  return new Map(groups.map((group) => [group.other ? null : group.key, values(group)]));
}
