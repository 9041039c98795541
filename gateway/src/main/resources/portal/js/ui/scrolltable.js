// A table of any number of rows: only those in sight are in the page. By keyboard and for screen readers it is a grid of all of them.
import { h, uniqueId } from "../dom.js";
import { formatCount } from "../format.js";
import { t } from "../texts.js";
import { icon } from "./icons.js";
import { button } from "./page.js";
import { RowFetch } from "./rowfetch.js";
import { ROW, Scroll } from "./scroll.js";
import { problem } from "./states.js";

const AHEAD = 60;

/**
 * The table. Arrow keys, Page up and down, Home and End move in it, Enter opens a row. What reads on by itself can be stopped.
 *
 * @param columns `{key, label, draw(row), width, numeric?, sortable?}`: `width` as in CSS grid-template-columns
 * @param source as in rows.js: `total`, `complete`, `row(index)`, `need(first, last, signal, onProgress)`; and as in chosenrows.js, if it reads on
 *   by itself: `full`, `stopped`, `stop()`, `goOn()`
 * @param options `sortedBy`: key of a column, "-key" for falling; `onSort(key)`; `onOpen(row)`; `status()`: a text about the rows; `none()`: what stands there without any
 */
export function scrollTable(signal, label, columns, source, options) {
  const frame = frameOf(label, columns, options);
  const open = () => !(source.complete || source.full || source.stopped);
  const scroll = new Scroll(frame.box, frame.head, () => source.total + (open() ? 1 : 0));
  const state = { active: 0, open, columns, source, options, scroll, frame };
  let painting = 0;
  state.paint = () => {
    cancelAnimationFrame(painting);
    painting = requestAnimationFrame(() => signal.aborted || draw(state));
  };
  state.fetch = new RowFetch(signal, source, {
    begin: () => frame.box.setAttribute("aria-busy", "true"),
    progress: state.paint,
    done: () => (frame.trouble.replaceChildren(), rest(state)),
    failed: (failure, retry) => (frame.trouble.replaceChildren(problem(failure, retry)), frame.box.removeAttribute("aria-busy")),
  });
  listen(state);
  const sizes = new ResizeObserver(state.paint);
  sizes.observe(frame.box);
  signal.addEventListener("abort", () => (sizes.disconnect(), cancelAnimationFrame(painting)), { once: true });
  return h("div", { class: "grid-part" }, frame.trouble, frame.box, h("p", { class: "muted grid-status" }, frame.where, frame.told, source.stop && stopButton(state)));
}

function rest({ frame, paint }) {
  frame.box.removeAttribute("aria-busy");
  paint();
}

function frameOf(label, columns, { sortedBy, onSort }) {
  // Less than the columns' least widths together it is never: then it scrolls sideways.
  const least = `${columns.reduce((all, column) => all + parseFloat(/[\d.]+/.exec(column.width)[0]), 0)}rem`;
  const template = { "grid-template-columns": columns.map((column) => column.width).join(" ") };
  const head = h("div", { class: "grid-row grid-head", role: "row", "aria-rowindex": 1, style: template }, columns.map((column) => headCell(column, sortedBy, onSort)));
  const layer = h("div", { class: "grid-layer", role: "rowgroup" });
  const spacer = h("div", { class: "grid-spacer", role: "presentation" });
  const box = h("div", { class: "grid-box", role: "grid", tabindex: "0", "aria-label": label, "aria-colcount": columns.length, "aria-readonly": "true", data: { focus: "grid" }, style: { "--grid-width": least } },
    h("div", { role: "rowgroup", class: "grid-top" }, head), layer, spacer);
  // What is loaded is told; where one is, the focused row says.
  return { id: uniqueId("grid"), template, head, layer, spacer, box, where: h("span", {}), told: h("span", { role: "status" }), trouble: h("div", {}) };
}

function draw(state) {
  const { source, scroll, frame, fetch, options } = state;
  frame.spacer.style.height = `${scroll.height}px`;
  frame.box.setAttribute("aria-rowcount", source.complete ? source.total + 1 : -1);
  const [first, last] = scroll.range;
  const rows = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => source.row(first + at));
  const missing = rows.includes(undefined);
  const none = rows.length === 0 && options.none;
  frame.layer.replaceChildren(...(none ? [h("div", { class: "grid-none", role: "row" }, h("div", { role: "gridcell" }, none()))] : rows.map((row, at) => line(state, first + at, row))));
  const current = frame.layer.querySelector(".active");
  current ? frame.box.setAttribute("aria-activedescendant", current.id) : frame.box.removeAttribute("aria-activedescendant");
  say(state, first, last, missing);
  const ahead = source.row(last + AHEAD) === undefined && last + AHEAD < source.total + (state.open() ? 1 : 0);
  (missing || ahead) && fetch.soon(first, missing ? last : last + AHEAD);
}

