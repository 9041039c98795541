// Usage over time: bars or lines, what is not sealed yet in a lighter shade, a part of the time by dragging over it.
import { h } from "../../dom.js";
import { formatCompact, formatExact, formatHour, formatMonth, formatQuantity, formatShortDay, formatTime, sum } from "../../format.js";
import { DAY, floorHour, wireTime } from "../../hours.js";
import { change, here } from "../../router.js";
import { t } from "../../texts.js";
import { chart, lighter } from "../../ui/chart.js";
import { card } from "../../ui/page.js";
import { bucketEnd, buckets, formatPeriod, previousPeriod } from "../../ui/period.js";
import { part } from "../../ui/states.js";
import { table } from "../../ui/table.js";
import { summary } from "../../usage.js";
import { choiceField } from "./choice.js";

// Of the API; what could be more is asked for meter by meter.
const MAX_POINTS = 20_000;
const REPORTED_WITHIN = 2 * DAY;

/** The card with the chart. */
export function timeCard(view, found, choice) {
  const content = part(view.signal, () => points(view, found, choice), (series) => draw(view, choice, series), { lines: 8 });
  return card(t("overview.time"), content, { wide: true, text: t("overview.timeText"), actions: [choiceField(choice), shape(view.query)] });
}

const shape = (query) => h("div", { class: "segments", role: "group", "aria-label": t("overview.shape") },
  [["bars", null], ["lines", "lines"]].map(([name, value]) => {
    const on = (query.get("chart") === "lines") === (value === "lines");
    return h("a", { class: on ? "button chosen" : "button", href: here({ chart: value }), "aria-current": on ? "true" : null, data: { focus: `chart.${name}` } }, t(`overview.${name}`));
  }));

async function points({ period, filters, signal }, found, { shown, single }) {
  const parameters = { ...filters, from: period.from, to: period.to, granularity: period.granularity, groupBy: "meter", open: true };
  const all = buckets(period, period.granularity).length * found.groups.length;
  const ask = (more) => summary({ ...parameters, ...more }, { signal });
  const alone = shown.length === 1;
  // What the view has asked for already, unless there are so many meters that some are one sum.
  const there = found.byTime && shown.every(({ meterId }) => found.groups.some((group) => group.meterId === meterId && !group.other));
  const [before, ...answers] = await Promise.all([
    alone ? ask({ ...previously(period), meter: shown[0].meterId, open: false }) : { groups: [] },
    ...(there ? [found] : single || alone || all > MAX_POINTS ? shown.map(({ meterId }) => ask({ meter: meterId })) : [ask({})]),
  ]);
  const groups = answers.flatMap((answer) => answer.groups);
  return {
    series: shown.map(({ meterId, meterName }) => ({ name: meterName, meterId, points: groups.find((group) => group.meterId === meterId)?.points ?? [] })),
    before: before.groups[0]?.points ?? null,
    sealed: Date.parse(answers[0].sealedThrough ?? period.from),
  };
}

function previously(period) {
  const { from, to } = previousPeriod(period);
  return { from, to };
}

// The texts of points by their places on the axis.
function placed(points, times, member) {
  const place = new Map(times.map((time, index) => [time, index]));
  const texts = new Array(times.length).fill(null);
  points.forEach((point) => place.has(Date.parse(point.time)) && (texts[place.get(Date.parse(point.time))] = point[member] ?? null));
  return texts;
}

function draw(view, { unit }, { series, before, sealed }) {
  const { period, query, signal } = view;
  const times = buckets(period, period.granularity);
  const rows = series.map(({ name, meterId, points: given }) => ({ name, meterId, sealed: placed(given, times, "quantity"), open: placed(given, times, "open") }));
  const earlier = before && placed(before, buckets(previousPeriod(period), period.granularity), "quantity").slice(0, times.length);
  const lines = query.get("chart") === "lines";
  return chart(signal, {
    label: words(rows, times, period, unit),
    option: (look) => option({ rows, earlier, times, period, unit, lines, look }),
    table: () => asTable(rows, times, period, unit),
    height: "22rem",
    select: (from, to) => change({ period: null, from: wireTime(times[Math.min(from, to)]), to: wireTime(bucketEnd(times[Math.max(from, to)], period.granularity)) }),
    click: ({ x, y }) => {
      if (rows.some((row) => row.sealed[x] != null)) {
        location.hash = view.usage({ ...behind(times[x], period.granularity, sealed), meter: meterAt(rows, x, lines ? null : y) });
      }
    },
    actions: h("p", { class: "muted" }, t("overview.chartHint")),
  });
}

// The rows of a bar: those of its time that were reported then or in the two days after, as far as that is sealed.
function behind(time, granularity, sealed) {
  const end = bucketEnd(time, granularity);
  const to = Math.max(end, Math.min(end + REPORTED_WITHIN, floorHour(sealed)));
  return {
    period: null, from: wireTime(time), to: wireTime(to), usedFrom: wireTime(time), usedTo: wireTime(end),
    // The last hours of a day are reported on the next one: until that is sealed too, they are among the rows by the hour only.
    granularity: granularity === "hourly" || end + DAY > sealed ? "hourly" : "daily",
  };
}

