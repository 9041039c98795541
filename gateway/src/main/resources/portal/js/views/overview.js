// Overview: what was used, when, of what, and by whom. Sums by usage time; one unit at a time.
import { address, get } from "../api.js";
import { directory } from "../directory.js";
import { h } from "../dom.js";
import { formatHour } from "../format.js";
import { link } from "../router.js";
import { has, readsEveryone } from "../session.js";
import { t } from "../texts.js";
import { loadCharts } from "../ui/chart.js";
import { copyAsButton } from "../ui/copyas.js";
import { filterBar, filterChips, readFilters } from "../ui/filters.js";
import { heading, linkButton } from "../ui/page.js";
import { formatPeriod, periodBar, periodLink, readPeriod } from "../ui/period.js";
import { empty, part } from "../ui/states.js";
import { subscriptions, sums } from "../usage.js";
import { breakdowns } from "./overview/breakdowns.js";
import { choose } from "./overview/choice.js";
import { comparison, keyFigures } from "./overview/figures.js";
import { timeCard } from "./overview/timechart.js";

/** The view: a period, filters, `provider` (whose customers), `meter` or `unit` shown, `chart` (lines), `tagName` of the breakdown by tags. */
export default async function overview({ query, signal, title }) {
  const period = readPeriod(query);
  const { meter, ...chosen } = readFilters(query);
  const provider = query.get("provider");
  // The API takes a subscription or a provider.
  const filters = provider ? { ...chosen, subscription: null, provider } : chosen;
  const everyone = readsEveryone();
  const load = () => sums(period, { ...filters, groupBy: "meter", open: true }, { signal });
  // First what is waited for: names and the means to draw come beside it.
  const first = load();
  first.catch(() => {});
  loadCharts().catch(() => {});
  // Without its filters a page can still be read.
  const [known, names, collected] = await Promise.all([subscriptions().catch(() => []), everyone ? directory().catch(() => null) : null, everyone ? null : collectedThrough(signal)]);
  const view = { query, period, filters, signal, known, names, everyone, collected, usage: (more) => link("usage", { ...periodLink(period), ...filters, ...more }) };
  return [
    heading(title, everyone ? t("overview.textOperator") : t("overview.text"), 
      linkButton(t("overview.toRows"), view.usage({ meter }), { iconName: "table" }),
      copyAsButton(() => [{ path: address("/usage/summary", { ...filters, meter, from: period.from, to: period.to, granularity: period.granularity, groupBy: "meter", open: true }) }])),
    h("div", { class: "bar-row" }, periodBar(period), filterBar({ ...filters, meter: null }, { subscriptions: known, tenants: names?.tenantNames }), filterChips(query, ["provider"])),
    part(signal, once(first, load), (found) => draw(view, found), { lines: 10 }),
  ];
}

// Of the caller's tenant; null where it is not known.
const collectedThrough = (signal) => (has("Usage.Read") ? get("/completeness", {}, { signal }).then(({ tenants }) => tenants[0]?.completeThrough ?? null, () => null) : null);

// What was asked for already, and when that failed anew.
function once(first, load) {
  let answer = first;
  return () => {
    const given = answer ?? load();
    answer = null;
    return given;
  };
}

function draw(view, found) {
  if (found.groups.length === 0) {
    return nothing(view, found);
  }
  const choice = choose(found.groups, view.query);
  return [
    keyFigures(view, found, choice),
    timeCard(view, found, choice),
    comparison(view, found, choice),
    h("div", { class: "breakdowns" }, breakdowns(view, choice)),
  ];
}

function nothing({ period, filters, known, everyone }, found) {
  const filtered = Object.values(filters).some(Boolean);
  const text = found.firstHour == null ? t("overview.noneEver")
    : filtered ? t("overview.noneFiltered")
      : t("overview.none", { period: formatPeriod(period), first: formatHour(found.firstHour) });
  const clear = filtered
    ? linkButton(t("filter.clear"), link("overview", periodLink(period)))
    : linkButton(t("overview.longer"), link("overview", { period: "90d" }));
  // Nothing says who is a delegated provider: its own subscription has no usage, but its customers' do.
  const customers = !everyone && !filtered && known.length === 1 && linkButton(t("overview.customers"), link("overview", { ...periodLink(period), provider: known[0].id }));
  return empty(t("overview.noneTitle"), text, found.firstHour && h("div", { class: "actions" }, clear, customers));
}
