// Usage records: the aggregates as the usage routes answer them, to the last decimal, however many they are.
import { directory } from "../directory.js";
import { h } from "../dom.js";
import { formatCount, formatDay, formatExact, formatHour, formatShortDay } from "../format.js";
import { DAY, HOUR } from "../hours.js";
import { meters } from "../meters.js";
import { change, here, link } from "../router.js";
import { operatorSubscription, readsEveryone } from "../session.js";
import { t } from "../texts.js";
import { ChosenRows } from "../ui/chosenrows.js";
import { copyAsButton } from "../ui/copyas.js";
import { filterBar, filterChips, readFilters } from "../ui/filters.js";
import { button, heading, linkButton } from "../ui/page.js";
import { formatPeriod, periodBar, readPeriod } from "../ui/period.js";
import { PagedRows } from "../ui/rows.js";
import { scrollTable } from "../ui/scrolltable.js";
import { empty, part } from "../ui/states.js";
import { subscriptions } from "../usage.js";
import { openExport } from "./usage/exports.js";
import { openRecord } from "./usage/record.js";
import { requestAddress, requests, sealedThrough } from "./usage/requests.js";
import { chosenFilters, comparing, fitting, readRow, tagLine } from "./usage/rows.js";

const STEP = { hourly: HOUR, daily: DAY };

/** The view: a period of reported time, filters, `sort` (a column, "-column" for falling), whose usage: `subscription`, `tenant` or `provider`. */
export default async function usage({ query, signal, title }) {
  const period = readPeriod(query, { granularities: ["hourly", "daily"] });
  const [known, catalogue, sealed, names] = await Promise.all([subscriptions(), meters(), sealedThrough(signal), readsEveryone() ? directory() : null]);
  const operator = readsEveryone() ? operatorSubscription() : null;
  const scope = { operator, known, subscription: query.get("subscription"), tenant: query.get("tenant"), provider: query.get("provider") };
  const step = STEP[period.granularity];
  const end = Math.min(period.end, Math.floor((sealed ?? 0) / step) * step);
  const asked = end > period.start ? requests({ ...period, end }, scope) : [];
  const filters = chosenFilters(query);
  const view = { query, signal, period, end, sealed, asked, filters, scope };
  const files = asked.length > 0 && [
    button(t("usage.export"), () => openExport(view), { iconName: "download" }),
    copyAsButton(() => asked.map((request) => ({ name: request.name, path: requestAddress(request), formats: true })), Object.keys(filters).length > 0 ? t("copyas.unfiltered") : null),
  ];
  return [
    heading(title, t("usage.text"), files),
    h("div", { class: "bar-row" },
      periodBar(period),
      filterBar(readFilters(query), {
        subscriptions: known, meters: [...catalogue.values()].sort((a, b) => a.name.localeCompare(b.name)), tenants: names?.tenantNames,
        everyone: operator ? t("usage.everyone") : t("filter.all"), ask: known.length === 0,
      }),
      filterChips(query, ["provider", "tenant", "uri", "location", "untagged", "usedFrom", "usedTo"]),
      h("p", { class: "muted" }, t("usage.reported"), " ",
        asked.length > 0 && end < period.end && t("usage.endsAt", { end: step === STEP.hourly || end % STEP.daily ? formatHour(end) : formatDay(end) }))),
    asked.length === 0 ? nothing(view) : part(signal, () => open(view), (source) => draw(view, source), { lines: 12 }),
  ];
}

function nothing({ period, sealed, scope }) {
  if (!scope.operator && scope.known.length === 0 && !scope.subscription) {
    return empty(t("usage.noneTitle"), t("usage.noSubscription"));
  }
  if (sealed == null || sealed <= period.start) {
    return empty(t("usage.noneTitle"), sealed == null ? t("usage.noneSealed") : t("usage.notSealed", { sealed: formatHour(sealed) }));
  }
  return empty(t("usage.noneTitle"), t("usage.dayNotOver"), linkButton(t("usage.byHour"), here({ granularity: "hourly" })));
}

async function open({ asked, filters, query, signal }) {
  const paged = new PagedRows(asked.map((request) => ({ ...request })), readRow);
  const compare = comparing(query.get("sort"));
  const chosen = Object.keys(filters).length > 0 || compare;
  return (chosen ? new ChosenRows(paged, { fits: fitting(filters), compare }) : paged).open(signal);
}

function draw(view, source) {
  const { query, signal, period, end, filters } = view;
  if ((source.of ?? source.total) === 0) {
    return empty(t("usage.noneTitle"), t("usage.noneReported", { period: formatPeriod({ ...period, end }) }), linkButton(t("overview.longer"), link("usage", { period: "90d" })));
  }
  const sort = query.get("sort");
  const onSort = (key) => change({ sort: sort === key ? `-${key}` : sort === `-${key}` ? null : key });
  return scrollTable(signal, t("usage.title"), columns(view), source, {
    sortedBy: sort, onSort, onOpen: openRecord, status: () => status(source, sort, Object.keys(filters).length > 0),
    none: () => t(source.stopped ? "usage.noneSoFar" : "usage.noneFits", { of: formatCount(source.of ?? source.total) }) });
}

// What is sorted or filtered here is so among what is loaded: how much that is has to be said.
function status(source, sort, filtered) {
  if (!(source instanceof ChosenRows)) {
    return "";
  }
  const numbers = { n: formatCount(source.total), read: formatCount(source.read), of: formatCount(source.of) };
  if (source.full) {
    return t(sort ? "usage.sortedSome" : "usage.someFit", numbers);
  }
  if (source.stopped) {
    return t("usage.stopped", numbers);
  }
  return source.complete ? (sort ? t("usage.sortedAll") : t("usage.allRead", numbers)) : t(filtered ? "usage.searching" : "usage.sorting", numbers);
}

function columns({ period, asked, scope }) {
  const names = new Map(scope.known.map((one) => [one.id, one.name]));
  const narrow = matchMedia("(max-width: 50rem)").matches;
  const when = period.granularity === "hourly" ? formatHour : narrow ? formatShortDay : formatDay;
  const several = asked.length > 1 || asked[0]?.everyone;
  const text = (key, width, draw = (row) => row[key]) => ({ key, label: t(`usage.${key}`), width, sortable: true, draw: (row) => h("span", { title: draw(row) }, draw(row) || "–") });
  return [
    text("start", narrow ? "5.5rem" : "8rem", (row) => when(row.start)),
    text("meterName", narrow ? "9rem" : "minmax(11rem, 2fr)"),
    { key: "quantity", label: t("usage.quantity"), width: narrow ? "8.5rem" : "minmax(11rem, 1.2fr)", numeric: true, sortable: true, draw: (row) => h("span", { title: `${formatExact(row.quantity)} ${row.unit}` }, formatExact(row.quantity)) },
    text("unit", "7rem"),
    text("resource", "minmax(7rem, 1.3fr)"),
    text("group", "minmax(9rem, 1.3fr)"),
    text("location", "6rem"),
    several && text("subscription", "minmax(8rem, 1.3fr)", (row) => names.get(row.subscription) ?? row.subscription),
    { ...text("tags", "minmax(7rem, 1.5fr)", (row) => tagLine(row.tags)), sortable: false },
  ].filter(Boolean);
}
