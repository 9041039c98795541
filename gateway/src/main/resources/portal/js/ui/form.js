// Fields of forms: a label, an input, a hint, and a message that says what was expected.
import { h, uniqueId } from "../dom.js";
import { t } from "../texts.js";

/**
 * A text field: `{name, element, value(), check(), focus()}`.
 *
 * @param options `hint`, `required`, `pattern` (RegExp) with `expected` (its words), `type`, `value`, `list` (suggestions), `maxlength`
 */
export function textField(name, label, options = {}) {
  const list = options.list && h("datalist", { id: uniqueId("list") }, options.list.map((each) =>
    typeof each === "string" ? h("option", { value: each }) : h("option", { value: each.value }, each.label)));
  const input = h("input", { type: options.type ?? "text", name, value: options.value, maxlength: options.maxlength, list: list?.id, step: options.step,
    required: options.required, autocomplete: "off", spellcheck: "false" });
  return field(name, label, input, options, list);
}

/** A choice: options are `[value, label]` pairs. */
export function selectField(name, label, choices, options = {}) {
  const select = h("select", { name }, choices.map(([value, text]) => h("option", { value, selected: value === options.value }, text)));
  return field(name, label, select, options);
}

/** A box to tick. Its value is a boolean. */
export function checkField(name, label, options = {}) {
  const input = h("input", { type: "checkbox", name, checked: options.value });
  return { name, element: h("label", { class: "check" }, input, h("span", {}, label)), value: () => input.checked, check: () => true, focus: () => input.focus(), input };
}

function field(name, label, input, options, ...more) {
  const hint = options.hint && h("p", { class: "hint", id: uniqueId("hint") }, options.hint);
  const message = h("p", { class: "field-error", id: uniqueId("error"), hidden: true });
  input.id = uniqueId("field");
  input.setAttribute("aria-describedby", [hint?.id, message.id].filter(Boolean).join(" "));
  const value = () => input.value.trim();
  function check() {
    const wrong = (options.required && !value() && t("form.required"))
      || (value() && options.pattern && !options.pattern.test(value()) && (options.expected ?? t("form.wrong")));
    message.hidden = !wrong;
    message.textContent = wrong || "";
    input.setAttribute("aria-invalid", String(Boolean(wrong)));
    return !wrong;
  }
  input.addEventListener("change", check);
  return { name, value, check, input, focus: () => input.focus(),
    element: h("div", { class: "field" }, h("label", { for: input.id }, label), input, more, hint, message) };
}

/** A UUID, as the API takes it. */
export const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
