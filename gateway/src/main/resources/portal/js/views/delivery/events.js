// The list of events: filters, pages, a selection and what can be done with it.
import { get } from "../../api.js";
import { h, uniqueId } from "../../dom.js";
import { formatCount, formatHour, formatMoment, formatRelative } from "../../format.js";
import { change, here, link } from "../../router.js";
import { manages } from "../../session.js";
import { t } from "../../texts.js";
import { named, quantity } from "../../ui/amount.js";
import { UUID } from "../../ui/form.js";
import { badge, button, identifier } from "../../ui/page.js";
import { empty } from "../../ui/states.js";
import { table } from "../../ui/table.js";
import { requeue, waive } from "./decide.js";
import { meaning, outcomeBadge, REASONS, stateBadge, STATES } from "./words.js";

/** What the address bar may say of events. */
export const FILTERS = ["state", "reason", "payer", "tenant", "endpoint", "submission", "from", "to", "after"];

const SHOWN_AT_ONCE = 100;

/** A page of events as the address bar filters them. */
export const loadEvents = (query, signal) =>
  get("/deliveries", Object.fromEntries(FILTERS.map((name) => [name, query.get(name)])), { signal });

/** The filters; a change of one draws the view anew. */
export function eventFilters(query, names, endpoints) {
  const tenants = names.tenants.map((tenant) => [tenant.id, tenant.name]);
  const known = (choices, value) => (value && !choices.some(([each]) => each === value) ? [[value, value], ...choices] : choices);
  return h("div", { class: "filters", role: "group", "aria-label": t("delivery.filters") },
    choice("state", STATES.map((state) => [state, t(`event.state.${state}`)])),
    choice("reason", known(REASONS.map((reason) => [reason, reason]), query.get("reason"))),
    choice("tenant", known(tenants, query.get("tenant"))),
    choice("endpoint", known(endpoints.map((name) => [name, name]), query.get("endpoint"))),
    input("payer", { size: 36, pattern: UUID.source, title: t("delivery.uuid"), placeholder: t("delivery.payerHint") }),
    query.get("submission") && input("submission", { size: 36, pattern: UUID.source, title: t("delivery.uuid") }),
    input("from", { type: "date" }),
    input("to", { type: "date" }),
    FILTERS.some((name) => query.get(name)) && h("a", { class: "button quiet", href: link("delivery", { show: "events" }) }, t("delivery.clear")));

  function choice(name, options) {
    const field = h("select", { id: uniqueId("filter"), data: { focus: `delivery.${name}` } }, h("option", { value: "" }, t("delivery.any")), options.map(([value, text]) => h("option", { value }, text)));
    field.value = query.get(name) ?? "";
    return labelled(name, field);
  }

  function input(name, attributes) {
    const value = (query.get(name) ?? "").slice(0, attributes.type === "date" ? 10 : undefined);
    return labelled(name, h("input", { id: uniqueId("filter"), autocomplete: "off", spellcheck: "false", ...attributes, value, data: { focus: `delivery.${name}` } }));
  }

  function labelled(name, field) {
    field.addEventListener("change", () => (field.reportValidity?.() ?? true) && change({ [name]: field.value.trim() || null, after: null, show: "events" }));
    return h("div", { class: "field" }, h("label", { for: field.id }, t(`delivery.by.${name}`)), field);
  }
}

