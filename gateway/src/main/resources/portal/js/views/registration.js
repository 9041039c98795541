// One registration: what it is, who pays for which tenant and when, and changing that.
import { get } from "../api.js";
import { directory } from "../directory.js";
import { h } from "../dom.js";
import { formatCount, formatHour, formatMoment } from "../format.js";
import { change, here, link } from "../router.js";
import { manages } from "../session.js";
import { t } from "../texts.js";
import { named, quantity } from "../ui/amount.js";
import { badge, button, card, facts, heading, identifier, linkButton } from "../ui/page.js";
import { empty, notFound, part } from "../ui/states.js";
import { table } from "../ui/table.js";
import { baseOf, fallback, isUnder, mappingsOf, unmappedOf, VERSION } from "./registration/data.js";
import { editRegistration } from "./registration/edit.js";
import { endMapping, setPayer } from "./registration/mapping.js";
import { timeline } from "./registration/timeline.js";

// A path that is asked for: nothing else may be in it.
const REGISTRATION = /^\/subscriptions\/[\w-]+\/resourceGroups\/[\w.()-]+\/providers\/Microsoft\.AzureStack\/registrations\/[\w.()-]+$/i;

/** The view: `id`, a resource id; `superseded=true` shows mappings that were replaced too. */
export default function registration({ query, signal, title }) {
  const id = query.get("id");
  if (!REGISTRATION.test(id ?? "")) {
    return notFound();
  }
  const superseded = query.get("superseded") === "true";
  const content = part(signal, () => load(id, signal), (found) => draw(found, superseded, signal, () => content.refresh()), { lines: 8 });
  return [heading(id.split("/").at(-1), t("registration.text"), linkButton(t("registration.all"), link("registrations"))), content];
}

async function load(id, signal) {
  const [registration, history, names] = await Promise.all([get(id, VERSION, { signal }), mappingsOf(id, signal), directory()]);
  return { registration, base: baseOf(registration.id), history, names };
}

function draw({ registration, base, history, names }, superseded, signal, refresh) {
  const tenants = tenantsOf(registration, history, names);
  const context = {
    registration, names, onDone: refresh,
    payers: [...new Set(history.map((each) => each.name))],
    tenants: tenants.filter((tenant) => tenant.mappable),
  };
  const mapped = registration.properties.billingModel === "PayAsYouUse" && registration.properties.multiTenant;
  const may = manages() && mapped;
  for (const tenant of tenants) {
    tenant.action = may && tenant.unmapped && button(t("registration.map"), () => setPayer(context, { tenantId: tenant.id }), { kind: "small", label: t("registration.mapTenant", { tenant: tenant.name }) });
  }
  const edit = manages() && button(t("registration.edit"), () => editRegistration(registration, history, refresh), { label: t("registration.editOf", { name: registration.name }) });
  return [
    !manages() && h("p", { class: "notice" }, t("registration.readOnly")),
    !mapped && h("p", { class: "notice" }, t("registration.notMapped")),
    h("div", { class: "grid" }, card(t("registration.properties"), properties(registration, base), { actions: edit }), card(t("registration.fallback"), part(signal, fallback, (period) => unpaid(tenants, base, period, names)), { text: t("registration.fallbackText") })),
    card(t("registration.timeline"), tenants.length === 0 ? empty(t("registration.noTenants")) : timeline(tenants, { superseded }), {
      text: t("registration.timelineText"),
      actions: [
        h("label", { class: "check" }, h("input", { type: "checkbox", checked: superseded, on: { change: (event) => change({ superseded: event.target.checked }, { replace: true }) } }), h("span", {}, t("registration.superseded"))),
        may && button(t("registration.set"), () => setPayer(context), { kind: "primary" }),
      ],
    }),
    card(t("registration.mappings"), h("div", { class: "part dense" }, mappings(history, superseded, context, may))),
  ];
}

// Tenants with subscriptions under this registration, or that ever had a mapping; those without a payer first.
function tenantsOf(registration, history, names) {
  const own = new Set(names.subscriptions.filter((each) => isUnder(each, registration)).map((each) => each.tenantId));
  const unmapped = new Set(unmappedOf(registration, history, names).map((tenant) => tenant.id));
  const ids = new Set([...own, ...history.map((each) => each.properties.tenantId)]);
  return [...ids].map((id) => {
    const mappings = history.filter((each) => each.properties.tenantId === id);
    return { id, name: names.tenantName(id), mappings, unmapped: unmapped.has(id), mappable: own.has(id) || mappings.length > 0 };
  }).sort((a, b) => b.unmapped - a.unmapped || a.name.localeCompare(b.name));
}

