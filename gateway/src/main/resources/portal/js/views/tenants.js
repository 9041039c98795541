// All tenants: what they use, how that changes, and who has gone silent.
import { h } from "../dom.js";
import { formatChange, formatCount, formatExact, formatHour, formatQuantity, sum } from "../format.js";
import { change, link } from "../router.js";
import { t } from "../texts.js";
import { card, figure, figures, heading } from "../ui/page.js";
import { formatPeriod, periodBar, periodLink, readPeriod } from "../ui/period.js";
import { empty, part } from "../ui/states.js";
import { compareTenants } from "./tenants/data.js";
import { MOST_TENANTS, loadTenants, wholeDays } from "./tenants/load.js";
import { silentCard } from "./tenants/silent.js";
import { tenantTable } from "./tenants/table.js";

/** The view: a period, and `meter`; without one the meter with most records. */
export default function tenants({ query, signal, title }) {
  const period = wholeDays(readPeriod(query, { fallback: "7d" }));
  return [
    heading(title, t("tenants.text")),
    periodBar(period, { granularity: false }),
    part(signal, () => loadTenants(period, query.get("meter"), signal), (found) => draw(found, period), { lines: 8 }),
  ];
}

function draw(found, period) {
  const { now, truncated, earlier, names, meter, meters, trend } = found;
  if (!meter) {
    return empty(t("tenants.none"), t(earlier.begun ? "tenants.noneText" : "tenants.notComplete"));
  }
  const rows = compareTenants({ ...found, now: now.groups }, names, meter);
  const context = { period, earlier, meter, series: trend, names, truncated };
  return [
    summary(rows, context, now),
    truncated && h("p", { class: "notice" }, t("tenants.truncated", { n: formatCount(MOST_TENANTS) })),
    silentCard(rows, context),
    card(meter.meterName, tenantTable(rows, context), { text: t("tenants.unit", { unit: meter.unit }), actions: [meterChoice(meters.length > 0 ? meters : [meter], meter)] }),
    h("p", { class: "muted" }, compared(earlier, now)),
  ].filter(Boolean);
}

function compared(earlier, { firstHour }) {
  if (!earlier.begun) {
    return t("tenants.notComplete");
  }
  if (!earlier.known) {
    return firstHour && t("tenants.notCompared", { time: formatHour(firstHour) });
  }
  return [t("tenants.compared", { period: formatPeriod(earlier) }), " ", !earlier.whole && t("tenants.partial", { time: formatHour(earlier.until) })];
}

function summary(rows, { meter, period, earlier: { known, begun }, truncated }, now) {
  const using = rows.filter((row) => row.records > 0 && !row.other);
  const silent = rows.filter((row) => row.silent);
  const unknown = truncated || !begun;
  const [total, earlier] = [sum(rows.map((row) => row.total ?? "0")), sum(rows.map((row) => row.before ?? "0"))];
  const growth = known && formatChange(sum(rows.map((row) => row.compared ?? "0")), earlier);
  return figures(
    figure(t("tenants.using"), formatCount(using.length), { note: t("tenants.ofAll", { n: rows.filter((row) => !row.other).length }) }),
    figure(t("tenants.silent"), unknown ? "–" : formatCount(silent.length), {
      kind: unknown ? "" : silent.length > 0 ? "bad" : "good", note: t(begun ? "tenants.silentNote" : "tenants.notComplete") }),
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
