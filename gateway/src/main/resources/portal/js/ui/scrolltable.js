// A table of any number of rows: only those in sight are in the page. By keyboard and for screen readers it is a grid of all of them.
import { h, uniqueId } from "../dom.js";
import { formatCount } from "../format.js";
import { t } from "../texts.js";
import { icon } from "./icons.js";
import { problem } from "./states.js";

const ROW = 40;
// Browsers draw no element that is much higher: what is more is scrolled in proportion.
const HIGHEST = 8_000_000;
const AHEAD = 60;

/**
 * The table. Arrow keys, Page up and down, Home and End move in it, Enter opens a row.
 *
 * @param columns `{key, label, draw(row), width, numeric?, sortable?}`: `width` as in CSS grid-template-columns
 * @param source as in rows.js: `total`, `complete`, `row(index)`, `need(first, last, signal, onProgress)`
 * @param options `sortedBy`: key of a column, "-key" for falling; `onSort(key)`; `onOpen(row)`; `status()`: a text about the rows; `none()`: what stands there without any
 */
export function scrollTable(signal, label, columns, source, { sortedBy, onSort, onOpen, status, none }) {
  const id = uniqueId("grid");
  // Less than the columns' least widths together it is never: then it scrolls sideways.
  const least = `${columns.reduce((all, column) => all + parseFloat(/[\d.]+/.exec(column.width)[0]), 0)}rem`;
  const template = { "grid-template-columns": columns.map((column) => column.width).join(" ") };
  const head = h("div", { class: "grid-row grid-head", role: "row", "aria-rowindex": 1, style: template }, columns.map((column) => headCell(column, sortedBy, onSort)));
  const layer = h("div", { class: "grid-layer", role: "rowgroup" });
  const spacer = h("div", { class: "grid-spacer", role: "presentation" });
  const box = h("div", { class: "grid-box", role: "grid", tabindex: "0", "aria-label": label, "aria-colcount": columns.length, "aria-readonly": "true", data: { focus: "grid" }, style: { "--grid-width": least } },
    h("div", { role: "rowgroup", class: "grid-top" }, head), layer, spacer);
  // What is loaded is told; where one is, the focused row says.
  const where = h("span", {});
  const told = h("span", { role: "status" });
  const line = h("p", { class: "muted grid-status" }, where, told);
  const trouble = h("div", {});
  let top = 0;
  let expected = 0;
  let active = 0;
  let loading = null;
  let waiting = null;
  let painting = 0;

  const rows = () => source.total + (source.complete || source.full ? 0 : 1);
  const view = () => Math.max(ROW, box.clientHeight - head.offsetHeight);
  const height = () => Math.min(HIGHEST, rows() * ROW);
  const farthest = () => Math.max(0, rows() * ROW - view());
  const ratio = () => (rows() * ROW > HIGHEST ? farthest() / (HIGHEST - view()) : 1);

  function scrollTo(position) {
    top = Math.min(farthest(), Math.max(0, position));
    expected = top / ratio();
    box.scrollTop = expected;
    paint();
  }

  function paint() {
    cancelAnimationFrame(painting);
    painting = requestAnimationFrame(draw);
  }

  function draw() {
    if (signal.aborted) {
      return;
    }
    spacer.style.height = `${height()}px`;
    box.setAttribute("aria-rowcount", source.complete ? source.total + 1 : -1);
    const first = Math.floor(top / ROW);
    const last = Math.min(rows() - 1, Math.ceil((top + view()) / ROW));
    let missing = false;
    const shown = [];
    for (let index = first; index <= last; index++) {
      const row = source.row(index);
      missing ||= row === undefined;
      shown.push(rowOf(index, row));
    }
    layer.replaceChildren(...(shown.length === 0 && none ? [h("div", { class: "grid-none", role: "row" }, h("div", { role: "gridcell" }, none()))] : shown));
    const current = layer.querySelector(".active");
    current ? box.setAttribute("aria-activedescendant", current.id) : box.removeAttribute("aria-activedescendant");
    where.textContent = [position(first, last), missing && source.at && t("scroll.reading", { row: formatCount(source.at) })].filter(Boolean).join(" · ");
    const news = status?.() ?? "";
    told.textContent !== news && (told.textContent = news);
    missing ? fetchSoon(first, last) : last + AHEAD < rows() && source.row(last + AHEAD) === undefined && fetchSoon(first, last + AHEAD);
  }

  function position(first, last) {
    return source.total === 0 ? "" : t(source.complete ? "scroll.position" : "scroll.positionSoFar",
      { first: formatCount(first + 1), last: formatCount(Math.min(last + 1, source.total)), total: formatCount(source.total) });
  }

  function rowOf(index, row) {
    const chosen = index === active;
    return h("div", {
      class: ["grid-row", chosen && "active", index % 2 && "odd"].filter(Boolean).join(" "), role: "row", id: `${id}-${index}`, "aria-rowindex": index + 2,
      "aria-selected": chosen ? "true" : null, style: { ...template, top: `${Math.round(index * ROW - top)}px` },
      on: { click: () => row && ((active = index), draw(), onOpen(row)) },
    }, row === undefined
      ? [h("div", { class: "grid-cell", role: "gridcell", "aria-colspan": columns.length }, h("span", { class: "bone" }), h("span", { class: "visually-hidden" }, t("state.loading")))]
      : columns.map((column) => h("div", { class: column.numeric ? "grid-cell number" : "grid-cell", role: "gridcell" }, column.draw(row))));
  }

  // Not for every row that flies by.
  function fetchSoon(first, last) {
    clearTimeout(waiting);
    waiting = setTimeout(() => load(first, last), 90);
  }

  async function load(first, last) {
    if (loading && loading.first <= first && loading.last >= last) {
      return;
    }
    loading?.abort.abort();
    const own = (loading = { first, last, abort: new AbortController() });
    box.setAttribute("aria-busy", "true");
    try {
      await source.need(first, last, AbortSignal.any([signal, own.abort.signal]), paint);
      trouble.replaceChildren();
    } catch (failure) {
      if (!signal.aborted && !own.abort.signal.aborted) {
        trouble.replaceChildren(problem(failure, () => load(first, last)));
      }
    } finally {
      if (loading === own) {
        loading = null;
        box.removeAttribute("aria-busy");
        trouble.hasChildNodes() || paint();
      }
    }
  }

  box.addEventListener("scroll", () => {
    // Our own scrolling comes back rounded.
    if (Math.abs(box.scrollTop - expected) > 1) {
      expected = box.scrollTop;
      top = Math.min(farthest(), expected * ratio());
    }
    paint();
  }, { passive: true });
  box.addEventListener("wheel", (event) => {
    if (ratio() > 1 && !event.ctrlKey && !event.shiftKey && Math.abs(event.deltaY) > Math.abs(event.deltaX)) {
      event.preventDefault();
      scrollTo(top + event.deltaY * (event.deltaMode === 1 ? ROW : 1));
    }
  }, { passive: false });
  box.addEventListener("keydown", (event) => {
    const pageful = Math.max(1, Math.floor(view() / ROW) - 1);
    const moves = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + pageful, PageUp: active - pageful, Home: 0, End: source.total - 1 };
    if (event.target !== box || event.altKey || event.metaKey) {
      return;
    }
    if (event.key in moves) {
      event.preventDefault();
      active = Math.min(source.total - 1, Math.max(0, moves[event.key]));
      const [above, below] = [active * ROW, (active + 1) * ROW - view()];
      scrollTo(top > above ? above : top < below ? below : top);
    } else if ((event.key === "Enter" || event.key === " ") && source.row(active)) {
      event.preventDefault();
      onOpen(source.row(active));
    }
  });
  const sizes = new ResizeObserver(paint);
  sizes.observe(box);
  signal.addEventListener("abort", () => (sizes.disconnect(), clearTimeout(waiting), cancelAnimationFrame(painting)), { once: true });
  return h("div", { class: "grid-part" }, trouble, box, line);
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