function properties({ properties, location, id, tags }, base) {
  return facts(
    [t("registration.billingModel"), properties.billingModel],
    [t("registration.multiTenant"), t(properties.multiTenant ? "registration.yes" : "registration.no")],
    [t("registration.base"), identifier(base)],
    [t("registration.endpoint"), h("a", { href: link("delivery", { endpoint: properties.deliveryEndpoint }) }, properties.deliveryEndpoint)],
    [t("registration.location"), location],
    [t("registration.cloud"), identifier(properties.cloudId)],
    [t("registration.resource"), identifier(id)],
    Object.keys(tags ?? {}).length > 0 ? [t("registration.tags"), Object.entries(tags).map(([name, value]) => [badge(`${name}: ${value}`), " "])] : ["", null],
  );
}

// Who has no payer now, and whose usage fell back in the period.
function unpaid(tenants, base, { from, to, rows }, names) {
  const back = new Map(rows.filter((row) => row.payerSubscriptionId === base).map((row) => [row.tenantId, row.base]));
  const ids = new Set([...tenants.filter((tenant) => tenant.unmapped).map((tenant) => tenant.id), ...back.keys()]);
  const shown = [...ids].map((id) => ({ id, name: names.tenantName(id), unmapped: tenants.some((tenant) => tenant.id === id && tenant.unmapped), fallback: back.get(id) }));
  const none = h("p", { class: "notice good" }, t("registration.noFallback"));
  const href = (tenant) => tenant.fallback && link("reconciliation", { from, to, stage: "base", day: "all", tenant: tenant.id, payer: base });
  return table(t("registration.fallback"), [
    { key: "name", label: t("registration.tenant"), draw: (tenant) => named(tenant.name, tenant.id), sort: (tenant) => tenant.name },
    { key: "state", label: t("registration.now"), draw: (tenant) => (tenant.unmapped ? badge(t("registration.unmapped"), "warn") : badge(t("registration.mapped"), "good")), sort: (tenant) => Number(tenant.unmapped) },
    { key: "count", label: t("registration.records"), numeric: true, sort: (tenant) => tenant.fallback?.count ?? 0, draw: (tenant) => (tenant.fallback ? h("a", { href: href(tenant) }, formatCount(tenant.fallback.count)) : "0") },
    { key: "quantity", label: t("registration.quantity"), numeric: true, draw: (tenant) => quantity(tenant.fallback?.quantity ?? "0") },
  ], shown, { none, sortedBy: "-count" });
}

function mappings(history, superseded, context, may) {
  const shown = history.filter((each) => superseded || !each.properties.supersededAt);
  const time = (name) => ({ key: name, label: t(`registration.${name}`), draw: (row) => (row.properties[name] ? formatHour(row.properties[name]) : "–"), sort: (row) => row.properties[name] });
  return table(t("registration.mappings"), [
    { key: "tenant", label: t("registration.tenant"), draw: (row) => named(context.names.tenantName(row.properties.tenantId), row.properties.tenantId), sort: (row) => context.names.tenantName(row.properties.tenantId) },
    { key: "payer", label: t("registration.payer"), draw: (row) => identifier(row.name), sort: (row) => row.name },
    { key: "state", label: t("registration.state"), draw: (row) => state(row.properties), sort: (row) => row.properties.state },
    time("effectiveFrom"),
    time("effectiveTo"),
    ...(superseded ? [{ key: "recordedAt", label: t("registration.recordedAt"), draw: (row) => h("span", { title: formatMoment(row.properties.recordedAt) }, formatHour(row.properties.recordedAt)), sort: (row) => row.properties.recordedAt, narrow: false }] : []),
    { key: "actions", label: t("registration.actions"), draw: (row) => actions(row, context, may) },
  ], shown, {
    sortedBy: "tenant",
    none: empty(t("registration.noMappings"), t("registration.noMappingsText"), history.length > 0 ? h("a", { class: "button", href: here({ superseded: true }) }, t("registration.superseded")) : null),
  });
}

function state({ state, supersededAt }) {
  const kinds = { inForce: "good", scheduled: "warn" };
  return badge(t(`mapping.state.${state}`), kinds[state] ?? "plain", supersededAt && t("registration.supersededAt", { time: formatMoment(supersededAt) }));
}

function actions(row, context, may) {
  const { state, tenantId } = row.properties;
  const name = context.names.tenantName(tenantId);
  const alive = state === "inForce" || state === "scheduled";
  return h("div", { class: "actions" },
    linkButton(t("registration.events"), link("delivery", { payer: row.name, tenant: tenantId }), { kind: "small" }),
    alive && [
      may && button(t("registration.change"), () => setPayer(context, { tenantId, payer: row.name }), { kind: "small", label: t("registration.changeOf", { tenant: name }) }),
      // Also where none may be made any more.
      manages() && button(t("registration.end"), () => endMapping(context, row), { kind: "small", label: t("registration.endOf", { tenant: name, payer: row.name }) }),
    ]);
}
