// Parts of a whole as bars in a list: readable without colours, by keyboard and by screen readers.
import { h } from "../dom.js";
import { formatExact, formatQuantity, formatShare } from "../format.js";

/**
 * A list of bars, longest as wide as there is room.
 *
 * @param items `{label, note, title, quantity, href, other}`: `note` tells equal labels apart, `quantity` a decimal text, `href` where its rows are
 * @param options `unit` of all quantities; `whole`, a decimal text: the shares are of it
 */
export function bars(items, { unit, whole, label }) {
  const longest = Math.max(...items.map((item) => Math.abs(Number(item.quantity))), Number.MIN_VALUE);
  return h("ul", { class: "bars", "aria-label": label }, items.map((item) => {
    const width = `${Math.max(0.5, (Math.abs(Number(item.quantity)) / longest) * 100)}%`;
    const content = [
      h("span", { class: "bar-label", title: item.title ?? item.label }, item.label, item.note && h("span", { class: "muted" }, ` ${item.note}`)),
      h("span", { class: "bar-value", title: `${formatExact(item.quantity)} ${unit}` }, formatQuantity(item.quantity)),
      whole && h("span", { class: "bar-share muted" }, formatShare(item.quantity, whole)),
      h("span", { class: "bar-track", "aria-hidden": "true" }, h("span", { class: item.other ? "bar-fill other" : "bar-fill", style: { width } })),
    ];
    return h("li", {}, item.href ? h("a", { class: "bar", href: item.href }, content) : h("div", { class: "bar" }, content));
  }));
}
