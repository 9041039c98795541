// One usage record, whole: what was used, where, and what came with it.
import { h } from "../../dom.js";
import { formatExact, formatMoment } from "../../format.js";
import { flatten } from "../../json.js";
import { t } from "../../texts.js";
import { dialog } from "../../ui/dialog.js";
import { facts, identifier } from "../../ui/page.js";

/** Opens a record. */
export function openRecord(row) {
  const tags = Object.entries(row.tags);
  dialog(row.meterName, [
    h("p", { class: "record-quantity" }, h("strong", {}, formatExact(row.quantity)), " ", row.unit),
    facts(
      [t("usage.start"), t("usage.used", { from: formatMoment(row.start), to: formatMoment(row.end) })],
      [t("usage.resource"), row.resource || "–"],
      [t("usage.type"), row.type || null],
      [t("usage.group"), row.group || null],
      [t("usage.location"), row.location || null],
      [t("usage.subscription"), identifier(row.subscription)],
      [t("usage.uri"), row.uri ? identifier(row.uri) : null],
      [t("usage.meterId"), identifier(row.meterId)]),
    section(t("usage.tags"), tags.length > 0 ? facts(...tags.map(([name, value]) => [name, value])) : h("p", { class: "muted" }, t("usage.noTags"))),
    more(row.additionalInfo),
  ]);
}

const section = (title, content) => h("section", { class: "record-part" }, h("h3", {}, title), content);

// As a text or an object, of whatever members the resource provider sends.
function more(info) {
  const members = flatten(info ?? "");
  const [[path, value] = []] = members;
  if (members.size === 0 || (path === "" && !value)) {
    return null;
  }
  return section(t("usage.additionalInfo"), path === "" ? h("p", {}, value) : facts(...[...members].map(([name, each]) => [name, each ?? "–"])));
}
