// What stands where data should be: while it loads, when there is none, when it failed, when it may not be seen.
import { ApiProblem } from "../api.js";
import { h } from "../dom.js";
import { link } from "../router.js";
import { session } from "../session.js";
import { t } from "../texts.js";
import { icon } from "./icons.js";
import { button } from "./page.js";

/** A calm stand-in while data is on its way. */
export function skeleton(lines = 4) {
  return h("div", { class: "skeleton", role: "status" },
    h("span", { class: "visually-hidden" }, t("state.loading")),
    Array.from({ length: lines }, () => h("div", { class: "bone" })));
}

// Their titles are no headings: they stand at any depth of a page.
/** Nothing is there, and that is fine: says why, and what to do next if there is something. */
export function empty(title, text, action) {
  return h("div", { class: "state" }, icon("empty"), h("p", { class: "state-title" }, title), text && h("p", {}, text), action);
}

/** It failed: says what, in the gateway's words, with the id under which its log has it. */
export function problem(failure, retry) {
  const known = failure instanceof ApiProblem;
  const title = known && failure.status === 0 ? t("state.offline") : t("state.failed");
  return h("div", { class: "state bad", role: "alert" },
    icon("warning"),
    h("p", { class: "state-title" }, title),
    h("p", {}, failure.message),
    known && failure.status > 0 && h("p", { class: "muted" }, t("state.code", { code: failure.code, status: failure.status })),
    known && failure.correlationId && h("p", { class: "muted" }, t("state.correlation"), " ", h("code", {}, failure.correlationId)),
    retry && h("button", { class: "button", type: "button", on: { click: retry } }, t("state.retry")));
}

/** The caller may not see it: `text` is what the gateway says of it, if it was asked. Says who is signed in, since often it is another account that may. */
export function noPermission(title, text) {
  return h("div", { class: "state page" }, icon("lock"), h("h1", {}, title),
    h("p", {}, text ?? t("state.noPermission")),
    h("p", { class: "muted" }, t("state.signedInAs", { name: session().name })),
    h("a", { class: "button", href: link("overview") }, t("state.toOverview")));
}

/** The address names no view. */
export function notFound() {
  return h("div", { class: "state page" }, icon("empty"), h("h1", {}, t("shell.notFound")), h("p", {}, t("state.notFound")),
    h("a", { class: "button", href: link("overview") }, t("state.toOverview")));
}

/**
 * An element that fills itself: a skeleton until `load(signal)` is done, then what `draw` makes of it, or the failure with a button
 * that tries again. Once the view is left nothing is drawn any more.
 */
export function part(signal, load, draw, { lines = 4, label } = {}) {
  const element = h("div", { class: "part", "aria-busy": "true", ...(label ? { role: "group", "aria-label": label } : {}) });
  async function fill() {
    element.setAttribute("aria-busy", "true");
    element.replaceChildren(skeleton(lines));
    let content;
    try {
      content = await draw(await load(signal));
    } catch (failure) {
      if (signal.aborted) {
        return;
      }
      content = failure instanceof ApiProblem && failure.status === 403
        ? h("div", { class: "state" }, icon("lock"), h("p", {}, failure.message))
        : problem(failure, fill);
    }
    if (!signal.aborted) {
      element.replaceChildren(...[content].flat(Infinity).filter((child) => child != null && child !== false));
      element.removeAttribute("aria-busy");
    }
  }
  fill();
  element.refresh = fill;
  return element;
}

/**
 * A button in the place of what takes long, and what it made after that.
 *
 * @param text of the button
 * @param make gives the element
 * @param label what it is about, for those who do not see it
 */
export function onDemand(text, make, { label }) {
  const element = h("div", { class: "state" }, button(text, () => {
    const made = make();
    made.tabIndex = -1;
    element.replaceWith(made);
    made.focus({ preventScroll: true });
  }, { label: `${text}: ${label}` }));
  return element;
}
