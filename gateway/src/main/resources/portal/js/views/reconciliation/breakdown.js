// What a cell of the matrix is made of: tenants, then meters, then payers, then the events and usage rows themselves.
import { h } from "../../dom.js";
import { formatCount, formatDay, formatQuantity } from "../../format.js";
import { here, link } from "../../router.js";
import { t } from "../../texts.js";
import { amountColumns } from "../../ui/amount.js";
import { badge, card, identifier, linkButton } from "../../ui/page.js";
import { empty } from "../../ui/states.js";
import { table } from "../../ui/table.js";
import { amountOf, equationsOf, hasPayer, isNothing, kindOf, missingWords, sumOf } from "./stages.js";

const STATES = ["delivered", "pending", "held", "dead", "manual", "waived"];

/** A day, or all of the period: its books as equations. */
export function equations(row) {
  const side = (accounts) => accounts.map((account, at) => [at > 0 && " + ",
    h("a", { href: here({ stage: account }), class: isNothing(amountOf(row, account)) ? "muted" : null, title: t(`account.${account}.means`) }, `${t(`account.${account}`)} ${formatCount(amountOf(row, account).count)}`)]);
  const missing = missingWords(row);
  const words = missing.length > 0 && h("div", { class: "notice warn" }, h("p", {}, t("reconciliation.onTheWay")), h("ul", { class: "says" }, missing.map((text) => h("li", {}, text))));
  return [words, h("ul", { class: "equations" }, equationsOf(row).map(({ key, left, right, leftAccounts, rightAccounts, holds }) => h("li", {},
    h("h3", {}, t(`reconciliation.stage.${key}`), " ", badge(t(holds ? "reconciliation.holds" : "reconciliation.off"), holds ? "good" : "bad")),
    h("p", {}, side(leftAccounts), " = ", side(rightAccounts)),
    h("p", { class: "muted" }, holds
      ? t("reconciliation.equal", { quantity: formatQuantity(left.quantity) })
      : t("reconciliation.differ", { left: formatCount(left.count), right: formatCount(right.count), leftQuantity: left.quantity, rightQuantity: right.quantity })))))];
}

/**
 * The next level of a cell.
 *
 * @param rows of the day (or period), by tenant, meter and payer
 * @param at `{stage, tenant, meter, from, to}`: what was chosen; from and to are the range of the rows
 * @param names the directory, with `meterName(id)`
 */
export function breakdown(rows, at, names) {
  const chosen = rows.filter((row) => !isNothing(amountOf(row, at.stage)) && (!at.tenant || row.tenantId === at.tenant) && (!at.meter || row.meterId === at.meter) && (!at.payer || row.payerSubscriptionId === at.payer));
  const level = !at.tenant ? "tenant" : !at.meter ? "meter" : hasPayer(at.stage) ? "payer" : null;
  if (chosen.length === 0) {
    return empty(t("reconciliation.nothing"), t("reconciliation.nothingText"));
  }
  return level === null || (level === "payer" && chosen.length === 1)
    ? end(chosen[0], at, names)
    : [levelTable(chosen, level, at, names), level === "payer" && leads(at, names)];
}

const MEMBERS = { tenant: "tenantId", meter: "meterId", payer: "payerSubscriptionId" };

function levelTable(rows, level, at, names) {
  const groups = [...Map.groupBy(rows, (row) => row[MEMBERS[level]])].map(([id, ofGroup]) => ({ id, amount: amountOf(sumOf(ofGroup), at.stage), inner: ofGroup }));
  const label = { tenant: names.tenantName, meter: names.meterName, payer: (id) => id }[level];
  const inner = { tenant: "meter", meter: hasPayer(at.stage) && "payer" }[level];
  return table(t(`reconciliation.by.${level}`), [
    { key: "id", label: t(`reconciliation.${level}`), sort: (group) => label(group.id), draw: (group) => h("a", { href: here({ [level]: group.id }), title: group.id }, label(group.id)) },
    ...amountColumns(t("reconciliation.records"), t("reconciliation.quantity"), (group) => group.amount),
    ...(inner ? [{ key: "inner", label: t(`reconciliation.${inner}s`), numeric: true, draw: (group) => formatCount(new Set(group.inner.map((row) => row[MEMBERS[inner]])).size) }] : []),
    ...(level === "payer" ? [{ key: "events", label: t("reconciliation.rows"), draw: (group) => eventsButton(at, group.id) }] : []),
  ], groups, { sortedBy: "-count" });
}

// One payer, or usage that has none: nothing is left to divide, but its rows.
function end(row, at, names) {
  const amount = amountOf(row, at.stage);
  return h("div", { class: "part" },
    h("p", {}, t("reconciliation.end", { count: formatCount(amount.count), n: amount.count, account: t(`account.${at.stage}`), quantity: amount.quantity })),
    row.payerSubscriptionId && h("p", {}, t("reconciliation.payer"), ": ", identifier(row.payerSubscriptionId)),
    row.payerSubscriptionId && h("div", { class: "actions" }, eventsButton(at, row.payerSubscriptionId)),
    leads(at, names));
}

const eventsButton = (at, payer) => linkButton(t("reconciliation.events"), link("delivery", {
  payer, tenant: at.tenant, from: at.from, to: at.to, state: STATES.includes(at.stage) ? at.stage : null,
}), { kind: "small" });

function leads(at, names) {
  const own = names.subscriptions.filter((each) => each.tenantId === at.tenant);
  return h("div", { class: "part" },
    at.stage === "pending" && h("p", { class: "hint" }, t("reconciliation.pendingHint")),
    own.length > 0 && h("p", { class: "hint" }, t("reconciliation.usageHint")),
    h("div", { class: "actions" }, own.map((each) => linkButton(t("reconciliation.usage", { name: each.displayName }), link("usage", {
      subscription: each.subscriptionId, meter: at.meter, from: `${at.from}T00:00:00Z`, to: `${at.to}T00:00:00Z`,
    }), { kind: "small" }))));
}

// Where one is: period, day, stage, tenant, meter, each leading back.
function trail(at, names) {
  const place = (text, changes) => ({ text, changes });
  const places = [
    place(t("reconciliation.period"), { day: null, stage: null, tenant: null, meter: null, payer: null }),
    place(at.day === "all" ? t("reconciliation.all") : formatDay(at.day), { stage: null, tenant: null, meter: null, payer: null }),
    at.stage && place(t(`account.${at.stage}`), { tenant: null, meter: null, payer: null }),
    at.tenant && place(names.tenantName(at.tenant), { meter: null, payer: null }),
    at.meter && place(names.meterName(at.meter), { payer: null }),
    at.payer && place(at.payer, {}),
  ].filter(Boolean);
  return h("nav", { "aria-label": t("reconciliation.trail") }, h("ol", { class: "trail" }, places.map(({ text, changes }, index) =>
    h("li", {}, h("a", { href: here(changes), "aria-current": index === places.length - 1 ? "location" : null }, text)))));
}

/** The box that the drill-down is in. */
export const breakdownCard = (at, names, content) =>
  card(at.stage ? t(`account.${at.stage}`) : t("reconciliation.books"), [trail(at, names), content].flat().filter(Boolean), {
    text: at.stage ? t(`account.${at.stage}.means`) : t("reconciliation.booksText"),
    actions: at.stage && kindOf(at.stage) && badge(t(`reconciliation.kind.${kindOf(at.stage)}`), kindOf(at.stage)),
  });
