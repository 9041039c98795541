// A dialog of several steps: each step takes the place of the one before, and focus goes with it.
import { h } from "../dom.js";
import { t } from "../texts.js";
import { dialog } from "./dialog.js";
import { button } from "./page.js";
import { problem } from "./states.js";

/**
 * Opens it: `{show(title, content, ...buttons), close()}`. A step's buttons are made by `stepButton`; what fails is shown above them.
 */
export function steps(title, { onClose } = {}) {
  const body = h("div", { class: "step" });
  const box = dialog(title, body, { wide: true, onClose });
  function show(heading, content, ...buttons) {
    const head = h("h3", { tabindex: "-1" }, heading);
    const outcome = h("div", { class: "step-outcome", "aria-live": "polite" });
    body.replaceChildren(head, ...[content].flat(Infinity).filter(Boolean), outcome, h("div", { class: "dialog-actions" }, buttons));
    head.focus();
    box.scrollTop = 0;
  }
  return { show, close: () => box.close() };
}

/** A button that runs something: it is at rest meanwhile, and a failure is shown in its step. kind as for buttons. */
export function stepButton(text, act, kind = "plain") {
  const element = h("button", { class: `button ${kind}`, type: "button" }, text);
  element.addEventListener("click", () => running(element, act));
  return element;
}

/** Fields of a step with Cancel and `action`; what is wrong is said at its field, and the first of them gets the focus. */
export function stepForm(flow, action, content, fields, act) {
  const next = h("button", { class: "button primary", type: "submit" }, action);
  return h("form", { novalidate: true, on: { submit: onSubmit } }, content, h("div", { class: "dialog-actions" }, button(t("dialog.cancel"), flow.close), next));

  async function onSubmit(event) {
    event.preventDefault();
    const wrong = fields.filter((field) => !field.check());
    wrong.length > 0 ? wrong[0].focus() : await running(next, act);
  }
}

// Answers whether it went well.
async function running(element, act) {
  const outcome = element.closest(".step").querySelector(".step-outcome");
  outcome.replaceChildren();
  element.setAttribute("aria-busy", "true");
  element.disabled = true;
  try {
    await act();
    return true;
  } catch (failure) {
    outcome.replaceChildren(problem(failure));
    return false;
  } finally {
    element.disabled = false;
    element.removeAttribute("aria-busy");
  }
}
