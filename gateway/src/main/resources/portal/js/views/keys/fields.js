// The fields of a new API key.
import { h, uniqueId } from "../../dom.js";
import { DAY, wireDay, wireTime } from "../../hours.js";
import { t } from "../../texts.js";
import { textField, UUID } from "../../ui/form.js";

const LONGEST_DAYS = 366;
const USUAL_DAYS = 90;

/** What the key is for. */
export const nameField = () => textField("displayName", t("keys.name"), { required: true, maxlength: 100, hint: t("keys.nameHint") });

/** The last day of the key; its value is the end of that day. */
export function expiryField(now = Date.now()) {
  const day = (days) => wireDay(now + days * DAY);
  const field = textField("expiresAt", t("keys.lastDay"), { type: "date", value: day(USUAL_DAYS - 1), required: true, hint: t("keys.lastDayHint", { days: LONGEST_DAYS }) });
  field.input.min = day(0);
  field.input.max = day(LONGEST_DAYS - 1);
  // Until then it works; the gateway wants the time itself.
  return { ...field, value: () => (field.value() ? wireTime(Date.parse(field.value()) + DAY) : null) };
}

/** The subscriptions that the key reads: to be ticked, or, where none are known, to be written. */
export function subscriptionsField(known) {
  return known.length === 0 ? written() : ticked(known);
}

function written() {
  const field = textField("subscriptions", t("keys.reads"), { required: true, pattern: /^[0-9a-f-]{36}([\s,]+[0-9a-f-]{36})*$/i, expected: t("keys.writeSubscriptions"), hint: t("keys.writeSubscriptions") });
  return { ...field, value: () => field.value().split(/[\s,]+/).filter((id) => UUID.test(id)) };
}

function ticked(known) {
  const boxes = known.map((one) => h("input", { type: "checkbox", value: one.id, checked: known.length === 1 }));
  const wrong = h("p", { class: "field-error", id: uniqueId("error"), hidden: true, role: "alert" });
  const chosen = () => boxes.filter((box) => box.checked).map((box) => box.value);
  const lines = known.map((one, index) => h("label", { class: "check" }, boxes[index], h("span", {}, one.name, " ", h("span", { class: "muted mono" }, one.id))));
  const search = known.length > 8 && h("input", { type: "search", placeholder: t("keys.find"), "aria-label": t("keys.find"), on: { input: () => {
    const text = search.value.toLowerCase();
    known.forEach((one, index) => (lines[index].hidden = !`${one.name} ${one.id}`.toLowerCase().includes(text)));
  } } });
  const element = h("fieldset", { class: "field choices" }, h("legend", {}, t("keys.reads")), search, h("div", { class: "choice-list" }, lines), wrong);
  function check() {
    wrong.hidden = chosen().length > 0 && chosen().length <= 100;
    wrong.textContent = wrong.hidden ? "" : t("keys.chooseSome");
    return wrong.hidden;
  }
  return { name: "subscriptions", element, value: chosen, check, focus: () => boxes[0].focus() };
}
