// Reconciliation: the books of reported days side by side, and what every figure is made of.
import { directory } from "../directory.js";
import { h } from "../dom.js";
import { formatCount, formatQuantity } from "../format.js";
import { DAY, wireDay } from "../hours.js";
import { recent } from "../recent.js";
import { here, link } from "../router.js";
import { t } from "../texts.js";
import { formatPeriod, periodBar, readPeriod } from "../ui/period.js";
import { card, figure, figures, heading, tight } from "../ui/page.js";
import { empty, part } from "../ui/states.js";
import { breakdown, breakdownCard, equations } from "./reconciliation/breakdown.js";
import { matrix } from "./reconciliation/matrix.js";
import { amountOf, kindOf, missingWords } from "./reconciliation/stages.js";

// Without a stage the trail ends before anything that has a name.
const NO_NAMES = {};

/** The view: a period of reported days, `show` (quantity), and what of the matrix is open: `day`, `stage`, `tenant`, `meter`, `payer`. */
export default function reconciliation({ query, signal, title }) {
  const period = readPeriod(query, { fallback: "7d", granularities: ["daily"] });
  const range = { from: wireDay(period.start), to: wireDay(period.end + DAY - 1) };
  const show = query.get("show") === "quantity" ? "quantity" : "count";
  const at = chosenCell(query, range);
  const books = part(signal, () => recent("/reconciliation", { ...range, groupBy: "day" }), (found) => drawBooks(found, period, show, at, signal), { lines: 10 });
  return [heading(title, t("reconciliation.text")), periodBar(period, { granularity: false }), books];
}

// What of the matrix is open; nothing without a day, "all" for the whole period.
function chosenCell(query, { from, to }) {
  const read = (name) => query.get(name);
  const stage = kindOf(read("stage")) ? read("stage") : null;
  const chosen = /^\d{4}-\d{2}-\d{2}$/.test(read("day")) ? read("day") : read("day") === "all" || stage ? "all" : null;
  const rows = chosen === "all" || !chosen ? { from, to } : { from: chosen, to: wireDay(Date.parse(chosen) + DAY) };
  return { day: chosen, stage, tenant: read("tenant"), meter: read("meter"), payer: read("payer"), ...rows };
}

function drawBooks(found, period, show, at, signal) {
  const totals = { ...found.totals, balanced: found.balanced };
  if (found.rows.length === 0) {
    return [verdict(found, totals), empty(t("reconciliation.empty"), t("reconciliation.emptyText", { period: formatPeriod(period) }))];
  }
  const days = withQuietDays(found.rows);
  return [
    verdict(found, totals),
    summary(found, totals),
    card(t("reconciliation.matrix"), matrix(days, totals, { show, chosen: at }), { text: t("reconciliation.matrixText"), actions: switches(show) }),
    at.day && drill(days, totals, at, signal),
  ].filter(Boolean);
}

// The latest first. A day between others without any usage is worth seeing.
function withQuietDays(rows) {
  const byDay = new Map(rows.map((row) => [row.day, row]));
  const days = [...byDay.keys()].sort();
  const all = [];
  for (let time = Date.parse(days.at(-1)); time >= Date.parse(days[0]); time -= DAY) {
    all.push(byDay.get(wireDay(time)) ?? { day: wireDay(time), balanced: true });
  }
  return all;
}

function verdict(found, totals) {
  const missing = missingWords(totals);
  const kind = !found.balanced ? "bad" : missing.length > 0 ? "warn" : "good";
  return h("div", { class: `notice ${kind}`, role: "status" },
    h("p", {}, h("strong", {}, t(found.balanced ? "reconciliation.balanced" : "reconciliation.notBalanced")), " ", t(missing.length === 0 ? "reconciliation.allThere" : "reconciliation.onTheWay")),
    missing.length > 0 && h("ul", { class: "says" }, missing.map((text) => h("li", {}, text))));
}

function summary(found, totals) {
  const one = (account, kind) => {
    const { count, quantity } = amountOf(totals, account);
    return figure(t(`account.${account}`), formatCount(count), { kind: Number(count) > 0 ? kind : "", note: formatQuantity(quantity), title: quantity, href: here({ day: "all", stage: account, tenant: null, meter: null, payer: null }) });
  };
  return tight(figures(
    one("accepted", ""), one("delivered", "good"), one("base", "warn"), one("dead", "bad"),
    figure(t("reconciliation.quarantined"), formatCount(found.quarantined), { kind: found.quarantined > 0 ? "warn" : "", note: t("reconciliation.quarantinedNote"), href: link("quarantine") }),
    figure(t("reconciliation.conflicts"), formatCount(found.conflicts), { kind: found.conflicts > 0 ? "warn" : "", note: t("reconciliation.conflictsNote"), href: link("quarantine", { kind: "conflicts" }) })));
}

const switches = (show) => h("nav", { class: "segments", "aria-label": t("reconciliation.show") }, ["count", "quantity"].map((each) =>
  h("a", { class: each === show ? "button chosen" : "button", href: here({ show: each === "count" ? null : each }), "aria-current": each === show ? "true" : null, data: { focus: `show.${each}` } }, t(`reconciliation.show.${each}`))));

let opened = null;

// What a click opened further down comes into sight; what was open already leaves the page where it is.
function intoSight(element, at) {
  const key = [at.day, at.stage, at.tenant, at.meter, at.payer].join(" ");
  if (key !== opened) {
    requestAnimationFrame(() => element.scrollIntoView({ block: "nearest" }));
  }
  opened = key;
  return element;
}

function drill(days, totals, at, signal) {
  if (!at.stage) {
    const row = at.day === "all" ? totals : days.find((each) => each.day === at.day);
    return row && intoSight(breakdownCard(at, NO_NAMES, equations(row)), at);
  }
  const load = () => Promise.all([recent("/reconciliation", { from: at.from, to: at.to, groupBy: "tenant,meter,payer" }), directory()]);
  return part(signal, load, ([found, names]) => intoSight(breakdownCard(at, names, breakdown(found.rows, at, names)), at), { label: t("reconciliation.breakdown") });
}
