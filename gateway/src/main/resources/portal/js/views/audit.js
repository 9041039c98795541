// The audit: who changed what, when, with which words; the latest first.
import { get, ownAddress } from "../api.js";
import { directory } from "../directory.js";
import { h, uniqueId } from "../dom.js";
import { formatMoment, formatRelative } from "../format.js";
import { DAY, floorDay, wireDay, wireTime } from "../hours.js";
import { addressWhileShown, change, here } from "../router.js";
import { operates, session } from "../session.js";
import { t } from "../texts.js";
import { button, card, heading } from "../ui/page.js";
import { empty, part } from "../ui/states.js";
import { table } from "../ui/table.js";
import { ACTIONS, actionName } from "./audit/actions.js";
import { showEntry, tenantName } from "./audit/detail.js";
import { showHeads } from "./audit/heads.js";

// Of the 500 of the API's page no more are drawn at once than one reads.
const SHOWN = 50;
const FILTERS = ["action", "target", "subject", "tenantId", "from", "to"];

/** The view: the API's filters, `after` (an entry; those before it are shown), and `entry`, whose dialog is open. */
export default function audit({ query, signal, title }) {
  const filters = Object.fromEntries(FILTERS.map((name) => [name, query.get(name)]));
  return [
    heading(title, t(operates() ? "audit.text" : "audit.ownText"), operates() && button(t("audit.heads"), () => showHeads(signal))),
    filterBar(filters),
    part(signal, () => load({ ...filters, after: query.get("after") }, signal), (found) => draw(found, query), { lines: 8 }),
  ];
}

async function load(parameters, signal) {
  const [page, names] = await Promise.all([get("/audit", { ...parameters, order: "desc" }, { signal }), operates() ? directory() : null]);
  const rows = page.value.slice(0, SHOWN);
  const older = page.value.length > SHOWN ? idOf(rows.at(-1)) : page.nextLink && new URL(ownAddress(page.nextLink), location.href).searchParams.get("after");
  return { rows, older, names };
}

// Tenants are not told the places in the chain: their entries are known by the id of their request.
const idOf = (entry) => String(entry.auditId ?? entry.correlationId);

function draw({ rows, older, names }, query) {
  const open = (entry) => openEntry(entry, names);
  const asked = rows.find((entry) => idOf(entry) === query.get("entry"));
  if (asked) {
    // Once: what is drawn anew afterwards does not open it again.
    query.delete("entry");
    queueMicrotask(() => {
      history.replaceState(null, "", here({ entry: null }));
      open(asked);
    });
  }
  const columns = [
    { key: "time", label: t("audit.time"), draw: (entry) => [h("button", { class: "link-button nowrap", type: "button", title: formatRelative(entry.recordedAt), on: { click: () => open(entry) } }, formatMoment(entry.recordedAt)),
      entry.auditId && h("div", { class: "hint" }, t("audit.numbered", { number: entry.auditId }))].filter(Boolean) },
    { key: "action", label: t("audit.action"), draw: (entry) => [actionName(entry.action), h("div", { class: "hint mono" }, entry.action)] },
    { key: "target", label: t("audit.target"), draw: (entry) => h("span", { class: "audit-target", title: entry.target }, shortTarget(entry.target)) },
    { key: "who", label: t("audit.who"), draw: (entry) => who(entry, names) },
    rows.some((entry) => entry.reason) && { key: "reason", label: t("audit.reason"), draw: (entry) => entry.reason ?? "–" },
  ].filter(Boolean);
  return card(t("audit.entries"), [
    table(t("audit.caption"), columns, rows, { none: empty(t("audit.none"), t("audit.noneText")) }),
    (older || query.get("after")) && h("nav", { class: "pages", "aria-label": t("pager.label") },
      query.get("after") && h("a", { class: "button", href: here({ after: null }) }, t("audit.latest")),
      older && h("a", { class: "button", href: here({ after: older, entry: null }) }, t("audit.older"))),
  ].filter(Boolean));
}

// Resource ids are long, and end with what tells them apart.
const shortTarget = (target) => (target.startsWith("/") ? target.split("/").slice(-2).join("/") : target);

function who(entry, names) {
  const self = entry.subject === session().subject && entry.tenantId === session().tenantId;
  return [h("span", { class: "short-id", title: entry.subject }, self ? t("audit.you") : entry.subject), names && h("div", { class: "hint", title: entry.tenantId }, tenantName(entry.tenantId, names))];
}

// The address says the entry, and, where places are known, a page that begins with it: later it would be on another one.
function openEntry(entry, names) {
  const putBack = addressWhileShown({ entry: idOf(entry), ...(entry.auditId ? { after: entry.auditId + 1 } : {}) });
  showEntry(entry, names, putBack);
}

function filterBar(filters) {
  const any = FILTERS.some((name) => filters[name]);
  const actions = filters.action && !ACTIONS.includes(filters.action) ? [filters.action, ...ACTIONS] : ACTIONS;
  const labelled = (name, field) => {
    field.id = uniqueId("audit");
    field.dataset.focus = `audit.${name}`;
    return h("div", { class: "field" }, h("label", { for: field.id }, t(`audit.${name}`)), field);
  };
  const set = (name, value) => change({ [name]: value || null, after: null, entry: null });
  const text = (name, placeholder) => labelled(name, h("input", { type: "search", value: filters[name] ?? "", placeholder, autocomplete: "off", spellcheck: "false", on: { change: (event) => set(name, event.target.value.trim()) } }));
  // People mean the last day to be shown; the API takes the first moment that is not.
  const date = (name, shown, value) => labelled(name, h("input", { type: "date", value: shown, on: { change: (event) => set(name, event.target.value && wireTime(value(Date.parse(event.target.value)))) } }));
  const day = (time, offset) => (Number.isNaN(Date.parse(time)) ? null : wireDay(floorDay(Date.parse(time) + offset)));
  return h("div", { class: "filters", role: "group", "aria-label": t("filter.label") },
    labelled("action", h("select", { on: { change: (event) => set("action", event.target.value) } }, h("option", { value: "" }, t("audit.anyAction")),
      actions.map((action) => h("option", { value: action, selected: action === filters.action }, actionName(action))))),
    text("target"), text("subject"), operates() && text("tenantId"),
    date("from", day(filters.from, 0), (time) => time), date("to", day(filters.to, -1), (time) => time + DAY),
    any && button(t("filter.clear"), () => change(Object.fromEntries([...FILTERS, "after", "entry"].map((name) => [name, null]))), { kind: "quiet", iconName: "close" }));
}
