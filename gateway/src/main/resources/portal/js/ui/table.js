// Tables of rows that are all there; for millions see scrolltable.js.
import { h } from "../dom.js";
import { t } from "../texts.js";
import { icon } from "./icons.js";
import { empty } from "./states.js";

/**
 * A table that sorts by a click on a column's head.
 *
 * @param caption what it shows, for screen readers
 * @param columns `{key, label, draw?(row), sort?(row), numeric?, narrow?}`: `draw` makes a cell's content (else the row's member), `sort` what
 *   the column is sorted by (without it the column does not sort); narrow: false leaves it out on narrow screens
 * @param rows the rows
 * @param options `none`: what stands there without rows; `sortedBy`: key of a column, "-key" for falling; `href(row)`: where a row leads
 */
export function table(caption, columns, rows, { none, sortedBy, href } = {}) {
  if (rows.length === 0) {
    return none ?? empty(t("table.none"));
  }
  let [key, falling] = sortedBy ? [sortedBy.replace(/^-/, ""), sortedBy.startsWith("-")] : [null, false];
  const body = h("tbody");
  const head = h("tr");

  function draw() {
    const column = columns.find((one) => one.key === key);
    const shown = column ? [...rows].sort((a, b) => compare(column.sort(a), column.sort(b)) * (falling ? -1 : 1)) : rows;
    body.replaceChildren(...shown.map((row) => line(columns, row, href)));
    head.replaceChildren(...columns.map((one) => headCell(one, one.key === key ? falling : null, () => {
      [key, falling] = [one.key, one.key === key ? !falling : Boolean(one.numeric)];
      draw();
      head.querySelector(`[data-key="${one.key}"] button`).focus();
    })));
  }
  draw();
  return h("div", { class: "table-box", tabindex: "0", role: "region", "aria-label": caption },
    h("table", {}, h("caption", { class: "visually-hidden" }, caption), h("thead", {}, head), body));
}

function headCell(column, falling, onSort) {
  const attributes = { scope: "col", class: classes(column), data: { key: column.key } };
  if (!column.sort) {
    return h("th", attributes, column.label);
  }
  const order = falling == null ? "none" : falling ? "descending" : "ascending";
  return h("th", { ...attributes, "aria-sort": order },
    h("button", { type: "button", on: { click: onSort } }, column.label, falling != null && icon(falling ? "down" : "up")));
}

function line(columns, row, href) {
  return h("tr", {}, columns.map((column, index) => {
    const content = column.draw ? column.draw(row) : (row[column.key] ?? "–");
    const linked = index === 0 && href ? h("a", { href: href(row) }, content) : content;
    return h(index === 0 ? "th" : "td", { class: classes(column), ...(index === 0 ? { scope: "row" } : {}) }, linked);
  }));
}

function classes(column) {
  return [column.numeric && "number", column.narrow === false && "wide-only"].filter(Boolean).join(" ") || null;
}

function compare(a, b) {
  if (a == null || b == null) {
    return (a == null) - (b == null);
  }
  return typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), undefined, { numeric: true });
}