function say({ source, frame, options, showStop, open }, first, last, missing) {
  const position = source.total > 0 && t(source.complete ? "scroll.position" : "scroll.positionSoFar",
    { first: formatCount(first + 1), last: formatCount(Math.min(last + 1, source.total)), total: formatCount(source.total) });
  frame.where.textContent = [position, missing && source.at && t("scroll.reading", { row: formatCount(source.at) })].filter(Boolean).join(" · ");
  const news = options.status?.() ?? "";
  frame.told.textContent !== news && (frame.told.textContent = news);
  showStop?.(missing && open());
}

function line(state, index, row) {
  const { columns, scroll, frame, options } = state;
  const chosen = index === state.active;
  const open = () => row && ((state.active = index), draw(state), options.onOpen(row));
  return h("div", {
    class: ["grid-row", chosen && "active", index % 2 && "odd"].filter(Boolean).join(" "), role: "row", id: `${frame.id}-${index}`, "aria-rowindex": index + 2,
    "aria-selected": chosen ? "true" : null, style: { ...frame.template, top: `${Math.round(index * ROW - scroll.top)}px` }, on: { click: open },
  }, row === undefined
    ? [h("div", { class: "grid-cell", role: "gridcell", "aria-colspan": columns.length }, h("span", { class: "bone" }), h("span", { class: "visually-hidden" }, t("state.loading")))]
    : columns.map((column) => h("div", { class: column.numeric ? "grid-cell number" : "grid-cell", role: "gridcell" }, column.draw(row))));
}

// Reading on for few hits may take long: it can be stopped, and gone on with.
function stopButton(state) {
  const { source, frame, paint } = state;
  const element = button(t("scroll.stop"), () => {
    source.stopped ? source.goOn() : source.stop();
    paint();
  }, { kind: "small" });
  element.hidden = true;
  state.showStop = (reading) => {
    const hidden = !reading && !source.stopped;
    hidden && document.activeElement === element && frame.box.focus();
    element.hidden = hidden;
    element.textContent = t(source.stopped ? "scroll.goOn" : "scroll.stop");
  };
  return element;
}

function listen(state) {
  const { scroll, paint, frame: { box } } = state;
  box.addEventListener("scroll", () => (scroll.follow(), paint()), { passive: true });
  box.addEventListener("wheel", (event) => {
    if (scroll.inProportion && !event.ctrlKey && !event.shiftKey && Math.abs(event.deltaY) > Math.abs(event.deltaX)) {
      event.preventDefault();
      scroll.to(scroll.top + event.deltaY * (event.deltaMode === 1 ? ROW : 1));
      paint();
    }
  }, { passive: false });
  box.addEventListener("keydown", (event) => event.target === box && !event.altKey && !event.metaKey && onKey(event, state));
}

function onKey(event, state) {
  const { source, scroll, options, active } = state;
  const pageful = Math.max(1, Math.floor(scroll.view / ROW) - 1);
  const moves = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + pageful, PageUp: active - pageful, Home: 0, End: source.total - 1 };
  if (event.key in moves) {
    event.preventDefault();
    state.active = Math.min(source.total - 1, Math.max(0, moves[event.key]));
    scroll.reveal(state.active);
    state.paint();
  } else if ((event.key === "Enter" || event.key === " ") && source.row(active)) {
    event.preventDefault();
    options.onOpen(source.row(active));
  }
}

function headCell(column, sortedBy, onSort) {
  const falling = sortedBy === `-${column.key}`;
  const sorted = falling || sortedBy === column.key;
  const order = !column.sortable ? null : falling ? "descending" : sorted ? "ascending" : "none";
  return h("div", { class: column.numeric ? "grid-cell number" : "grid-cell", role: "columnheader", "aria-sort": order },
    column.sortable
      ? h("button", { type: "button", data: { focus: `sort.${column.key}` }, on: { click: () => onSort(column.key) } }, column.label, sorted && icon(falling ? "down" : "up"))
      : column.label);
}
