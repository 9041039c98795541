// Who paid for whom, and when, as bars over time: a lane per tenant. What no bar covers falls back to the base subscription.
import { h, hidden } from "../../dom.js";
import { formatDay, formatHour, formatShortDay } from "../../format.js";
import { DAY } from "../../hours.js";
import { t } from "../../texts.js";

const SERIES = 8;

/**
 * The lanes.
 *
 * @param tenants `{id, name, mappings, action?}`: mappings as the API's history has them, superseded ones too; action stands beside the name
 * @param superseded whether those that a later change replaced are drawn too
 */
export function timeline(tenants, { superseded }) {
  const span = spanOf(tenants.flatMap((tenant) => tenant.mappings.filter((each) => superseded || !each.properties.supersededAt)));
  const colours = new Map([...new Set(tenants.flatMap((tenant) => tenant.mappings.map((each) => each.name)))].map((payer, at) => [payer, (at % SERIES) + 1]));
  return h("div", { class: "timeline" },
    h("div", { class: "timeline-axis", "aria-hidden": "true" }, h("div", { class: "timeline-name" }), h("div", { class: "timeline-track" }, ticks(span))),
    h("ul", { class: "timeline-lanes", "aria-label": t("timeline.label") }, tenants.map((tenant) => lane(tenant, span, colours, superseded))),
    legend());
}

function lane(tenant, span, colours, superseded) {
  const standing = tenant.mappings.filter((each) => !each.properties.supersededAt);
  const replaced = superseded ? tenant.mappings.filter((each) => each.properties.supersededAt) : [];
  return h("li", { class: "timeline-lane" },
    h("div", { class: "timeline-name" }, h("span", { title: tenant.id }, tenant.name), tenant.action),
    h("div", { class: "timeline-track" },
      h("ul", { class: "timeline-bars fallback" }, standing.length === 0 && h("li", { class: "timeline-nobody" }, t("timeline.nobody")), standing.map((each) => bar(each, span, colours))),
      replaced.length > 0 && replaced.map((each) => h("ul", { class: "timeline-bars thin" }, bar(each, span, colours))),
      now(span)));
}

function bar(mapping, span, colours) {
  const { effectiveFrom, effectiveTo, state, supersededAt } = mapping.properties;
  const from = Date.parse(effectiveFrom);
  const to = effectiveTo ? Date.parse(effectiveTo) : span.to;
  const words = t(supersededAt ? "timeline.superseded" : effectiveTo ? "timeline.closed" : "timeline.open", {
    payer: mapping.name, from: formatHour(effectiveFrom), to: effectiveTo && formatHour(effectiveTo), at: supersededAt && formatHour(supersededAt), state: t(`mapping.state.${state}`),
  });
  return h("li", {
    class: `timeline-bar ${state} ${effectiveTo ? "" : "open"}`,
    title: words,
    style: { left: part(from, span), width: `calc(${part(Math.max(to, from), span)} - ${part(from, span)})`, "--bar": `var(--series-${colours.get(mapping.name)})` },
  }, h("span", { "aria-hidden": "true" }, mapping.name.slice(-6)), hidden(words));
}

const part = (time, span) => `${((Math.min(Math.max(time, span.from), span.to) - span.from) / (span.to - span.from)) * 100}%`;

const now = (span) => h("div", { class: "timeline-now", style: { left: part(Date.now(), span) } });

// Until now and some way beyond, and as far as something is scheduled.
function spanOf(mappings) {
  const times = mappings.flatMap(({ properties }) => [properties.effectiveFrom, properties.effectiveTo].filter(Boolean).map(Date.parse));
  const from = Math.min(Date.now() - 7 * DAY, ...times);
  const beyond = (Date.now() - from) * 0.12;
  return { from, to: Math.max(Date.now() + beyond, ...times.map((time) => time + beyond)) };
}

function ticks(span) {
  const days = (span.to - span.from) / DAY;
  const step = [1, 2, 7, 14, 30, 91, 182, 365].find((each) => days / each <= 7) ?? 730;
  const first = Math.ceil(span.from / DAY) * DAY;
  const times = [];
  for (let time = first; time < span.to - (step * DAY) / 3; time += step * DAY) {
    times.push(time);
  }
  const format = days > 300 ? formatDay : formatShortDay;
  return times.map((time) => h("span", { class: "timeline-tick", style: { left: part(time, span) } }, format(time)));
}

function legend() {
  const entry = (kind, text) => h("li", {}, h("span", { class: `timeline-key ${kind}`, "aria-hidden": "true" }), text);
  return h("ul", { class: "timeline-legend" },
    entry("inForce", t("timeline.keyInForce")), entry("scheduled", t("timeline.keyScheduled")), entry("fallback", t("timeline.keyFallback")), entry("superseded", t("timeline.keySuperseded")), entry("now", t("timeline.keyNow")));
}
