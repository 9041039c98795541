// A dialog of several steps: each step takes the place of the one before, and focus goes with it.
import { h } from "../dom.js";
import { dialog } from "./dialog.js";
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

/** Runs something for a button of a step; answers whether it went well. */
export async function running(button, act) {
  const outcome = button.closest(".step").querySelector(".step-outcome");
  outcome.replaceChildren();
  button.setAttribute("aria-busy", "true");
  button.disabled = true;
  try {
    await act();
    return true;
  } catch (failure) {
    outcome.replaceChildren(problem(failure));
    return false;
  } finally {
    button.disabled = false;
    button.removeAttribute("aria-busy");
  }
}
