// The stages that usage passes, and what is missing at one.
import { formatCount, formatQuantity, sum } from "../../format.js";
import { t } from "../../texts.js";

/**
 * Accounts by stage, in the order in which records pass. kind says what it means that something is in an account: `good` it is where it
 * belongs, `plain` that is fine too, `warn` it is on its way or waits, `bad` somebody has to act.
 */
export const STAGES = [
  { key: "taken", accounts: [["accepted", "good"], ["open", "warn"], ["aggregated", "good"]] },
  { key: "routed", accounts: [["mapped", "good"], ["base", "plain"], ["notChargeable", "plain"], ["notBilled", "plain"], ["unrouted", "warn"]] },
  { key: "delivered", accounts: [["delivered", "good"], ["pending", "warn"], ["held", "warn"], ["dead", "bad"], ["manual", "bad"], ["waived", "plain"]] },
];

/** Those that a re-route moves between payers and days: shown only where there is something. */
export const MOVED = [["adjusted", "plain"], ["netted", "plain"]];

const KINDS = new Map([...STAGES.flatMap((stage) => stage.accounts), ...MOVED]);
const WITHOUT_PAYER = ["accepted", "open", "aggregated", "unrouted", "notChargeable", "notBilled"];
const MISSING = ["open", "unrouted", "pending", "held", "dead", "manual"];

/** What it means that something is in an account. */
export const kindOf = (account) => KINDS.get(account);

/** Whether an account is known by payer. */
export const hasPayer = (account) => !WITHOUT_PAYER.includes(account);

/** The account of a row, 0 where it has none. */
export const amountOf = (row, account) => row[account] ?? { count: 0, quantity: "0" };

/** Whether nothing is in it: a count of 0 may still have a quantity, after corrections. */
export const isNothing = ({ count, quantity }) => Number(count) === 0 && Number(quantity) === 0;

// What is not at the end of its way yet: `[account, amount]`s, none if all is.
const missingOf = (row) => MISSING.map((account) => [account, amountOf(row, account)]).filter(([, amount]) => !isNothing(amount));

/** bad, warn or good: the worst of what is missing. Books that do not balance are always bad. */
export function healthOf(row) {
  const missing = missingOf(row);
  return !row.balanced || missing.some(([account]) => kindOf(account) === "bad") ? "bad" : missing.length > 0 ? "warn" : "good";
}

/** All that is missing as one sum. */
export function missingSum(row) {
  const missing = missingOf(row).map(([, amount]) => amount);
  return { count: missing.reduce((all, each) => all + Number(each.count), 0), quantity: sum(missing.map((each) => each.quantity)) };
}

/** What is missing, in words. */
export const missingWords = (row) => missingOf(row).map(([account, { count, quantity }]) =>
  t("reconciliation.missing", { count: formatCount(count), account: t(`account.${account}`), quantity: formatQuantity(quantity) }));

/** Rows summed up as one. */
export function sumOf(rows) {
  const accounts = [...KINDS.keys()].filter((account) => rows.some((row) => row[account]));
  const total = { balanced: rows.every((row) => row.balanced) };
  for (const account of accounts) {
    const amounts = rows.map((row) => amountOf(row, account));
    total[account] = { count: amounts.reduce((all, each) => all + Number(each.count), 0), quantity: sum(amounts.map((each) => each.quantity)) };
  }
  return total;
}

/** The equations of the books, of a row without payers: `{key, left, right, holds}`. */
export function equationsOf(row) {
  return [
    ["taken", ["accepted"], ["open", "aggregated"]],
    ["routed", ["aggregated"], ["unrouted", "mapped", "base", "notChargeable", "notBilled"]],
    ["delivered", ["mapped", "base", "adjusted"], ["delivered", "pending", "held", "dead", "manual", "waived", "netted"]],
  ].map(([key, left, right]) => {
    const [one, other] = [left, right].map((accounts) => added(row, accounts));
    return { key, left: one, right: other, leftAccounts: left, rightAccounts: right, holds: one.count === other.count && sum([one.quantity]) === sum([other.quantity]) };
  });
}

function added(row, accounts) {
  const amounts = accounts.map((account) => amountOf(row, account));
  return { count: amounts.reduce((all, each) => all + Number(each.count), 0), quantity: sum(amounts.map((each) => each.quantity)) };
}
