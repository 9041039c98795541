// Filters of usage: subscription, meter, resource, tag. What is chosen is in the address bar.
import { h, uniqueId } from "../dom.js";
import { formatHour } from "../format.js";
import { change, here } from "../router.js";
import { t } from "../texts.js";
import { UUID } from "./form.js";
import { icon } from "./icons.js";
import { button } from "./page.js";

const NAMES = ["subscription", "meter", "resource", "tag"];

/** The filters that the address bar says: `{subscription, meter, resource, tag}`, null where there is none. */
export const readFilters = (query) => Object.fromEntries(NAMES.map((name) => [name, query.get(name) || null]));

/**
 * The bar that shows and changes them.
 *
 * @param filters as `readFilters` gives them
 * @param subscriptions as `usage.js` gives them; without any there is no choice of them
 * @param meters those to choose from: `{meterId, name, unit}`
 * @param options `everyone`: the text of the choice of no subscription, null if one must be chosen; `tenants`: names of tenants by id, which
 *   groups the subscriptions; `ask`: to write one where none are known; `more`: fields at the end
 */
export function filterBar(filters, { subscriptions = [], meters = [], everyone = t("filter.all"), tenants, more, ask = false } = {}) {
  const any = NAMES.some((name) => filters[name] && (name !== "subscription" || everyone));
  return h("div", { class: "filters", role: "group", "aria-label": t("filter.label") },
    subscriptions.length > 1 && select("subscription", filters, everyone, subscriptionChoices(withUnknownSubscription(subscriptions, filters.subscription), tenants)),
    ask && text("subscription", filters, t("filter.subscriptionHint"), UUID),
    meters.length > 0 && select("meter", filters, t("filter.allMeters"), withUnknown(meters, filters.meter)),
    text("resource", filters, t("filter.resourceHint")),
    text("tag", filters, t("filter.tagHint"), /^[^=]+=.*$/),
    more,
    any && button(t("filter.clear"), () => change(Object.fromEntries(NAMES.map((name) => [name, null]))), { kind: "quiet", iconName: "close" }));
}

/** Filters that only links set, if they are set: shown, and to be taken away. */
export function filterChips(query, names) {
  const set = names.filter((name) => query.get(name));
  const words = (name, value) => t(`filter.chip.${name}`, { value });
  return set.length > 0 && h("p", { class: "chips" }, set.map((name) => {
    const value = query.get(name);
    return h("a", { class: "badge", href: here({ [name]: null }), title: value, "aria-label": t("filter.remove", { filter: words(name, name === "uri" ? value : shown(name, value)) }) },
      words(name, shown(name, value)), icon("close"));
  }));
}

function shown(name, value) {
  if (name === "uri") {
    return value.split("/").pop();
  }
  return name.startsWith("used") && !Number.isNaN(Date.parse(value)) ? formatHour(value) : value;
}

function subscriptionChoices(subscriptions, tenants) {
  const option = (one) => h("option", { value: one.id }, one.name === one.id ? one.id : `${one.name} · ${one.id.slice(0, 8)}…${one.id.slice(-4)}`);
  const groups = Map.groupBy ? Map.groupBy(subscriptions, (one) => one.tenant) : new Map([[null, subscriptions]]);
  if (!tenants || groups.size < 2) {
    return subscriptions.map(option);
  }
  return [...groups].map(([tenant, own]) => h("optgroup", { label: tenants.get(tenant) ?? t("filter.tenant", { id: tenant ?? "–" }) }, own.map(option)));
}

const withUnknownSubscription = (known, id) => (!id || known.some((one) => one.id === id) ? known : [{ id, name: id, tenant: null }, ...known]);

function withUnknown(meters, chosen) {
  const known = meters.some((meter) => meter.meterId === chosen) || !chosen ? meters : [{ meterId: chosen, name: chosen }, ...meters];
  return known.map((meter) => h("option", { value: meter.meterId }, meter.name));
}

function select(name, filters, none, choices) {
  const id = uniqueId("filter");
  const field = h("select", { id, data: { focus: `filter.${name}` } }, none != null && h("option", { value: "" }, none), choices);
  field.value = filters[name] ?? "";
  field.addEventListener("change", () => change({ [name]: field.value || null }));
  return h("div", { class: "field" }, h("label", { for: id }, t(`filter.${name}`)), field);
}

function text(name, filters, placeholder, pattern) {
  const id = uniqueId("filter");
  const wrong = h("span", { class: "field-error", id: uniqueId("error"), "aria-live": "polite" });
  const field = h("input", { id, type: "search", value: filters[name] ?? "", placeholder, autocomplete: "off", spellcheck: "false", maxlength: 2048,
    "aria-describedby": wrong.id, data: { focus: `filter.${name}` } });
  field.addEventListener("change", () => {
    const value = field.value.trim();
    const fits = !value || !pattern || pattern.test(value);
    wrong.textContent = fits ? "" : t(`filter.${name}Wrong`);
    field.setAttribute("aria-invalid", String(!fits));
    if (fits && value !== (filters[name] ?? "")) {
      change({ [name]: value || null });
    }
  });
  return h("div", { class: "field" }, h("label", { for: id }, t(`filter.${name}`)), field, wrong);
}
