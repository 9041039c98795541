// One source: what it reported hour by hour, and its gaps in words.
import { h, hidden } from "../../dom.js";
import { formatClock, formatCount, formatDay, formatHour } from "../../format.js";
import { DAY, HOUR, ON_ITS_WAY_HOURS, floorDay, floorHour, wireTime } from "../../hours.js";
import { link } from "../../router.js";
import { t } from "../../texts.js";
import { heatStrip } from "../../ui/heatstrip.js";
import { badge, button, facts } from "../../ui/page.js";
import { table } from "../../ui/table.js";

const GAPS_SHOWN = 4;

/**
 * What a source's gaps mean: `{gaps, silent, missing, expected}`. Hours at the very end whose usage may still be on its way are none of them;
 * `expected` is until when usage is expected.
 */
export function status(source, { to, sealedThrough }) {
  // An hour that was sealed ahead of time is missing only once it is over.
  const known = Math.min(Date.parse(sealedThrough ?? to), floorHour(Date.now()));
  const end = Math.min(Date.parse(to), known);
  const last = source.gaps.at(-1);
  const atEnd = last && Date.parse(last.to) >= end && Date.parse(to) >= known;
  const onItsWay = atEnd && last.hours <= ON_ITS_WAY_HOURS;
  const gaps = onItsWay ? source.gaps.slice(0, -1) : source.gaps;
  return { gaps, silent: Boolean(atEnd && !onItsWay), missing: gaps.reduce((sum, gap) => sum + gap.hours, 0), expected: onItsWay ? Date.parse(last.from) : end };
}

/** Its card. `range` is the answer's `from`, `to`. */
export function sourceCard(source, range, signal) {
  const [from, to] = [Date.parse(range.from), Date.parse(range.to)];
  const state = stateOf(source);
  const shown = h("div", { class: "part" });
  const label = t("sources.stripLabel", { source: source.source, records: formatCount(source.records), n: source.status.missing });
  const strip = () => heatStrip(signal, { from, to, state, label });
  shown.append(strip());
  const toggle = button(t("sources.asTable"), () => {
    const pressed = toggle.getAttribute("aria-pressed") !== "true";
    toggle.setAttribute("aria-pressed", String(pressed));
    shown.replaceChildren(pressed ? h("div", { class: "hour-table" }, hourTable(source, from, to, state)) : strip());
  }, { kind: "quiet", iconName: "table" });
  toggle.setAttribute("aria-pressed", "false");
  return h("section", { class: "card" },
    h("div", { class: "card-head" },
      h("div", { class: "source-name" }, h("h2", { class: "mono" }, source.source), verdict(source)),
      toggle),
    shown,
    h("div", { class: "source-facts" },
      facts([t("sources.first"), formatHour(source.firstHour)]), facts([t("sources.last"), formatHour(source.lastHour)]), facts([t("sources.recordsHere"), formatCount(source.records)])),
    gapList(source));
}

function stateOf(source) {
  const records = new Map(source.hours.map((hour) => [Date.parse(hour.time), hour.records]));
  const first = Date.parse(source.firstHour);
  return (hour) => records.get(hour) ?? (hour < first ? "before" : hour >= source.status.expected ? "open" : "gap");
}

function verdict({ lastHour, status: { silent, missing, gaps } }) {
  if (silent) {
    // The gap begins where one looks from; the silence began with the hour after the last usage.
    const since = Math.min(Date.parse(gaps.at(-1).from), Date.parse(lastHour) + HOUR);
    return badge(t("sources.silentSince", { time: formatHour(since) }), "bad");
  }
  return missing > 0 ? badge(t("sources.hoursMissing", { n: missing }), "warn") : badge(t("sources.complete"), "good");
}

// The latest first: what is going on now matters most.
function gapList({ source, status: { gaps } }) {
  const items = [...gaps].reverse().map((gap) => h("li", {}, h("a", { href: link("sources", around(gap, source)) }, gapText(gap))));
  return items.length === 0 ? null : h("div", { class: "gaps links" },
    h("ul", {}, items.slice(0, GAPS_SHOWN)),
    items.length > GAPS_SHOWN && h("details", {}, h("summary", {}, t("sources.moreGaps", { n: items.length - GAPS_SHOWN })), h("ul", {}, items.slice(GAPS_SHOWN))));
}

function gapText({ from, to, hours }) {
  const sameDay = floorDay(from) === floorDay(Date.parse(to) - 1);
  const until = sameDay ? formatClock(to) : formatHour(to);
  return t("sources.gap", { n: hours, time: sameDay ? `${formatHour(from)}–${until}` : `${formatHour(from)} – ${until}` });
}

// A day before and after, but not more than the API shows at once.
function around(gap, source) {
  const to = Math.min(Date.parse(gap.to) + DAY, Date.parse(gap.from) + 30 * DAY);
  return { from: wireTime(Math.max(Date.parse(gap.from) - DAY, to - 31 * DAY)), to: wireTime(to), source };
}

function hourTable(source, from, to, state) {
  const days = [];
  for (let day = floorDay(from); day < to; day += DAY) {
    days.push(day);
  }
  const cell = (hour) => {
    const found = hour < from || hour >= to ? "before" : state(hour);
    return typeof found === "number" ? formatCount(found) : found === "gap" ? h("strong", { class: "hour-gap" }, "0", hidden(t("sources.gapWord"))) : found === "open" ? "…" : "";
  };
  return table(t("sources.tableCaption", { source: source.source }), [
    { key: "day", label: t("sources.day"), draw: (day) => h("span", { class: "nowrap" }, formatDay(day)) },
    ...Array.from({ length: 24 }, (_, hour) => ({ key: `h${hour}`, label: String(hour).padStart(2, "0"), numeric: true, draw: (day) => cell(day + hour * HOUR) })),
  ], days);
}
