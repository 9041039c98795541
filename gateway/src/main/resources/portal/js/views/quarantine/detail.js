// One record that is held: all of it, why it is held, and what can be done.
import { send } from "../../api.js";
import { h } from "../../dom.js";
import { formatExact, formatMoment } from "../../format.js";
import { addressWhileShown } from "../../router.js";
import { manages } from "../../session.js";
import { t } from "../../texts.js";
import { confirm, dialog, dialogActions } from "../../ui/dialog.js";
import { textField } from "../../ui/form.js";
import { button, facts, identifier } from "../../ui/page.js";
import { toast } from "../../ui/toast.js";
import { remedy } from "./missing.js";

/** Opens its dialog, whose address can be sent to a colleague. */
export function showRecord(held, context, refresh) {
  const { record, reason } = held;
  const box = dialog(record.id, [
    h("p", { class: "notice warn" }, t(`quarantine.${reason}Help`)),
    facts(
      [t("quarantine.reason"), t(`quarantine.${reason}`)],
      [t("quarantine.received"), formatMoment(held.receivedAt)],
      [t("quarantine.source"), h("span", { class: "mono" }, record.source)],
      [t("quarantine.recordId"), identifier(record.id)],
      [t("quarantine.subscription"), identifier(record.subscriptionId)],
      [t("quarantine.meter"), identifier(record.meterId)],
      [t("quarantine.quantity"), formatExact(record.quantity)],
      [t("quarantine.usageTime"), t("quarantine.span", { from: formatMoment(record.usageStartTime), to: formatMoment(record.usageEndTime) })],
      [t("quarantine.resource"), h("span", { class: "mono" }, record.resourceUri)],
      [t("quarantine.location"), record.location],
      [t("quarantine.tags"), record.tags && pairs(record.tags)],
      [t("quarantine.info"), record.additionalInfo && pairs(record.additionalInfo)]),
    manages() && dialogActions(
      button(t("quarantine.discard"), () => discard(held, context.kind, () => (box.close(), refresh())), {}),
      context.kind === "quarantine" && remedy({ reason, id: reason === "MeterUnknown" ? record.meterId : record.subscriptionId },
        { ...context, refresh: (delay) => (box.close(), refresh(delay)) })),
  ], { wide: true, onClose: addressWhileShown({ record: held.id }) });
}

function pairs(values) {
  const entries = Object.entries(values);
  return entries.length === 0 ? "–" : h("ul", {}, entries.map(([name, value]) => h("li", {}, h("span", { class: "muted" }, `${name}: `), typeof value === "string" ? value : JSON.stringify(value))));
}

function discard(held, kind, done) {
  confirm(t("quarantine.discard"), t(`quarantine.${kind}DiscardText`), {
    action: t("quarantine.discard"),
    danger: true,
    fields: [textField("reason", t("quarantine.why"), { required: true, maxlength: 1000, hint: t("quarantine.whyHint") })],
    act: async (values) => {
      await send("POST", `/${kind}/${held.id}/discard`, values);
      toast(t("quarantine.discarded"), "good");
      done();
    },
  });
}
