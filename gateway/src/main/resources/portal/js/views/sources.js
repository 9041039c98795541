// Sources: who reports usage, hour by hour, and where hours are missing.
import { getAll, get } from "../api.js";
import { h } from "../dom.js";
import { formatCount } from "../format.js";
import { DAY, HOUR, floorHour, hoursBetween, wireTime } from "../hours.js";
import { change, here, link } from "../router.js";
import { t } from "../texts.js";
import { figure, figures, heading } from "../ui/page.js";
import { empty, part } from "../ui/states.js";
import { sourceCard, status } from "./sources/card.js";

const DAYS = [7, 14, 31];
const MOST_SOURCES = 1000;

/** The view: `days` back from now, or whole hours `from` and `to`; `gaps` shows only sources with hours missing; `source` only one. */
export default function sources({ query, signal, title }) {
  const range = rangeOf(query);
  return [
    heading(title, t("sources.text"), range.days ? daysChoice(range.days) : h("a", { class: "button", href: link("sources") }, t("sources.lastDays", { n: DAYS[0] }))),
    part(signal, () => load(range, signal), (found) => draw(found, query, signal), { lines: 8 }),
  ];
}

function rangeOf(query) {
  if (query.get("from") && query.get("to")) {
    return { from: query.get("from"), to: query.get("to") };
  }
  const days = DAYS.find((each) => String(each) === query.get("days")) ?? DAYS[0];
  const to = floorHour(Date.now());
  return { days, from: wireTime(to - days * DAY), to: wireTime(to) };
}

function daysChoice(chosen) {
  return h("div", { class: "segments", role: "group", "aria-label": t("sources.range") }, DAYS.map((days) =>
    h("button", { class: "button", type: "button", "aria-pressed": String(days === chosen), on: { click: () => change({ days }) } }, t("sources.lastDays", { n: days }))));
}

async function load({ from, to }, signal) {
  const first = await get("/usage/sources", { from, to }, { signal });
  const rest = first.nextLink ? await getAll("/usage/sources", { from, to, after: first.value.at(-1).source }, { signal, limit: MOST_SOURCES }) : { rows: [], more: false };
  return { ...first, value: [...first.value, ...rest.rows], more: rest.more };
}

function draw(found, query, signal) {
  const all = found.value.map((source) => ({ ...source, status: status(source, found) }));
  if (all.length === 0) {
    return empty(t("sources.none"), t("sources.noneText"));
  }
  const onlyGaps = query.has("gaps");
  const named = query.get("source");
  const shown = all
    .filter((source) => (!onlyGaps || source.status.missing > 0) && (!named || source.source === named))
    .sort((a, b) => b.status.silent - a.status.silent || b.status.missing - a.status.missing || a.source.localeCompare(b.source));
  return [
    summary(named ? shown : all, found),
    h("div", { class: "heading" },
      h("div", { class: "heat-legend" }, legend("some", t("sources.legendSome")), legend("none", t("sources.legendGap")), legend("idle", t("sources.legendIdle"))),
      h("div", { class: "actions" },
        named && h("a", { class: "button", href: here({ source: null }) }, t("sources.all")),
        h("button", { class: "button", type: "button", "aria-pressed": String(onlyGaps), on: { click: () => change({ gaps: onlyGaps ? null : "1" }) } }, t("sources.onlyGaps")))),
    found.more && h("p", { class: "notice warn" }, t("sources.more", { n: formatCount(all.length) })),
    shown.length === 0 ? empty(t("sources.noGaps"), t("sources.noGapsText")) : shown.map((source) => sourceCard(source, found, signal)),
  ].flat().filter(Boolean);
}

function summary(all, found) {
  const silent = all.filter((source) => source.status.silent).length;
  const missing = all.reduce((sum, source) => sum + source.status.missing, 0);
  const withGaps = all.filter((source) => source.status.missing > 0).length;
  const hours = hoursBetween(found.from, Math.min(Date.parse(found.to), Date.parse(found.sealedThrough ?? found.to))).length;
  return figures(
    figure(t("sources.count"), formatCount(all.length), { note: t("sources.countNote", { n: Math.round((hours * HOUR) / DAY), hours: formatCount(hours) }) }),
    figure(t("sources.silent"), formatCount(silent), { kind: silent ? "bad" : "good", note: t("sources.silentNote"), href: silent ? here({ gaps: "1" }) : null }),
    figure(t("sources.missing"), formatCount(missing), { kind: missing ? "warn" : "good", note: t("sources.missingNote", { n: withGaps }), href: missing ? here({ gaps: "1" }) : null }),
    figure(t("sources.records"), formatCount(all.reduce((sum, source) => sum + source.records, 0)), { note: t("sources.recordsNote") }));
}

const legend = (kind, text) => h("span", {}, h("span", { class: `heat-sample ${kind}`, "aria-hidden": "true" }), text);
