// All tenants: what they use, how that changes, and who has gone silent.
import { get } from "../api.js";
import { directory } from "../directory.js";
import { h } from "../dom.js";
import { formatChange, formatCount, formatExact, formatHour, formatQuantity, sum } from "../format.js";
import { change, link } from "../router.js";
import { t } from "../texts.js";
import { card, figure, figures, heading } from "../ui/page.js";
import { formatPeriod, iso, periodBar, periodLink, previousPeriod, readPeriod } from "../ui/period.js";
import { empty, part } from "../ui/states.js";
import { compareTenants, metersOf, pointsOf } from "./tenants/data.js";
import { silentCard } from "./tenants/silent.js";
import { tenantTable } from "./tenants/table.js";

// The most groups that the summary gives: smaller tenants come as one group.
const MOST_TENANTS = 100;

/** The view: a period, and `meter`; without one the meter with most records. */
export default function tenants({ query, signal, title }) {
  const period = readPeriod(query, { granularities: ["hourly", "daily"] });
  return [
    heading(title, t("tenants.text")),
    periodBar(period, { granularity: false }),
    part(signal, () => load(period, query.get("meter"), signal), (found) => draw(found, period), { lines: 8 }),
  ];
}

async function load(period, wanted, signal) {
  const ask = (parameters) => get("/usage/summary", { groupBy: "tenant", top: MOST_TENANTS, ...parameters }, { signal });
  const [now, names] = await Promise.all([ask({ from: period.from, to: period.to, granularity: "total" }), directory()]);
  const earlier = comparable(period, now.sealedThrough);
  const meters = metersOf(now.groups);
  const before = await ask({ from: earlier.from, to: earlier.to, granularity: "total" });
  const meter = meters.find((each) => each.meterId === wanted) ?? meters[0] ?? metersOf(before.groups)[0] ?? null;
  const trend = meter && now.groups.length > 0
    ? await ask({ from: period.from, to: period.to, granularity: period.granularity, meter: meter.meterId })
    : { groups: [] };
  return { now, before, earlier, names, meters, meter, trend };
}

// A period that is not over yet is compared with as much of the one before: else everyone would seem to use less.
function comparable(period, sealedThrough) {
  const earlier = previousPeriod(period);
  const end = Math.min(period.end, Math.max(period.start, Date.parse(sealedThrough ?? period.to)));
  const whole = end === period.end;
  const to = whole ? earlier.end : Math.min(earlier.end, earlier.start + Math.max(end - period.start, 3_600_000));
  return { start: earlier.start, end: to, from: earlier.from, to: iso(to), whole };
}

function draw(found, period) {
  const { now, before, earlier, names, meter, meters, trend } = found;
  if (!meter) {
    return empty(t("tenants.none"), t("tenants.noneText"));
  }
  const rows = compareTenants(now.groups, before.groups, names, meter);
  const points = pointsOf(trend.groups);
  const context = { period, earlier, meter, points, names, truncated: now.truncated };
  return [
    summary(rows, context, now),
    now.truncated && h("p", { class: "notice" }, t("tenants.truncated", { n: MOST_TENANTS })),
    silentCard(rows, context),
    card(meter.meterName, tenantTable(rows, context), { text: t("tenants.unit", { unit: meter.unit }), actions: [meterChoice(meters.length > 0 ? meters : [meter], meter)] }),
    h("p", { class: "muted" }, t("tenants.compared", { period: formatPeriod(earlier) }), " ", !earlier.whole && now.sealedThrough && t("tenants.partial", { time: formatHour(now.sealedThrough) })),
  ].filter(Boolean);
}

function summary(rows, { meter, period, truncated }, now) {
  const using = rows.filter((row) => row.records > 0 && !row.other);
  const silent = truncated ? [] : rows.filter((row) => row.silent);
  const [total, earlier] = [sum(rows.map((row) => row.total ?? "0")), sum(rows.map((row) => row.before ?? "0"))];
  const growth = formatChange(total, earlier);
  return figures(
    figure(t("tenants.using"), formatCount(using.length), { note: t("tenants.ofAll", { n: rows.filter((row) => !row.other).length }) }),
    figure(t("tenants.silent"), truncated ? "–" : formatCount(silent.length), { kind: silent.length > 0 ? "bad" : "good", note: t("tenants.silentNote") }),
    figure(meter.meterName, formatQuantity(total), {
      title: `${formatExact(total)} ${meter.unit}`,
      note: [meter.unit, growth && t("tenants.growth", { growth })].filter(Boolean).join(" · "),
      href: link("overview", { ...periodLink(period), meter: meter.meterId }),
    }),
    figure(t("tenants.records"), formatCount(rows.reduce((all, row) => all + row.records, 0)), {
      note: now.sealedThrough ? t("tenants.sealedThrough", { time: formatHour(now.sealedThrough) }) : null,
    }));
}

function meterChoice(meters, chosen) {
  const select = h("select", { data: { focus: "tenants.meter" }, on: { change: (event) => change({ meter: event.target.value }) } },
    meters.map((meter) => h("option", { value: meter.meterId, selected: meter.meterId === chosen.meterId },
      t("tenants.meterOption", { name: meter.meterName, unit: meter.unit, n: meter.records, records: formatCount(meter.records) }))));
  return h("label", { class: "inline-field" }, h("span", {}, t("tenants.meter")), select);
}
