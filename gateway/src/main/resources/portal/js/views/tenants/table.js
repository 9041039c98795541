// The table of tenants.
import { h } from "../../dom.js";
import { formatChange, formatCount, formatExact, formatQuantity, formatShare, sum } from "../../format.js";
import { link } from "../../router.js";
import { t } from "../../texts.js";
import { badge } from "../../ui/page.js";
import { periodLink } from "../../ui/period.js";
import { sparkline } from "../../ui/sparkline.js";
import { table } from "../../ui/table.js";

/** Rows as `compareTenants` gives them; `context` has period, meter and the series of each tenant. */
export function tenantTable(rows, context) {
  const { meter } = context;
  const all = sum(rows.map((row) => row.total ?? "0"));
  const { known } = context.earlier;
  const change = (row) => (known ? formatChange(row.compared ?? "0", row.before ?? "0") : null);
  return table(t("tenants.caption", { meter: meter.meterName, unit: meter.unit }), [
    { key: "name", label: t("tenants.tenant"), draw: (row) => who(row, context), sort: (row) => row.name ?? "" },
    { key: "total", label: t("tenants.usage"), numeric: true, sort: (row) => Number(row.total ?? 0), draw: (row) => usage(row, context) },
    { key: "change", label: t("tenants.change"), numeric: true, sort: (row) => (Number(row.before ?? 0) === 0 ? Infinity : Number(row.compared ?? 0) / Number(row.before)),
      draw: (row) => (row.silent ? badge(t("tenants.silentBadge"), "bad") : known && row.compared != null && row.before == null ? badge(t("tenants.new"), "good") : h("span", { title: was(row, meter) }, change(row) ?? "–")) },
    { key: "share", label: t("tenants.share"), numeric: true, sort: (row) => Number(row.total ?? 0),
      draw: (row) => (row.total == null ? "–" : [share(row.total, all), formatShare(row.total, all)]) },
    { key: "trend", label: t("tenants.trend"), narrow: false, draw: (row) => trend(row, context) },
    { key: "records", label: t("tenants.allRecords"), numeric: true, sort: (row) => row.records, draw: (row) => records(row, context) },
    { key: "payer", label: t("tenants.payer"), draw: payers },
  ], rows, { sortedBy: "-total" });
}

function who(row, { period, names }) {
  if (row.other) {
    return t("tenants.others");
  }
  const to = (subscription) => link("overview", { ...periodLink(period), subscription });
  const { subscriptions } = row;
  return subscriptions.length <= 1
    ? h("a", { href: to(subscriptions[0]?.subscriptionId), title: row.id }, row.name)
    : [h("span", { title: row.id }, row.name), h("ul", { class: "tenant-subscriptions links" }, subscriptions.map(({ subscriptionId }) => h("li", {}, h("a", { href: to(subscriptionId), title: subscriptionId }, names.subscriptionName(subscriptionId)))))];
}

function usage(row, { period, meter }) {
  if (row.total == null) {
    return "–";
  }
  const text = h("span", { title: `${formatExact(row.total)} ${meter.unit}` }, formatQuantity(row.total));
  return row.other ? text : h("a", { href: link("usage", { ...periodLink(period), meter: meter.meterId, tenant: row.id }) }, text);
}

// The rows behind it are by the time at which they were reported.
function records(row, { period }) {
  const text = formatCount(row.records);
  return row.other || row.records === 0 ? text : h("a", { href: link("usage", { ...periodLink(period), tenant: row.id }) }, text);
}

const was = (row, meter) => (row.before == null ? null : t("tenants.was", { quantity: formatExact(row.before), unit: meter.unit }));

const share = (part, whole) => h("span", { class: "share-bar", "aria-hidden": "true" }, h("span", { style: { width: `${Math.max(0, Math.min(100, (Number(part) / Number(whole)) * 100 || 0))}%` } }));

function trend(row, { series, meter }) {
  const values = series.get(row.id) ?? [];
  return values.length < 2 ? "–" : sparkline(values.map(Number), t("tenants.trendLabel", {
    first: formatQuantity(values[0]), last: formatQuantity(values.at(-1)), unit: meter.unit,
  }));
}

// Who pays is decided per registration and tenant: the registration's page shows it over time.
function payers({ id, subscriptions }) {
  const registrations = [...new Set(subscriptions.map((each) => each.registrationId).filter(Boolean))];
  return registrations.length === 0 ? "–" : h("ul", { class: "links" },
    registrations.map((one) => h("li", {}, h("a", { href: link("registration", { id: one, tenant: id }) }, one.split("/").at(-1)))),
    h("li", {}, h("a", { href: link("delivery", { tenant: id }) }, t("tenants.delivery"))));
}
