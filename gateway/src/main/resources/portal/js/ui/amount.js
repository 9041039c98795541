// Counts and quantities as the books have them.
import { h } from "../dom.js";
import { formatCount, formatExact, formatQuantity } from "../format.js";
import { identifier } from "./page.js";

/** A quantity for reading, its exact value in its title. */
export const quantity = (text) => h("span", { title: formatExact(text) }, formatQuantity(text));

/** Columns of a table for a count and its quantity, both links if `href(row)` gives one. */
export function amountColumns(countLabel, quantityLabel, amount, href) {
  const linked = (row, content) => (href?.(row) ? h("a", { href: href(row) }, content) : content);
  return [
    { key: "count", label: countLabel, numeric: true, sort: (row) => Number(amount(row).count), draw: (row) => linked(row, formatCount(amount(row).count)) },
    { key: "quantity", label: quantityLabel, numeric: true, sort: (row) => Number(amount(row).quantity), draw: (row) => quantity(amount(row).quantity) },
  ];
}

/** Who or what an id stands for: its name with the id as title, or the id itself where nobody named it. */
export const named = (name, id) => (name === id ? identifier(id) : h("span", { title: id }, name));
