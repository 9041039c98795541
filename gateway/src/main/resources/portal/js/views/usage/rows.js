// What a usage record is to the views: its row, whether it fits the filters, and how it is sorted.
import { sum } from "../../format.js";
import { parseExact } from "../../json.js";

const NAMES = ["meter", "resource", "uri", "location", "tag", "untagged"];
const TIMES = ["usedFrom", "usedTo"];

/** A row of a usage route, with its instance data read. */
export function readRow({ properties: own }) {
  const instance = own.instanceData ? (parseExact(own.instanceData)["Microsoft.Resources"] ?? {}) : {};
  const uri = instance.resourceUri ?? "";
  return {
    start: own.usageStartTime, end: own.usageEndTime, meterId: own.meterId, meterName: own.meterName ?? own.meterId, unit: own.unit ?? "", quantity: own.quantity,
    subscription: own.subscriptionId, uri, ...partsOf(uri), location: instance.location ?? "", tags: instance.tags ?? {}, additionalInfo: instance.additionalInfo,
  };
}

function partsOf(uri) {
  const [, group] = /\/resourceGroups\/([^/]+)/i.exec(uri) ?? [];
  const [, , type] = /\/providers\/(([^/]+\/[^/]+).*)/i.exec(uri) ?? [];
  return { group: group ?? "", type: type ?? "", resource: uri.split("/").pop() };
}

/**
 * The filters of the address bar that this page applies itself, since the route has none: `{meter, resource, uri, location, tag, untagged,
 * usedFrom, usedTo}`. The last two are of the time of use: the period is of the time of reporting.
 */
export const chosenFilters = (query) => Object.fromEntries([...NAMES, ...TIMES].map((name) => [name, query.get(name)])
  .filter(([name, value]) => value && (NAMES.includes(name) || !Number.isNaN(Date.parse(value)))));

/** Whether a row (or a line of a file with start, meterId, uri, location, tags) fits: as the API's summaries do, URIs and meters without case. */
export function fitting(filters) {
  const is = Object.fromEntries(Object.entries(filters).map(([name, value]) => [name, value.toLowerCase()]));
  const [, name, value] = /^([^=]*)=(.*)$/.exec(filters.tag ?? "") ?? [];
  const [usedFrom, usedTo] = TIMES.map((time) => Date.parse(filters[time]));
  return (row) =>
    (!is.meter || row.meterId.toLowerCase() === is.meter) &&
    (!is.uri || row.uri.toLowerCase() === is.uri) &&
    (!is.resource || row.uri.toLowerCase().startsWith(is.resource)) &&
    (!filters.usedFrom || Date.parse(row.start) >= usedFrom) &&
    (!filters.usedTo || Date.parse(row.start) < usedTo) &&
    (!filters.location || row.location === filters.location) &&
    (!filters.tag || row.tags[name] === value) &&
    (!filters.untagged || row.tags[filters.untagged] === undefined);
}

/** Compares by a column, "-key" for falling; null for no column. Quantities exactly. */
export function comparing(sortedBy) {
  if (!sortedBy) {
    return null;
  }
  const key = sortedBy.replace(/^-/, "");
  const sign = sortedBy.startsWith("-") ? -1 : 1;
  const compare = key === "quantity" ? quantities : (a, b) => String(a[key]).localeCompare(String(b[key]), undefined, { numeric: true });
  return (a, b) => sign * compare(a, b);
}

function quantities({ quantity: a }, { quantity: b }) {
  return Number(a) - Number(b) || (a === b ? 0 : Number(sum([a, b.startsWith("-") ? b.slice(1) : `-${b}`])));
}

/** The tags in one line, for reading. */
export const tagLine = (tags) => Object.entries(tags).map(([name, value]) => `${name}=${value}`).join(", ");
