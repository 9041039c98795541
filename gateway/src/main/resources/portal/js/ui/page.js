// The parts that views are put together from.
import { h } from "../dom.js";
import { t } from "../texts.js";
import { icon } from "./icons.js";
import { toast } from "./toast.js";

/** The head of a view: its title, one line that says what it shows, and its actions. */
export function heading(title, text, ...actions) {
  return h("div", { class: "heading" }, h("div", {}, h("h1", {}, title), text && h("p", { class: "muted" }, text)), h("div", { class: "actions" }, actions));
}

/** A box with a title. */
export function card(title, content, { actions, wide = false, text } = {}) {
  return h("section", { class: wide ? "card wide" : "card" },
    h("div", { class: "card-head" }, h("div", {}, h("h2", {}, title), text && h("p", { class: "muted" }, text)), actions && h("div", { class: "actions" }, actions)),
    content);
}

/** One figure: what it is, its value, a note; leads to its rows if it has an address. */
export function figure(label, value, { note, kind = "", href, title } = {}) {
  const content = [h("span", { class: "figure-label" }, label), h("span", { class: "figure-value", title }, value), note && h("span", { class: "figure-note" }, note)];
  return href ? h("a", { class: `figure ${kind}`, href }, content) : h("div", { class: `figure ${kind}` }, content);
}

/** Figures in a row. */
export const figures = (...children) => h("div", { class: "figures" }, children);

/** The same with less room for each: six or more in a row. */
export function tight(row) {
  row.classList.add("tight");
  return row;
}

/** A word about a state: kind is good, warn, bad or plain. */
export const badge = (text, kind = "plain", title) => h("span", { class: `badge ${kind}`, title }, text);

/** A button. kind: primary, quiet, danger or plain. */
export function button(text, onClick, { kind = "plain", iconName, disabled = false, label } = {}) {
  return h("button", { class: `button ${kind}`, type: "button", disabled, "aria-label": label, on: { click: onClick } }, iconName && icon(iconName), text);
}

/** A link that looks like a button. */
export const linkButton = (text, href, { kind = "plain", iconName, download } = {}) =>
  h("a", { class: `button ${kind}`, href, download }, iconName && icon(iconName), text);

/** An id: shortened where there is little room, whole in its title, copied by a click. */
export function identifier(id) {
  return h("button", { class: "identifier", type: "button", title: t("page.copyId", { id }), on: { click: () => copy(id) } }, id);
}

/** Copies a text and says so. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(t("page.copied"), "good");
  } catch {
    toast(t("page.notCopied"), "bad");
  }
}

/** Names and their values: pairs of [text, node or text]; those whose value is null are left out. */
export const facts = (...pairs) =>
  h("dl", { class: "facts" }, pairs.filter(([, value]) => value != null).map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
