// Names for ids, as the operator's directory of local subscriptions has them: the API's rows carry ids only.
import { get } from "./api.js";
import { kept } from "./kept.js";
import { meters } from "./meters.js";
import { operatorSubscription } from "./session.js";

/** The version of the directory's routes. */
export const ADMIN_VERSION = { "api-version": "2015-11-01" };

const KEEP_MS = 60_000;

/**
 * The directory, asked at most once a minute: `{subscriptions, tenants, tenantNames, registrations, tenantName(id), subscriptionName(id),
 * meterName(id), dimensionName(id)}`. Tenants are `{id, name, subscriptions}`, tenantNames a Map of their names by id, registrations resource ids,
 * dimensions commerce meters. It is empty for whoever may not read it: then ids stand for themselves.
 */
export const directory = kept(load, KEEP_MS);

async function load() {
  const operator = operatorSubscription();
  const known = await meters();
  const path = `/subscriptions/${operator}/providers/Microsoft.Subscriptions.Admin/subscriptions`;
  const [subscriptions, registrations] = operator ? await Promise.all([get(path, ADMIN_VERSION), get("/registrations")]) : [{ value: [] }, { value: [] }];
  return { ...arranged(subscriptions.value), registrations: registrations.value.map((each) => each.id), ...meterNames(known) };
}

function arranged(subscriptions) {
  const tenants = [...Map.groupBy(subscriptions, (each) => each.tenantId)]
    .map(([id, ofTenant]) => ({ id, name: commonName(ofTenant.map((each) => each.displayName)), subscriptions: ofTenant }))
    .sort((a, b) => a.name.localeCompare(b.name));
  const tenantNames = new Map(tenants.map((tenant) => [tenant.id, tenant.name]));
  const names = new Map(subscriptions.map((each) => [each.subscriptionId, each.displayName]));
  return {
    subscriptions,
    tenants,
    tenantNames,
    tenantName: (id) => tenantNames.get(id) ?? id,
    subscriptionName: (id) => names.get(id) ?? id,
  };
}

// What an endpoint is told is a commerce meter: several meters may go under one.
function meterNames(known) {
  const dimensions = new Map();
  for (const meter of known.values()) {
    const id = meter.commerceMeterId?.toLowerCase();
    dimensions.set(id, dimensions.has(id) ? `${dimensions.get(id)}, ${meter.name}` : meter.name);
  }
  return { meterName: (id) => known.get(id)?.name ?? id, dimensionName: (id) => dimensions.get(id?.toLowerCase()) ?? id };
}

// "Fabrikam Web Shop" and "Fabrikam Data Platform" are Fabrikam's; names with nothing in common are all told.
function commonName(names) {
  const words = names.map((name) => name.split(" "));
  const end = words[0].findIndex((word, at) => words.some((each) => each[at] !== word));
  return end === -1 ? names[0] : end === 0 ? names.join(", ") : words[0].slice(0, end).join(" ");
}