/** The events of a page; `names` is the directory. `refresh` after a change. */
export function drawEvents(page, query, names, refresh) {
  if (page.value.length === 0) {
    return empty(t("delivery.none"), t("delivery.noneText"), query.get("after") && h("a", { class: "button", href: here({ after: null }) }, t("delivery.firstPage")));
  }
  const selected = new Set();
  const list = h("div", { class: "part dense" });
  const bar = h("div", { class: "selection" });
  let shown = SHOWN_AT_ONCE;

  function drawBar() {
    const events = page.value.filter((event) => selected.has(event.key));
    bar.replaceChildren(
      h("span", { role: "status" }, t("delivery.selected", { n: events.length })),
      button(t("delivery.selectShown", { n: Math.min(shown, page.value.length) }), () => select(page.value.slice(0, shown)), { kind: "small" }),
      button(t("delivery.selectNone"), () => select([]), { kind: "small", disabled: events.length === 0 }),
      button(t("decide.requeue"), () => requeue(events, refresh), { kind: "small", disabled: events.length === 0 }),
      button(t("decide.waive"), () => waive(events, refresh), { kind: "small", disabled: events.length === 0 }));
  }

  function select(events) {
    selected.clear();
    events.forEach((event) => selected.add(event.key));
    list.querySelectorAll("input[type=checkbox]").forEach((box) => (box.checked = selected.has(box.value)));
    drawBar();
  }

  function drawList() {
    list.replaceChildren(table(t("delivery.events"), columns(selected, names, drawBar, page.value.some((event) => event.ledger)), page.value.slice(0, shown)));
    const more = page.value.length > shown;
    list.append(h("div", { class: "pager" },
      h("span", { class: "muted" }, t(page.nextLink ? "delivery.shownMore" : "delivery.shown", { shown: formatCount(Math.min(shown, page.value.length)), of: formatCount(page.value.length) })),
      more && button(t("delivery.more"), () => (shown += SHOWN_AT_ONCE, drawList(), manages() && drawBar())),
      query.get("after") && h("a", { class: "button", href: here({ after: null }) }, t("delivery.firstPage")),
      !more && page.nextLink && h("a", { class: "button", href: here({ after: new URL(page.nextLink, location.href).searchParams.get("after") }) }, t("delivery.nextPage"))));
  }

  drawList();
  if (manages()) {
    drawBar();
  }
  return [manages() && bar, list].filter(Boolean);
}

// attempts: whether the list is that of a submission, which says what became of each event in it.
function columns(selected, names, onSelect, attempts) {
  const key = (event) => h("a", { class: "mono", href: link("event", { key: event.key }), title: event.key }, `${event.key.slice(0, 8)}…`);
  const box = (event) => h("input", {
    type: "checkbox", value: event.key, checked: selected.has(event.key), "aria-label": t("delivery.select", { key: event.key }),
    on: { change: ({ target }) => (target.checked ? selected.add(event.key) : selected.delete(event.key), onSelect()) },
  });
  return [
    { key: "key", label: t("delivery.event"), draw: (event) => h("div", { class: "check" }, manages() && box(event), key(event)) },
    { key: "state", label: t("delivery.state"), draw: (event) => [stateBadge(event.state), event.inFlight && badge(t("event.inFlight"))], sort: (event) => event.state },
    { key: "reason", label: t("delivery.reasonColumn"), draw: (event) => (event.reason ? h("span", { title: meaning(event.reason) }, outcomeBadge(event.reason)) : "–"), sort: (event) => event.reason },
    ...(attempts ? [{ key: "outcome", label: t("delivery.outcome"), draw: (event) => event.ledger.map((entry) => outcomeBadge(entry.outcome)) }] : []),
    { key: "payer", label: t("delivery.payer"), draw: (event) => identifier(event.payerSubscriptionId), sort: (event) => event.payerSubscriptionId },
    { key: "dimension", label: t("delivery.dimension"), draw: (event) => (event.dimension ? named(names.dimensionName(event.dimension), event.dimension) : t("event.several")), sort: (event) => event.dimension },
    { key: "effectiveTime", label: t("delivery.effectiveTime"), draw: (event) => formatHour(event.effectiveTime), sort: (event) => event.effectiveTime },
    { key: "quantity", label: t("delivery.quantity"), numeric: true, draw: (event) => quantity(event.quantity), sort: (event) => Number(event.quantity) },
    { key: "records", label: t("delivery.records"), numeric: true, draw: (event) => formatCount(event.recordCount), sort: (event) => event.recordCount },
    { key: "attempts", label: t("delivery.attempts"), numeric: true, draw: (event) => formatCount(event.attempts), sort: (event) => event.attempts },
    { key: "next", label: t("delivery.next"), narrow: false, draw: next, sort: (event) => event.nextAttemptAt ?? event.settledAt },
  ];
}

const next = (event) => (event.nextAttemptAt ? h("span", { title: formatMoment(event.nextAttemptAt) }, formatRelative(event.nextAttemptAt)) : event.settledAt ? formatHour(event.settledAt) : "–");
