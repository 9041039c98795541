// One entry of the audit, with what was before and after side by side.
import { h, hidden } from "../../dom.js";
import { formatMoment } from "../../format.js";
import { PATH_STEP, flatten, parseExact } from "../../json.js";
import { link } from "../../router.js";
import { session } from "../../session.js";
import { t } from "../../texts.js";
import { dialog } from "../../ui/dialog.js";
import { facts, identifier } from "../../ui/page.js";
import { actionName } from "./actions.js";
import { diff } from "./diff.js";

/** The tenant of whoever did it; the operator's own has no name in its directory that would say so. */
export const tenantName = (id, names) => (id === session().tenantId ? t("audit.operator") : names.tenantName(id));

/** Opens its dialog. `names` is the operator's directory, or null. */
export function showEntry(entry, names, onClose) {
  dialog(actionName(entry.action), [
    facts(
      [t("audit.time"), formatMoment(entry.recordedAt)],
      [t("audit.number"), entry.auditId],
      [t("audit.action"), h("code", {}, entry.action)],
      [t("audit.target"), identifier(entry.target)],
      [t("audit.who"), identifier(entry.subject)],
      [t("audit.tenantId"), names ? [tenantName(entry.tenantId, names), " ", identifier(entry.tenantId)] : identifier(entry.tenantId)],
      [t("audit.reason"), entry.reason],
      [t("audit.request"), identifier(entry.correlationId)]),
    changeOf(entry),
    entry.hash && h("details", { class: "audit-chain" }, h("summary", {}, t("audit.chain")),
      facts([t("audit.hash"), identifier(entry.hash)], [t("audit.previousHash"), identifier(entry.previousHash)])),
    h("div", { class: "dialog-actions" },
      h("a", { class: "button", href: link("audit", { subject: entry.subject }) }, t("audit.sameSubject")),
      h("a", { class: "button", href: link("audit", { target: entry.target }) }, t("audit.sameTarget"))),
  ], { wide: true, onClose });
}

function changeOf(entry) {
  const detail = readable(entry);
  if (detail === null || typeof detail !== "object") {
    return h("pre", {}, entry.detail);
  }
  const { before, after, ...rest } = detail;
  const sides = "before" in detail || "after" in detail;
  const more = flatten(rest);
  return [
    more.size > 0 && facts(...[...more].map(([path, value]) => [path, value ?? "–"])),
    sides && sideBySide(before, after),
    !sides && more.size === 0 && h("p", { class: "muted" }, t("audit.noDetail")),
  ];
}

function readable({ action, target, detail }) {
  try {
    const parsed = parseExact(detail);
    // Its entry says how far windows were closed before; how far they are after is what it was done to.
    return action === "windows.seal" ? { ...parsed, after: target } : parsed;
  } catch {
    return null;
  }
}

function sideBySide(before, after) {
  const lines = diff(before, after);
  const same = lines.filter((line) => !line.changed);
  return [
    lines.some((line) => line.changed) ? diffTable(t("audit.changes"), lines.filter((line) => line.changed)) : h("p", { class: "notice" }, t("audit.noChange")),
    same.length > 0 && h("details", {}, h("summary", {}, t("audit.unchanged", { n: same.length })), diffTable(t("audit.unchangedCaption"), same)),
  ];
}

// On narrow screens its rows are stacked, which takes a table its meaning: the roles give it back.
function diffTable(caption, lines) {
  return h("div", { class: "table-box", tabindex: "0", role: "region", "aria-label": caption },
    h("table", { class: "diff", role: "table" }, h("caption", { class: "visually-hidden" }, caption),
      h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, [t("audit.member"), t("audit.before"), t("audit.after")].map((text) => h("th", { scope: "col", role: "columnheader" }, text)))),
      h("tbody", { role: "rowgroup" }, lines.map((line) => h("tr", { role: "row" }, member(line.path), side(line, "before", "−"), side(line, "after", "+"))))));
}

// The last step of a path says what it is; what it is of stands below.
function member(path) {
  const steps = path.split(PATH_STEP);
  const of = steps.slice(0, -1).join(PATH_STEP);
  return h("th", { scope: "row", role: "rowheader" }, steps.at(-1) || t("audit.value"), of && h("div", { class: "hint mono" }, of));
}

// Colour alone would not say it: a sign stands before what went and what came.
function side(line, name, sign) {
  const value = line[name];
  const there = value !== undefined;
  return h("td", { role: "cell", data: { side: t(`audit.${name}`) }, class: line.changed && there ? `diff-${name}` : null },
    !there ? [h("span", { "aria-hidden": "true" }, "–"), hidden(t("audit.nothing"))] : [line.changed && h("span", { class: "diff-sign", "aria-hidden": "true" }, sign), value === null ? h("em", {}, t("audit.null")) : value]);
}
