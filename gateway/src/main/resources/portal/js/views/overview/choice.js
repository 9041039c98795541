// Which meters the overview shows: quantities of different units are never on one axis, and those of different meters never added.
import { h } from "../../dom.js";
import { formatCount } from "../../format.js";
import { change } from "../../router.js";
import { t } from "../../texts.js";

const byTotal = (a, b) => Math.abs(Number(b.total)) - Math.abs(Number(a.total));

/**
 * What the address bar chooses of the meters that have usage: `{unit, shown, lead, single, units}`: `shown` the meters of one unit, or the
 * one that is chosen; `lead` the first of them, which figures and breakdowns are about.
 *
 * @param groups of a summary by meter
 */
export function choose(groups, query) {
  const units = new Map();
  groups.forEach((group) => units.set(group.unit, [...(units.get(group.unit) ?? []), group].sort(byTotal)));
  const single = groups.find((group) => group.meterId === query.get("meter"));
  const busiest = groups.reduce((most, group) => (group.records > most.records ? group : most));
  const unit = single?.unit ?? (units.has(query.get("unit")) ? query.get("unit") : busiest.unit);
  const shown = single ? [single] : units.get(unit);
  return { unit, shown, lead: shown[0], single: Boolean(single), units };
}

/** The field that changes the choice. */
export function choiceField(choice) {
  const select = h("select", { "aria-label": t("overview.shown"), data: { focus: "overview.shown" } },
    [...choice.units].map(([unit, meters]) => h("optgroup", { label: unit },
      meters.length > 1 && h("option", { value: `unit:${unit}` }, t("overview.allOfUnit", { unit, n: formatCount(meters.length) })),
      meters.map((meter) => h("option", { value: meter.meterId }, meter.meterName)))));
  select.value = choice.single || choice.shown.length === 1 ? choice.lead.meterId : `unit:${choice.unit}`;
  select.addEventListener("change", () => {
    const unit = select.value.startsWith("unit:") ? select.value.slice(5) : null;
    change(unit ? { unit, meter: null } : { meter: select.value, unit: null });
  });
  return select;
}
