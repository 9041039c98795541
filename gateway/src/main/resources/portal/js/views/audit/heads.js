// The heads of the audit's chain: kept elsewhere, they show later whether anything was written anew or cut off.
import { getAll } from "../../api.js";
import { h } from "../../dom.js";
import { saveAs } from "../../download.js";
import { formatDay } from "../../format.js";
import { t } from "../../texts.js";
import { dialog } from "../../ui/dialog.js";
import { badge, button, identifier } from "../../ui/page.js";
import { empty, part } from "../../ui/states.js";
import { table } from "../../ui/table.js";

const MOST = 4000;

/** Opens the dialog with the heads of all days, the latest first. */
export function showHeads(signal) {
  const closed = new AbortController();
  dialog(t("audit.heads"), [
    h("p", {}, t("audit.headsText")),
    h("p", {}, h("code", {}, "tallygate audit verify --head heads.ndjson")),
    part(AbortSignal.any([signal, closed.signal]), (ended) => getAll("/audit/heads", {}, { signal: ended, limit: MOST }), draw),
  ], { wide: true, onClose: () => closed.abort() });
}

function draw({ rows }) {
  return [
    table(t("audit.heads"), [
      { key: "day", label: t("audit.day"), draw: (head) => h("span", { class: "nowrap" }, formatDay(head.day), " ", head.ended ? null : badge(t("audit.dayOpen"))) },
      { key: "number", label: t("audit.number"), numeric: true, draw: (head) => head.auditId },
      { key: "hash", label: t("audit.hash"), draw: (head) => h("span", { class: "whole" }, identifier(head.hash)) },
    ], [...rows].reverse(), { none: empty(t("audit.noHeads")) }),
    rows.length > 0 && h("div", { class: "dialog-actions" }, button(t("audit.download"), () => download(rows), { iconName: "download" })),
  ].filter(Boolean);
}

// As `tallygate audit heads` prints them: a line each.
function download(rows) {
  saveAs(new Blob(rows.map((head) => `${JSON.stringify(head)}\n`), { type: "application/x-ndjson" }), "heads.ndjson");
}
