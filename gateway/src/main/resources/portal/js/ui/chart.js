// Charts: ECharts on a canvas, loaded when the first one is drawn; with the essence in words and the same numbers as a table beside it.
import { h } from "../dom.js";
import { t } from "../texts.js";
import { colour, onThemeChange } from "../theme.js";
import { button } from "./page.js";
import { problem } from "./states.js";

let library;

// Of the same version as this module, so that it is asked for once.
const LIBRARY = new URL("../../lib/echarts.js", import.meta.url).href;

/** The charting library; asked for again if it did not come. A view that will draw charts calls it early. */
export function loadCharts() {
  library ??= new Promise((resolve, reject) => {
    const script = h("script", { src: LIBRARY });
    script.addEventListener("load", () => resolve(globalThis.echarts));
    script.addEventListener("error", () => {
      library = undefined;
      script.remove();
      reject(new Error(t("chart.noLibrary")));
    });
    document.head.append(script);
  });
  return library;
}

// Those of the theme that is on.
function colours() {
  const names = ["text", "muted", "line", "surface", "raised", "sunken", "accent", "good", "warn", "bad"];
  return {
    series: Array.from({ length: 8 }, (_, index) => colour(`series-${index + 1}`)),
    other: colour("series-other"),
    ...Object.fromEntries(names.map((name) => [name, colour(name)])),
  };
}

/** The same colour, more transparent: for what is not final. `colour` as `chart` gives it. */
export const lighter = (rgb, alpha = 0.4) => rgb.replace(/^rgba?\(([^,]+),([^,]+),([^,)]+).*\)$/, `rgba($1,$2,$3,${alpha})`);

/**
 * A chart that fits its box, follows the theme, and is gone with the view.
 *
 * @param signal ends with the view
 * @param label what the chart says, in words, for those who do not see it
 * @param option given the theme's colours (`series`, 8 of them, `other`, `text`, `muted`, `line`, `surface`, `raised`, `accent`, `good`, `warn`, `bad`), ECharts' option; axes, legend and tooltip get the theme's looks where it does not say otherwise
 * @param table makes the same numbers as a table, when somebody asks for it
 * @param select hears `(start, end)` when somebody drags over a part of the x axis: its first and last value (index of a category)
 * @param click hears `{x, y}` of a click within the axes: the x axis' value (index of a category) and the y axis'
 * @param height of the canvas, a CSS length
 * @param actions nodes beside the table button
 * @returns an element; its `redraw()` asks for the option again
 */
export function chart(signal, { label, option, table, select, click, height = "20rem", actions }) {
  const canvas = h("div", { class: "chart-canvas", role: "img", "aria-label": label, style: { height } });
  const asTable = h("div", { class: "chart-table", hidden: true });
  const toggle = button(t("chart.table"), () => showTable(asTable.hidden), { kind: "quiet", iconName: "table" });
  toggle.setAttribute("aria-pressed", "false");
  const element = h("div", { class: "chart" }, canvas, asTable, h("div", { class: "chart-foot" }, h("div", { class: "actions" }, actions), table && toggle));
  let drawn;

  function showTable(shown) {
    asTable.replaceChildren(...(shown ? [table()].flat() : []));
    asTable.hidden = !shown;
    canvas.hidden = shown;
    toggle.setAttribute("aria-pressed", String(shown));
  }

  function draw() {
    drawn?.setOption(themed(option(colours()), Boolean(select)), { notMerge: true });
    if (select) {
      // Dragging selects at once, without a button to be found first.
      drawn?.dispatchAction({ type: "takeGlobalCursor", key: "dataZoomSelect", dataZoomSelectActive: true });
    }
  }

  async function begin() {
    try {
      const echarts = await loadCharts();
      if (signal.aborted || drawn || canvas.clientWidth === 0) {
        return;
      }
      drawn = echarts.init(canvas, null, { renderer: "canvas" });
      draw();
      click && listen(drawn, click);
      select && drawn.on("datazoom", (event) => selected(event.batch?.[0] ?? event, select));
    } catch (failure) {
      canvas.replaceChildren(problem(failure, () => (canvas.replaceChildren(), begin())));
    }
  }

  // Before it is in the page it has no size to be drawn in.
  const observer = new ResizeObserver(() => (drawn ? canvas.clientWidth > 0 && drawn.resize() : canvas.clientWidth > 0 && begin()));
  observer.observe(canvas);
  onThemeChange(draw, signal);
  signal.addEventListener("abort", () => {
    observer.disconnect();
    drawn?.dispose();
  }, { once: true });
  element.redraw = draw;
  return element;
}

function selected({ startValue, endValue }, select) {
  // Without values it is our own zooming back.
  if (startValue != null && endValue != null) {
    select(startValue, endValue);
  }
}

// ECharts' own clicks do not come where dragging selects; and a bar is easier to hit by its whole column.
function listen(drawn, click) {
  drawn.getZr().on("click", ({ offsetX, offsetY }) => {
    const point = [offsetX, offsetY];
    if (drawn.containPixel({ gridIndex: 0 }, point)) {
      const [x, y] = drawn.convertFromPixel({ gridIndex: 0 }, point);
      click({ x, y });
    }
  });
}

function themed(option, selectable) {
  const look = colours();
  const font = getComputedStyle(document.body).fontFamily;
  const axis = (one) => ({
    ...one,
    axisLine: { lineStyle: { color: look.line }, ...one.axisLine },
    axisTick: { show: false, ...one.axisTick },
    axisLabel: { color: look.muted, fontFamily: font, hideOverlap: true, ...one.axisLabel },
    splitLine: { lineStyle: { color: look.line }, ...one.splitLine },
    nameTextStyle: { color: look.muted, fontFamily: font, ...one.nameTextStyle },
  });
  return {
    ...option,
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches && (option.animation ?? true),
    animationDuration: 250,
    textStyle: { fontFamily: font, color: look.text },
    grid: { left: 8, right: 12, top: 16, bottom: 8, containLabel: true, ...option.grid },
    xAxis: option.xAxis && axes(option.xAxis, axis),
    yAxis: option.yAxis && axes(option.yAxis, axis),
    legend: option.legend && {
      type: "scroll", icon: "roundRect", itemWidth: 12, itemHeight: 12, left: 0, top: 0,
      pageIconColor: look.accent, pageIconInactiveColor: look.line, pageTextStyle: { color: look.muted },
      ...option.legend,
      textStyle: { color: look.text, fontFamily: font, ...option.legend.textStyle },
    },
    // As canvas text: HTML of a tooltip would be styled by attributes, which the content security policy forbids.
    tooltip: option.tooltip && {
      renderMode: "richText", confine: true, backgroundColor: look.raised, borderColor: look.line, borderWidth: 1, padding: [10, 12],
      ...option.tooltip,
      textStyle: { color: look.text, fontFamily: font, fontSize: 13, ...option.tooltip.textStyle },
    },
    toolbox: selectable ? {
      show: true, itemSize: 0, showTitle: false, top: -50,
      feature: { dataZoom: { yAxisIndex: "none", brushStyle: { color: lighter(look.accent, 0.18), borderColor: look.accent, borderWidth: 1 } } },
    } : undefined,
  };
}

const axes = (given, axis) => (Array.isArray(given) ? given.map(axis) : axis(given));
