// What the views of registrations read.
import { get } from "../../api.js";
import { DAY, wireDay } from "../../hours.js";
import { recent } from "../../recent.js";

/** The version of the registration protocol that the portal speaks. */
export const VERSION = { "api-version": "2022-06-01" };

const PERIOD_DAYS = 30;

/** How a registration may be billed: only by usage is anything routed and delivered. */
export const BILLING_MODELS = ["PayAsYouUse", "Capacity", "Development"];

/** All registrations. */
export async function allRegistrations(signal) {
  return (await get("/registrations", {}, { signal })).value;
}

/** The subscription that a registration is in, which pays where nothing is mapped. */
export const baseOf = (id) => id.split("/")[2].toLowerCase();

/** Every mapping that a registration ever had, superseded ones too. */
export async function mappingsOf(id, signal) {
  return (await get(`${id}/customerSubscriptions`, { ...VERSION, $expand: "history" }, { signal })).value;
}

/** What fell back to base subscriptions in the last 30 days, by tenant and payer: `{from, to, rows}` with days as texts. */
export async function fallback() {
  const to = wireDay(Date.now() + DAY);
  const from = wireDay(Date.now() - (PERIOD_DAYS - 1) * DAY);
  const { rows } = await recent("/reconciliation", { from, to, groupBy: "tenant,payer" });
  return { from, to, rows: rows.filter((row) => row.payerSubscriptionId && row.base?.count > 0) };
}

/** Tenants with local subscriptions under a registration that nobody pays for now: `{id, name}`. */
export function unmappedOf(registration, mappings, names) {
  const paid = new Set(mappings.filter((each) => each.properties.state === "inForce").map((each) => each.properties.tenantId));
  return names.tenants.filter((tenant) => !paid.has(tenant.id) && tenant.subscriptions.some((each) => isUnder(each, registration)));
}

/** Whether a local subscription is under a registration, and not deleted. */
export const isUnder = (subscription, registration) =>
  subscription.state !== "Deleted" && subscription.registrationId?.toLowerCase() === registration.id.toLowerCase();