// Of a stack the bar that was hit; else the only meter, or all of them.
function meterAt(rows, x, y) {
  let top = 0;
  const hit = y == null ? null : rows.find((row) => y <= (top += Number(row.sealed[x] ?? 0)));
  return (rows.length === 1 ? rows[0] : hit)?.meterId ?? null;
}

const height = (text) => (text == null ? null : Number(text));

function option({ rows, earlier, times, period, unit, lines, look }) {
  const label = period.granularity === "hourly" ? formatHour : period.granularity === "monthly" ? formatMonth : formatShortDay;
  const shade = (index) => look.series[index] ?? look.other;
  const anyOpen = rows.some((row) => row.open.some(Boolean));
  const base = lines ? { type: "line", showSymbol: times.length < 3, symbolSize: 6 } : { type: "bar", stack: "usage", barMaxWidth: 48, barCategoryGap: times.length > 200 ? "5%" : "25%" };
  const sealed = rows.map((row, index) => ({
    ...base, name: row.name, color: shade(index), lineStyle: { width: 2 },
    data: row.sealed.map((text, at) => (lines && text != null && Number(text) === 0 && row.open[at] ? null : height(text))),
  }));
  const open = !anyOpen ? [] : rows.map((row, index) => ({
    ...base, name: t("overview.open"), color: lighter(shade(index), 0.42), lineStyle: { width: 2, type: "dashed", color: shade(index), opacity: 0.7 },
    data: lines ? openLine(row) : row.open.map(height),
  }));
  // Of one meter only: several and what they were before are too much for one look.
  const past = !earlier ? [] : [{ type: "line", name: t("overview.previous"), color: look.muted, lineStyle: { width: 1.5, type: [3, 3] }, showSymbol: false, z: 1, data: earlier.map(height) }];
  const legend = rows.length > 1 || anyOpen || past.length > 0;
  return {
    grid: { top: legend ? 64 : 36, right: period.granularity === "hourly" ? 40 : 12 },
    // The shade of "not sealed yet" in the legend is that of the first meter.
    legend: { show: legend, data: [...new Set([...sealed, ...open, ...past].map((each) => each.name))] },
    tooltip: { trigger: "axis", axisPointer: { type: lines ? "line" : "shadow" }, formatter: (list) => tip(list, rows, earlier, times, period, unit) },
    xAxis: { type: "category", data: times.map(label), boundaryGap: !lines, axisLabel: { alignMinLabel: times.length > 60 ? "left" : null } },
    yAxis: { type: "value", name: unit, nameLocation: "end", nameTextStyle: { align: "left" }, axisLabel: { formatter: formatCompact } },
    series: [...sealed, ...open, ...past],
  };
}

// It begins where the sealed line ends, so that the line is not broken.
function openLine({ sealed, open }) {
  const first = open.findIndex(Boolean);
  return open.map((text, index) => (text != null ? Number(sum([sealed[index] ?? "0", text])) : first > 0 && index === first - 1 ? height(sealed[index]) : null));
}

function tip(list, rows, earlier, times, period, unit) {
  const at = list[0].dataIndex;
  const markers = new Map(list.map((each) => [each.seriesName === t("overview.previous") ? "past" : each.seriesIndex % rows.length, each.marker]).reverse());
  const lines = rows.map((row, index) => {
    const [sealed, open] = [row.sealed[at], row.open[at]];
    if (sealed == null && open == null) {
      return null;
    }
    const value = `${markers.get(index) ?? ""} ${row.name}   ${formatExact(sealed ?? "0")} ${unit}`;
    return open ? `${value}   ${t("overview.plusOpen", { open: formatExact(open) })}` : value;
  });
  earlier?.[at] != null && lines.push(`${markers.get("past") ?? ""} ${t("overview.previous")}   ${formatExact(earlier[at])} ${unit}`);
  const time = formatTime(times[at], period.granularity);
  return [period.granularity === "hourly" ? `${time} UTC` : time, ...lines.filter(Boolean)].join("\n");
}

function words(rows, times, period, unit) {
  const each = rows.slice(0, 3).map((row) => {
    const most = row.sealed.reduce((best, text, index) => (text != null && (best < 0 || Number(text) > Number(row.sealed[best])) ? index : best), -1);
    const total = formatQuantity(sum(row.sealed.filter((text) => text != null)));
    return most < 0 ? t("overview.wordsNone", { meter: row.name })
      : t("overview.words", { meter: row.name, total, unit, most: formatQuantity(row.sealed[most]), when: formatTime(times[most], period.granularity) });
  });
  return t("overview.wordsAll", { period: formatPeriod(period), parts: each.join(" ") });
}

function asTable(rows, times, period, unit) {
  const lines = times.flatMap((time, at) => rows.filter((row) => row.sealed[at] != null || row.open[at] != null)
    .map((row) => ({ time, name: row.name, sealed: row.sealed[at] ?? "0", open: row.open[at] })));
  return table(t("overview.time"), [
    { key: "time", label: t("overview.when"), sort: (row) => row.time, draw: (row) => formatTime(row.time, period.granularity) },
    { key: "name", label: t("filter.meter"), sort: (row) => row.name },
    { key: "sealed", label: t("overview.quantityIn", { unit }), numeric: true, sort: (row) => Number(row.sealed), draw: (row) => formatExact(row.sealed) },
    { key: "open", label: t("overview.open"), numeric: true, draw: (row) => (row.open ? formatExact(row.open) : "–") },
  ], lines);
}
