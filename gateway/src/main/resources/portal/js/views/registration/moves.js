// What a re-route moves, or would move, from payer to payer.
import { h } from "../../dom.js";
import { formatCount, formatQuantity, sum } from "../../format.js";
import { t } from "../../texts.js";
import { named, quantity } from "../../ui/amount.js";
import { identifier } from "../../ui/page.js";
import { table } from "../../ui/table.js";

/**
 * In words and in a table.
 *
 * @param reroute as `POST /reroute` answers
 * @param names the directory
 * @param would whether it is a preview
 */
export function movesOf(reroute, names, would) {
  const { moves, uncorrectable } = reroute;
  if (moves.length === 0) {
    return [h("p", { class: "notice" }, t(would ? "moves.wouldNone" : "moves.none"))];
  }
  const records = moves.reduce((all, move) => all + move.total.records, 0);
  return [
    h("p", {}, t(would ? "moves.would" : "moves.did", {
      n: records,
      records: formatCount(records),
      rows: formatCount(moves.reduce((all, move) => all + move.total.rows, 0)),
      quantity: formatQuantity(sum(moves.map((move) => move.total.quantity))),
    })),
    table(t("moves.caption"), columns(names, new Set(moves.map((move) => move.tenantId)).size > 1), moves),
    h("p", { class: "hint" }, t("moves.hint")),
    uncorrectable.length > 0 && [
      h("p", { class: "notice warn" }, t("moves.uncorrectable")),
      table(t("moves.uncorrectableCaption"), uncorrectableColumns(names), uncorrectable),
    ],
  ];
}

function columns(names, tenants) {
  const part = (key) => ({ key, label: t(`moves.${key}`), numeric: true, narrow: false, sort: (move) => move[key].records, draw: (move) => formatCount(move[key].records) });
  return [
    ...(tenants ? [{ key: "tenant", label: t("moves.tenant"), draw: (move) => named(names.tenantName(move.tenantId), move.tenantId), sort: (move) => names.tenantName(move.tenantId) }] : []),
    { key: "from", label: t("moves.from"), draw: (move) => identifier(move.from), sort: (move) => move.from },
    { key: "to", label: t("moves.to"), draw: (move) => identifier(move.to), sort: (move) => move.to },
    { key: "rows", label: t("moves.rows"), numeric: true, draw: (move) => formatCount(move.total.rows), sort: (move) => move.total.rows },
    { key: "records", label: t("moves.records"), numeric: true, draw: (move) => formatCount(move.total.records), sort: (move) => move.total.records },
    { key: "quantity", label: t("moves.quantity"), numeric: true, draw: (move) => quantity(move.total.quantity), sort: (move) => Number(move.total.quantity) },
    part("netted"),
    part("corrected"),
    part("waiting"),
  ];
}

function uncorrectableColumns(names) {
  return [
    { key: "payer", label: t("moves.from"), draw: (each) => identifier(each.payerSubscriptionId), sort: (each) => each.payerSubscriptionId },
    { key: "endpoint", label: t("moves.endpoint"), sort: (each) => each.endpoint },
    { key: "dimension", label: t("moves.dimension"), draw: (each) => named(names.dimensionName(each.dimension), each.dimension), sort: (each) => names.dimensionName(each.dimension) },
    { key: "rows", label: t("moves.rows"), numeric: true, draw: (each) => formatCount(each.amount.rows), sort: (each) => each.amount.rows },
    { key: "records", label: t("moves.records"), numeric: true, draw: (each) => formatCount(each.amount.records), sort: (each) => each.amount.records },
    { key: "quantity", label: t("moves.quantity"), numeric: true, draw: (each) => quantity(each.amount.quantity), sort: (each) => Number(each.amount.quantity) },
  ];
}
