// Key figures of the overview, and this period against the one before.
import { h } from "../../dom.js";
import { formatChange, formatCount, formatExact, formatHour, formatMoment, formatQuantity, formatRelative, sum } from "../../format.js";
import { DAY, completeUntil, floorDay, isDays, wireTime } from "../../hours.js";
import { link } from "../../router.js";
import { operates } from "../../session.js";
import { t } from "../../texts.js";
import { quantity } from "../../ui/amount.js";
import { badge, card, figure, figures } from "../../ui/page.js";
import { formatPeriod, previousPeriod, readPeriod } from "../../ui/period.js";
import { empty, part } from "../../ui/states.js";
import { table } from "../../ui/table.js";
import { totals } from "../../usage.js";

const NONE = new URLSearchParams();

const ofMeter = (summary, id) => summary.groups.find((group) => group.meterId === id);
const openOf = (group) => sum(group?.points.map((point) => point.open ?? "0") ?? []);

/** The figures at the top: how complete it is, the leading meter, today, and the change. */
export function keyFigures(view, found, { lead }) {
  const today = readPeriod(NONE, { fallback: "today" });
  const rows = view.usage({ meter: lead.meterId });
  const element = figures(
    figure(t("overview.complete"), found.sealedThrough ? formatHour(found.sealedThrough) : t("overview.never"), {
      note: found.sealedThrough && t("overview.completeNote", { ago: formatRelative(found.sealedThrough) }), href: operates() ? link("windows") : null }),
    view.collected && figure(t("overview.collected"), formatHour(view.collected), { note: t("overview.collectedNote"), title: formatMoment(view.collected) }),
    figure(lead.meterName, formatQuantity(lead.total), {
      note: t("overview.leadNote", { unit: lead.unit, n: formatCount(lead.records) }), title: `${formatExact(lead.total)} ${lead.unit}`, href: rows }));
  element.append(
    part(view.signal, () => totals(today, { ...view.filters, meter: lead.meterId, open: true }, { signal: view.signal }), (summary) => {
      const group = ofMeter(summary, lead.meterId);
      const open = openOf(group);
      const all = sum([group?.total ?? "0", open]);
      return figure(t("overview.today"), formatQuantity(all), {
        note: Number(open) === 0 ? t("overview.todaySealed", { meter: lead.meterName }) : t("overview.todayOpen", { meter: lead.meterName, open: formatQuantity(open) }),
        title: `${formatExact(all)} ${lead.unit}`, href: link("overview", { period: "today", ...view.filters, meter: lead.meterId }) });
    }, { lines: 2 }),
    part(view.signal, () => compared(view, found), ({ before, now, window }) => {
      const change = formatChange(ofMeter(now, lead.meterId)?.total ?? "0", ofMeter(before, lead.meterId)?.total ?? "0");
      if (!window.known) {
        return figure(t("overview.change"), "–", { note: t("overview.notComplete") });
      }
      return window.partial
        ? figure(t("overview.change"), "–", { note: t("overview.partial", { first: formatHour(found.firstHour) }) })
        : figure(t("overview.change"), change ?? t("overview.new"), { note: t("overview.changeNote", { meter: lead.meterName, period: formatPeriod(window.before) }) });
    }, { lines: 2 }));
  return element;
}

/** All meters of this period against the one before of the same length. */
export function comparison(view, found, { lead }) {
  const content = part(view.signal, () => compared(view, found), ({ before, now, window }) => {
    if (!window.known) {
      return empty(t("overview.notComplete"));
    }
    const ids = [...new Set([...now.groups, ...before.groups].map((group) => group.meterId))];
    const rows = ids.map((id) => {
      const [a, b] = [ofMeter(now, id), ofMeter(before, id)];
      return { id, partial: window.partial, name: (a ?? b).meterName, unit: (a ?? b).unit, now: a?.total ?? "0", before: b?.total ?? "0" };
    });
    return [
      h("p", { class: "muted" }, t("overview.compared", { now: formatPeriod(window.now), before: formatPeriod(window.before) }),
        window.partial && ` ${t("overview.partial", { first: formatHour(found.firstHour) })}`),
      table(t("overview.comparison"), columns(view), rows, { sortedBy: "-change" }),
    ];
  }, { lines: 6 });
  content.classList.add("comparison");
  return card(t("overview.comparison"), content, { wide: true });
}

function columns(view) {
  const amount = (key) => ({ key, label: t(`overview.${key}`), numeric: true, draw: (row) => quantity(row[key]) });
  return [
    { key: "name", label: t("filter.meter"), sort: (row) => row.name, draw: (row) => h("a", { href: view.usage({ meter: row.id }) }, row.name) },
    amount("now"), { ...amount("before"), narrow: false },
    { key: "unit", label: t("overview.unit"), narrow: false, sort: (row) => row.unit },
    { key: "change", label: t("overview.changeOf"), numeric: true, sort: (row) => ratio(row), draw: changeBadge },
  ];
}

const ratio = ({ now, before }) => (Number(before) === 0 ? Infinity : (Number(now) - Number(before)) / Math.abs(Number(before)));

// Against a time before the first usage everything would be new. More usage is neither good nor bad: only what ended or began stands out.
function changeBadge({ now, before, partial }) {
  if (partial) {
    return "–";
  }
  if (Number(before) === 0) {
    return badge(t("overview.new"));
  }
  return Number(now) === 0 ? badge(t("overview.ended"), "warn") : formatChange(now, before);
}

const pending = new WeakMap();

// A period that is not over is compared as far as it is complete, else every change would look like a fall.
function compared(view, found) {
  if (!pending.has(found)) {
    pending.set(found, load(view, found));
  }
  return pending.get(found);
}

async function load({ period, filters, signal }, found) {
  const complete = found.sealedThrough ? completeUntil(found.sealedThrough) : period.start;
  const days = isDays(period) && complete - period.start >= DAY;
  const end = Math.max(period.start, Math.min(period.end, days ? floorDay(complete) : complete));
  const before = end === period.end ? previousPeriod(period) : asLong(previousPeriod(period), end - period.start);
  const window = { now: { start: period.start, end, from: period.from, to: wireTime(end) }, before, known: end > period.start, partial: Date.parse(found.firstHour) > before.start };
  const parameters = { ...filters, groupBy: "meter" };
  const [now, then] = await Promise.all([
    end === period.end ? found : end === period.start ? { groups: [] } : totals(window.now, parameters, { signal }),
    before.start === before.end ? { groups: [] } : totals(before, parameters, { signal }),
  ]);
  return { now, before: then, window };
}

function asLong({ start }, length) {
  return { start, end: start + length, from: wireTime(start), to: wireTime(start + length) };
}
