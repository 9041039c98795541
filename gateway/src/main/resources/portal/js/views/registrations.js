// Registrations: which clouds are billed, by whom usage is paid, and what falls back for want of a mapping.
import { get } from "../api.js";
import { directory } from "../directory.js";
import { h } from "../dom.js";
import { formatCount, formatDay, formatQuantity, sum } from "../format.js";
import { link } from "../router.js";
import { t } from "../texts.js";
import { named, quantity } from "../ui/amount.js";
import { badge, card, figure, figures, heading, identifier, linkButton } from "../ui/page.js";
import { empty, part } from "../ui/states.js";
import { table } from "../ui/table.js";
import { fallbackOf, mappingsOf, unmappedOf, VERSION } from "./registration/data.js";

export default function registrations({ signal, title }) {
  return [heading(title, t("registrations.text")), part(signal, load, draw, { lines: 8 })];
}

// Registrations are listed by the subscription that they are in, and no route lists those. They are found where usage comes from (local
// subscriptions name theirs) and where it went (a base subscription that paid in the period is one of a registration).
async function load(signal) {
  const [names, fallback] = await Promise.all([directory(), fallbackOf(signal)]);
  const bases = new Set([...names.registrations.map((id) => id.split("/")[2].toLowerCase()), ...fallback.rows.map((row) => row.payerSubscriptionId)]);
  const lists = await Promise.all([...bases].map((base) =>
    get(`/subscriptions/${base}/providers/Microsoft.AzureStack/registrations`, VERSION, { signal })));
  const found = await Promise.all(lists.flatMap((list) => list.value).map(async (registration) => {
    const base = registration.id.split("/")[2].toLowerCase();
    const mappings = await mappingsOf(registration.id, signal);
    return {
      registration, base, mappings,
      unmapped: unmappedOf(registration, mappings, names),
      fallback: fallback.rows.filter((row) => row.payerSubscriptionId === base),
    };
  }));
  return { found, names, period: fallback };
}

function draw({ found, names, period }) {
  if (found.length === 0) {
    return empty(t("registrations.none"), t("registrations.noneText"));
  }
  const unmapped = found.flatMap((one) => one.unmapped.map((tenant) => ({ ...tenant, one })));
  const rows = found.flatMap((one) => one.fallback.map((row) => ({ ...row, one })));
  return [
    figures(
      figure(t("registrations.count"), formatCount(found.length)),
      figure(t("registrations.inForce"), formatCount(found.reduce((all, one) => all + inForce(one), 0))),
      figure(t("registrations.unmapped"), formatCount(unmapped.length), { kind: unmapped.length > 0 ? "warn" : "good", note: t("registrations.unmappedNote") }),
      figure(t("registrations.fallback"), formatCount(rows.reduce((all, row) => all + row.base.count, 0)), {
        kind: rows.length > 0 ? "warn" : "good", title: sum(rows.map((row) => row.base.quantity)),
        note: t("registrations.fallbackNote", { quantity: formatQuantity(sum(rows.map((row) => row.base.quantity))) }),
        href: link("reconciliation", { from: period.from, to: period.to, stage: "base", day: "all" }),
      })),
    card(t("registrations.title"), list(found)),
    card(t("registrations.unmappedTenants"), unmappedTable(unmapped, rows, names, period), { text: t("registrations.unmappedText", { from: formatDay(period.from) }) }),
  ];
}

const inForce = (one) => one.mappings.filter((each) => each.properties.state === "inForce").length;
const scheduled = (one) => one.mappings.filter((each) => each.properties.state === "scheduled").length;
const fallbackCount = (one) => one.fallback.reduce((all, row) => all + row.base.count, 0);

function list(found) {
  return table(t("registrations.title"), [
    { key: "name", label: t("registrations.name"), draw: (one) => one.registration.name, sort: (one) => one.registration.name },
    { key: "base", label: t("registrations.base"), draw: (one) => identifier(one.base), sort: (one) => one.base },
    { key: "billingModel", label: t("registrations.billingModel"), draw: (one) => one.registration.properties.billingModel, sort: (one) => one.registration.properties.billingModel },
    { key: "multiTenant", label: t("registrations.multiTenant"), draw: (one) => t(one.registration.properties.multiTenant ? "registration.yes" : "registration.no"), sort: (one) => Number(one.registration.properties.multiTenant) },
    { key: "endpoint", label: t("registrations.endpoint"), draw: (one) => one.registration.properties.deliveryEndpoint, sort: (one) => one.registration.properties.deliveryEndpoint, narrow: false },
    { key: "mappings", label: t("registrations.mappings"), numeric: true, sort: inForce,
      draw: (one) => [formatCount(inForce(one)), scheduled(one) > 0 && [" ", badge(t("registrations.scheduled", { n: scheduled(one) }), "warn")]] },
    { key: "unmapped", label: t("registrations.unmapped"), numeric: true, sort: (one) => one.unmapped.length,
      draw: (one) => (one.unmapped.length > 0 ? badge(formatCount(one.unmapped.length), "warn") : "0") },
    { key: "fallback", label: t("registrations.fallbackRecords"), numeric: true, sort: fallbackCount, draw: (one) => formatCount(fallbackCount(one)) },
  ], found, { sortedBy: "name", href: (one) => link("registration", { id: one.registration.id }) });
}

// Who has no payer now, and whose usage fell back though it has one by now.
function unmappedTable(unmapped, rows, names, period) {
  const keyed = new Map(unmapped.map((tenant) => [`${tenant.id} ${tenant.one.registration.id}`, { id: tenant.id, one: tenant.one, now: true }]));
  for (const row of rows) {
    const key = `${row.tenantId} ${row.one.registration.id}`;
    keyed.set(key, { now: false, ...keyed.get(key), id: row.tenantId, one: row.one, base: row.base });
  }
  const href = (each) => link("reconciliation", { from: period.from, to: period.to, stage: "base", day: "all", tenant: each.id });
  return table(t("registrations.unmappedTenants"), [
    { key: "tenant", label: t("registrations.tenant"), draw: (each) => named(names.tenantName(each.id), each.id), sort: (each) => names.tenantName(each.id) },
    { key: "now", label: t("registrations.now"), draw: (each) => badge(t(each.now ? "registration.unmapped" : "registration.mapped"), each.now ? "warn" : "good"), sort: (each) => Number(each.now) },
    { key: "registration", label: t("registrations.name"), draw: (each) => each.one.registration.name, sort: (each) => each.one.registration.name },
    { key: "count", label: t("registrations.fallbackRecords"), numeric: true, sort: (each) => each.base?.count ?? 0, draw: (each) => (each.base ? h("a", { href: href(each) }, formatCount(each.base.count)) : "0") },
    { key: "quantity", label: t("registrations.quantity"), numeric: true, draw: (each) => quantity(each.base?.quantity ?? "0") },
    { key: "do", label: t("registrations.open"), draw: (each) => linkButton(t("registrations.toMappings"), link("registration", { id: each.one.registration.id }), { kind: "small" }) },
  ], [...keyed.values()], { sortedBy: "-count", none: h("p", { class: "notice good" }, t("registrations.allMapped")) });
}
