// The period and granularity of a view: presets and free choice, in the address bar, all in UTC.
import { h } from "../dom.js";
import { formatDay, formatHour, formatMonth } from "../format.js";
import { DAY, HOUR, floorDay, floorHour, isDays, wireDay, wireTime } from "../hours.js";
import { change, here } from "../router.js";
import { t } from "../texts.js";
import { icon } from "./icons.js";
import { button } from "./page.js";

const LONGEST = { hourly: 31 * DAY, daily: 800 * DAY, monthly: Infinity };
const PRESETS = ["today", "7d", "30d", "90d", "month", "lastMonth"];

const monthStart = (time, months = 0) => Date.UTC(new Date(time).getUTCFullYear(), new Date(time).getUTCMonth() + months, 1);

function preset(name, now) {
  const tomorrow = floorDay(now) + DAY;
  switch (name) {
    case "today": return [floorDay(now), tomorrow];
    case "7d": return [tomorrow - 7 * DAY, tomorrow];
    case "90d": return [tomorrow - 90 * DAY, tomorrow];
    case "month": return [monthStart(now), monthStart(now, 1)];
    case "lastMonth": return [monthStart(now, -1), monthStart(now)];
    default: return [tomorrow - 30 * DAY, tomorrow];
  }
}

// What is too long for hours is shown in whole days.
const whole = ([start, end]) => (end - start <= LONGEST.hourly ? [start, end] : [floorDay(start), floorDay(end + DAY - 1)]);

/**
 * The period that the address bar says: `{from, to, start, end, preset, granularity, granularities}`: `from` and `to` as the API takes them
 * (half-open), `start` and `end` the same in milliseconds, `preset` null for a free choice, `granularities` those that fit its length.
 *
 * @param query the view's parameters: `period` (a preset) or `from` and `to`; `granularity`
 * @param options `fallback`: the preset without any; `granularities`: those that the view can show
 */
export function readPeriod(query, { fallback = "30d", granularities = ["hourly", "daily", "monthly"], now = Date.now() } = {}) {
  const given = [query.get("from"), query.get("to")].map((text) => (text ? floorHour(text) : NaN));
  const free = given[0] < given[1];
  const name = free ? null : PRESETS.includes(query.get("period")) ? query.get("period") : fallback;
  const [start, end] = whole(free ? given : preset(name, now));
  const fitting = granularities.filter((each) => end - start <= LONGEST[each] && (each === "hourly" || isDays({ start, end })));
  const usual = end - start <= 3 * DAY ? "hourly" : end - start <= 190 * DAY ? "daily" : "monthly";
  const granularity = [query.get("granularity"), usual, "daily"].find((each) => fitting.includes(each)) ?? fitting[0];
  return { from: wireTime(start), to: wireTime(end), start, end, preset: name, granularity, granularities: fitting };
}

/** The period of the same length before this one; before whole months, as many months. */
export function previousPeriod({ start, end }) {
  const months = (new Date(end).getUTCFullYear() - new Date(start).getUTCFullYear()) * 12 + new Date(end).getUTCMonth() - new Date(start).getUTCMonth();
  const whole = monthStart(start) === start && monthStart(end) === end;
  const before = whole ? monthStart(start, -months) : start - (end - start);
  return { start: before, end: start, from: wireTime(before), to: wireTime(start) };
}

/** Where each hour, day or month of a period begins, in milliseconds; what is still to come is left out. */
export function buckets({ start, end }, granularity, now = Date.now()) {
  const begins = [];
  for (let time = granularity === "monthly" ? monthStart(start) : start; time < Math.min(end, now); time = bucketEnd(time, granularity)) {
    begins.push(time);
  }
  return begins;
}

/** Where the hour, day or month that begins at `time` ends. */
export const bucketEnd = (time, granularity) => (granularity === "monthly" ? monthStart(time, 1) : time + (granularity === "hourly" ? HOUR : DAY));

/** The parameters that lead another view to the same period. */
export const periodLink = (period) => (period.preset ? { period: period.preset } : { from: period.from, to: period.to });

/** A period in words: its days, inclusive; with hours where it does not begin or end at midnight. */
export function formatPeriod({ start, end }) {
  if (isDays({ start, end })) {
    if (monthStart(start) === start && end === monthStart(start, 1)) {
      return formatMonth(start);
    }
    return end - start === DAY ? formatDay(start) : t("period.range", { from: formatDay(start), to: formatDay(end - DAY) });
  }
  return t("period.range", { from: formatHour(start), to: formatHour(end) });
}

/** The bar that shows and changes the period; `granularity: false` without that choice. */
export function periodBar(period, { granularity = true } = {}) {
  const custom = customForm(period);
  const opener = button(period.preset ? t("period.custom") : formatPeriod(period), () => open(custom.hidden), { iconName: "down" });
  opener.setAttribute("aria-expanded", "false");
  opener.setAttribute("aria-controls", custom.id = "period-custom");
  opener.dataset.focus = "period.custom";
  if (!period.preset) {
    opener.classList.add("chosen");
  }
  function open(shown) {
    custom.hidden = !shown;
    opener.setAttribute("aria-expanded", String(shown));
    shown && custom.querySelector("input").focus();
  }
  custom.addEventListener("keydown", (event) => event.key === "Escape" && (open(false), opener.focus()));
  return h("div", { class: "period", role: "group", "aria-label": t("period.label") },
    h("nav", { class: "segments", "aria-label": t("period.presets") },
      PRESETS.map((name) => choice(t(`period.${name}`), name === period.preset, { period: name, from: null, to: null }, `period.${name}`))),
    h("div", { class: "period-free" }, opener, custom),
    granularity && period.granularities.length > 1 && h("nav", { class: "segments", "aria-label": t("period.granularity") },
      period.granularities.map((each) => choice(t(`period.${each}`), each === period.granularity, { granularity: each }, `granularity.${each}`))),
    h("span", { class: "muted period-words" }, icon("clock"), t("period.utc", { period: formatPeriod(period) })));
}

function choice(text, current, changes, focus) {
  return h("a", { class: current ? "button chosen" : "button", href: here(changes), "aria-current": current ? "true" : null, data: { focus } }, text);
}

// People mean the last day to be in the period; the API takes the first hour that is not.
function customForm({ start, end }) {
  const input = (label, value) => {
    const field = h("input", { type: "date", required: true, value: wireDay(value), min: "2000-01-01", max: "2100-01-01" });
    return [h("label", { class: "field" }, h("span", {}, label), field), field];
  };
  const [fromLabel, from] = input(t("period.from"), start);
  const [toLabel, to] = input(t("period.to"), end - 1);
  const wrong = h("p", { class: "field-error", role: "alert", hidden: true });
  return h("form", { class: "period-form", hidden: true, novalidate: true, on: { submit: onSubmit } },
    fromLabel, toLabel, wrong, h("button", { class: "button primary", type: "submit", data: { focus: "period.custom" } }, t("period.show")));

  function onSubmit(event) {
    event.preventDefault();
    const [first, last] = [from, to].map((field) => Date.parse(field.value));
    if (first <= last) {
      change({ period: null, from: wireTime(first), to: wireTime(last + DAY) });
    } else {
      wrong.textContent = t("period.wrong");
      wrong.hidden = false;
      from.focus();
    }
  }
}
