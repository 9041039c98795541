// Days × stages: every cell says how much is there, and leads to what it is made of.
import { h, hidden } from "../../dom.js";
import { formatCount, formatExact, formatQuantity, formatShortDay } from "../../format.js";
import { here } from "../../router.js";
import { t } from "../../texts.js";
import { badge } from "../../ui/page.js";
import { amountOf, healthOf, isNothing, kindOf, missingSum, missingWords, MOVED, STAGES } from "./stages.js";

/**
 * The matrix.
 *
 * @param days rows by day, as the API answers them
 * @param totals the same of the whole period
 * @param options `show`: count or quantity; `chosen`: `{day, stage}` of the cell that is open
 */
export function matrix(days, totals, { show, chosen }) {
  const moved = MOVED.filter(([account]) => [totals, ...days].some((row) => !isNothing(amountOf(row, account))));
  const stages = moved.length > 0 ? [...STAGES, { key: "moved", accounts: moved }] : STAGES;
  return h("div", { class: "table-box matrix-box", tabindex: "0", role: "region", "aria-label": t("reconciliation.matrix") },
    h("table", { class: "matrix" },
      h("caption", { class: "visually-hidden" }, t("reconciliation.matrix")),
      h("colgroup", { span: 2 }), stages.map((stage) => h("colgroup", { span: stage.accounts.length })),
      h("thead", {},
        h("tr", {}, h("td", { colspan: 2 }), stages.map((stage) => h("th", { scope: "colgroup", colspan: stage.accounts.length, class: "stage-first" }, t(`reconciliation.stage.${stage.key}`)))),
        h("tr", {}, h("th", { scope: "col" }, t("reconciliation.day")), h("th", { scope: "col" }, t("reconciliation.verdict")),
          stages.flatMap((stage) => stage.accounts.map(([account], at) => h("th", { scope: "col", class: at === 0 ? "number stage-first" : "number", title: t(`account.${account}.means`) }, t(`account.${account}`)))))),
      h("tbody", {},
        line(t("reconciliation.all"), "", totals, stages, show, chosen, "total"),
        days.map((row) => line(formatShortDay(row.day), row.day, row, stages, show, chosen)))));
}

function line(label, day, row, stages, show, chosen, kind) {
  return h("tr", { class: kind },
    h("th", { scope: "row" }, h("a", { href: here({ day: day || "all", stage: null, tenant: null, meter: null, payer: null }) }, label)),
    h("td", { class: "verdict" }, verdict(row, show)),
    stages.flatMap((stage) => stage.accounts.map(([account], at) => cell(row, account, day, show, chosen, at === 0))));
}

function cell(row, account, day, show, chosen, first) {
  const amount = amountOf(row, account);
  const classes = ["number", first && "stage-first", isNothing(amount) ? "nothing" : kindOf(account), chosen.stage === account && chosen.day === (day || "all") && "chosen"];
  const text = show === "quantity" ? formatQuantity(amount.quantity) : formatCount(amount.count);
  const content = isNothing(amount)
    ? [h("span", { "aria-hidden": "true" }, "·"), hidden("0")]
    : h("a", {
      href: here({ day: day || "all", stage: account, tenant: null, meter: null, payer: null }),
      data: { focus: `cell ${day} ${account}` },
      title: t("reconciliation.cell", { account: t(`account.${account}`), count: formatCount(amount.count), quantity: formatExact(amount.quantity) }),
    }, text);
  return h("td", { class: classes.filter(Boolean).join(" ") }, content);
}

function verdict(row, show) {
  const missing = missingWords(row);
  const { count, quantity } = missingSum(row);
  return [
    !row.balanced && badge(t("reconciliation.unbalanced"), "bad"),
    missing.length === 0 && row.balanced && (isNothing(amountOf(row, "accepted")) ? badge(t("reconciliation.quiet")) : badge(t("reconciliation.complete"), "good")),
    missing.length > 0 && badge(show === "quantity" ? formatQuantity(quantity) : t("reconciliation.notThere", { n: count, count: formatCount(count) }), healthOf(row), missing.join("; ")),
  ].filter(Boolean);
}
