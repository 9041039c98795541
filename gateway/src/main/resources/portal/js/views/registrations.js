// Registrations: which clouds are billed, by whom usage is paid, and what falls back for want of a mapping.
import { directory } from "../directory.js";
import { h } from "../dom.js";
import { formatCount, formatDay, formatQuantity, sum } from "../format.js";
import { link } from "../router.js";
import { manages } from "../session.js";
import { t } from "../texts.js";
import { named, quantity } from "../ui/amount.js";
import { badge, button, card, figure, figures, heading, identifier, linkButton } from "../ui/page.js";
import { empty, part } from "../ui/states.js";
import { table } from "../ui/table.js";
import { allRegistrations, baseOf, fallback, isUnder, mappingsOf, unmappedOf } from "./registration/data.js";
import { createRegistration } from "./registrations/create.js";

/** The view: all registrations, and which tenants fall back for want of a mapping. */
export default function registrations({ signal, title }) {
  const loading = load(signal);
  const list = part(signal, () => loading, drawList, { lines: 6 });
  const back = part(signal, async () => ({ ...(await loading), period: await fallback() }), drawFallback, { lines: 4 });
  const make = manages() && button(t("registrations.create"), () => createRegistration(signal), { kind: "primary" });
  return [heading(title, t("registrations.text"), make), list, card(t("registrations.unmappedTenants"), back, { text: t("registrations.unmappedText") })];
}

async function load(signal) {
  const [names, all] = await Promise.all([directory(), allRegistrations(signal)]);
  const found = await Promise.all(all.map(async (registration) => {
    const mappings = await mappingsOf(registration.id, signal);
    return { registration, base: baseOf(registration.id), mappings, unmapped: unmappedOf(registration, mappings, names) };
  }));
  return { found, names };
}

const inState = (one, state) => one.mappings.filter((each) => each.properties.state === state).length;
const total = (found, count) => found.reduce((all, one) => all + count(one), 0);

function drawList({ found }) {
  if (found.length === 0) {
    return empty(t("registrations.none"), t("registrations.noneText"));
  }
  const unmapped = total(found, (one) => one.unmapped.length);
  const scheduled = total(found, (one) => inState(one, "scheduled"));
  return [
    figures(
      figure(t("registrations.count"), formatCount(found.length)),
      figure(t("registrations.inForce"), formatCount(total(found, (one) => inState(one, "inForce"))), { note: scheduled > 0 ? t("registrations.scheduled", { n: scheduled }) : null }),
      figure(t("registrations.unmapped"), formatCount(unmapped), { kind: unmapped > 0 ? "warn" : "good", note: t("registrations.unmappedNote") })),
    card(t("registrations.title"), registrationTable(found)),
  ];
}

function registrationTable(found) {
  const property = (name, draw = (value) => value) => ({
    key: name, label: t(`registrations.${name}`), draw: ({ registration }) => draw(registration.properties[name]), sort: ({ registration }) => String(registration.properties[name]),
  });
  return table(t("registrations.title"), [
    { key: "name", label: t("registrations.name"), draw: (one) => one.registration.name, sort: (one) => one.registration.name },
    { key: "base", label: t("registrations.base"), draw: (one) => identifier(one.base), sort: (one) => one.base },
    property("billingModel"),
    property("multiTenant", (value) => t(value ? "registration.yes" : "registration.no")),
    property("deliveryEndpoint"),
    { key: "mappings", label: t("registrations.mappings"), numeric: true, sort: (one) => inState(one, "inForce"), draw: mappingCount },
    { key: "unmapped", label: t("registrations.unmapped"), numeric: true, sort: (one) => one.unmapped.length,
      draw: (one) => (one.unmapped.length > 0 ? badge(formatCount(one.unmapped.length), "warn", one.unmapped.map((tenant) => tenant.name).join(", ")) : "0") },
  ], found, { sortedBy: "name", href: (one) => link("registration", { id: one.registration.id }) });
}

function mappingCount(one) {
  const scheduled = inState(one, "scheduled");
  return h("span", {}, formatCount(inState(one, "inForce")), scheduled > 0 && [" ", badge(t("registrations.scheduled", { n: scheduled }))]);
}

function drawFallback({ found, names, period }) {
  const rows = unpaid(found, period.rows, names);
  const sums = rows.filter((row) => row.base).map((row) => row.base);
  const totals = { from: formatDay(period.from), records: formatCount(sums.reduce((all, each) => all + each.count, 0)), quantity: formatQuantity(sum(sums.map((each) => each.quantity))) };
  const href = (each) => link("reconciliation", { from: period.from, to: period.to, stage: "base", day: "all", tenant: each.id });
  const toMappings = (each) => each.one && linkButton(t("registrations.toMappings"), link("registration", { id: each.one.registration.id }), { kind: "small", label: each.one.registration.name });
  return [
    sums.length > 0 && h("p", {}, t("registrations.fallbackSum", totals)),
    table(t("registrations.unmappedTenants"), [
      { key: "tenant", label: t("registrations.tenant"), draw: (each) => named(names.tenantName(each.id), each.id), sort: (each) => names.tenantName(each.id) },
      { key: "now", label: t("registrations.now"), draw: (each) => badge(t(each.now ? "registration.unmapped" : "registration.mapped"), each.now ? "warn" : "good"), sort: (each) => Number(each.now) },
      { key: "count", label: t("registrations.fallbackRecords"), numeric: true, sort: (each) => each.base?.count ?? 0, draw: (each) => (each.base ? h("a", { href: href(each) }, formatCount(each.base.count)) : "0") },
      { key: "quantity", label: t("registrations.quantity"), numeric: true, draw: (each) => quantity(each.base?.quantity ?? "0") },
      { key: "registration", label: t("registrations.name"), draw: (each) => each.one?.registration.name ?? "–", sort: (each) => each.one?.registration.name },
      { key: "open", label: t("registrations.open"), draw: toMappings },
    ], rows, { sortedBy: "-count", none: h("p", { class: "notice good" }, t("registrations.allMapped")) }),
  ].filter(Boolean);
}

// Who has no payer now, and whose usage fell back though it has one by now: `{id, one, now, base}`.
function unpaid(found, rows, names) {
  const keyed = new Map(found.flatMap((one) => one.unmapped.map((tenant) => [`${tenant.id} ${one.base}`, { id: tenant.id, one, now: true }])));
  for (const row of rows) {
    const key = `${row.tenantId} ${row.payerSubscriptionId}`;
    const ofBase = found.filter((each) => each.base === row.payerSubscriptionId);
    // Several may have one base subscription: that is meant which the tenant is under, as far as that is known.
    const one = ofBase.find((each) => names.subscriptions.some((own) => own.tenantId === row.tenantId && isUnder(own, each.registration))) ?? ofBase[0];
    keyed.set(key, { now: false, one, ...keyed.get(key), id: row.tenantId, base: row.base });
  }
  return [...keyed.values()];
}
