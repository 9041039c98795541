// Dialogs: the browser's own, so that focus, Escape and what lies behind are as people expect.
import { h, uniqueId } from "../dom.js";
import { t } from "../texts.js";
import { icon } from "./icons.js";
import { problem } from "./states.js";

/**
 * Opens a dialog and returns it. It is gone from the page when it closes; `onClose` is told.
 *
 * @param content its content; actions belong into a `dialogActions`
 */
export function dialog(title, content, { onClose, wide = false } = {}) {
  const id = uniqueId("dialog");
  const element = h("dialog", { "aria-labelledby": id, class: wide ? "wide" : null },
    h("div", { class: "dialog-head" }, h("h2", { id }, title),
      h("button", { class: "button quiet", type: "button", "aria-label": t("dialog.close"), on: { click: () => element.close() } }, icon("close"))),
    h("div", { class: "dialog-body" }, content));
  element.addEventListener("close", () => {
    element.remove();
    onClose?.();
  });
  document.body.append(element);
  element.showModal();
  return element;
}

/** Buttons at the end of a dialog or form. */
export const dialogActions = (...buttons) => h("div", { class: "dialog-actions" }, buttons);

/**
 * Asks before something is changed, and does it: the button is at rest while it runs, a failure is shown in the dialog, which stays.
 *
 * @param act called with the fields' values `{name: value}`; the dialog closes when it is done
 * @param fields inputs made by form.js, put between text and buttons
 */
export function confirm(title, text, { act, action, danger = false, fields = [] }) {
  const outcome = h("div", { "aria-live": "polite" });
  const go = h("button", { class: `button ${danger ? "danger" : "primary"}`, type: "submit" }, action);
  const form = h("form", { novalidate: true, on: { submit: onSubmit } },
    text && h("p", {}, text), fields.map((field) => field.element), outcome,
    dialogActions(h("button", { class: "button", type: "button", on: { click: () => box.close() } }, t("dialog.cancel")), go));
  const box = dialog(title, form);

  async function onSubmit(event) {
    event.preventDefault();
    if (!fields.every((field) => field.check())) {
      fields.find((field) => !field.check())?.focus();
      return;
    }
    go.disabled = true;
    go.setAttribute("aria-busy", "true");
    try {
      await act(Object.fromEntries(fields.map((field) => [field.name, field.value()])));
      box.close();
    } catch (failure) {
      outcome.replaceChildren(problem(failure));
    } finally {
      go.disabled = false;
      go.removeAttribute("aria-busy");
    }
  }
  return box;
}
