// A strip with a cell for each hour: how many records, and where there is none.
import { h } from "../dom.js";
import { formatClock, formatCount, formatHour, formatShortDay } from "../format.js";
import { DAY, HOUR, floorDay } from "../hours.js";
import { t } from "../texts.js";
import { colour, onThemeChange } from "../theme.js";

const HEIGHT = 30;
const FAINTEST = 0.35;
const MOST_TICKS = 8;
// Further right a tick's text has no room.
const LAST_TICK = 0.94;

/**
 * A heat strip. It says its essence by `label`; whoever cannot see it needs a table beside it.
 *
 * @param signal ends its listeners
 * @param options `from`, `to` (milliseconds, whole hours), `state(hour)`: a number of records, "gap", "open" (not known yet) or "before" (nothing
 *   is expected), `label`
 */
export function heatStrip(signal, { from, to, state, label }) {
  const canvas = h("canvas", { role: "img", "aria-label": label, height: HEIGHT });
  const tip = h("div", { class: "heat-tip", hidden: true });
  const element = h("div", { class: "heat" }, canvas, ticks(from, to), tip);
  const hours = (to - from) / HOUR;
  const cells = Array.from({ length: hours }, (_, index) => state(from + index * HOUR));
  const most = Math.max(1, ...cells.filter((cell) => typeof cell === "number"));

  const draw = () => paint(canvas, cells, most);
  const watcher = new ResizeObserver(draw);
  watcher.observe(canvas);
  signal.addEventListener("abort", () => watcher.disconnect());
  onThemeChange(draw, signal);

  canvas.addEventListener("pointermove", (event) => {
    const index = Math.min(hours - 1, Math.max(0, Math.floor((event.offsetX / canvas.clientWidth) * hours)));
    tip.textContent = describe(from + index * HOUR, cells[index]);
    tip.hidden = false;
    tip.style.setProperty("left", `${Math.min(event.offsetX, canvas.clientWidth - tip.offsetWidth)}px`);
  });
  canvas.addEventListener("pointerleave", () => (tip.hidden = true));
  return element;
}

function describe(hour, cell) {
  const time = `${formatHour(hour)}–${formatClock(hour + HOUR)}`;
  return typeof cell === "number" ? t("heat.records", { time, n: cell, records: formatCount(cell) }) : t(`heat.${cell}`, { time });
}

// Sharp on every screen: as many pixels as the screen has.
function paint(canvas, cells, most) {
  const ratio = window.devicePixelRatio || 1;
  const width = canvas.clientWidth;
  if (width === 0) {
    return;
  }
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(HEIGHT * ratio);
  const context = canvas.getContext("2d");
  const [some, none, idle] = [colour("series-1"), colour("bad"), colour("line")];
  const step = canvas.width / cells.length;
  const space = step > 4 * ratio ? ratio : 0;
  cells.forEach((cell, index) => {
    const [left, right] = [Math.round(index * step), Math.round((index + 1) * step)];
    context.globalAlpha = typeof cell === "number" ? FAINTEST + (1 - FAINTEST) * (cell / most) : 1;
    context.fillStyle = typeof cell === "number" ? some : cell === "gap" ? none : idle;
    // What nobody expects is a thin line, so that it is told from data without its colour.
    const thin = cell === "open" || cell === "before";
    context.fillRect(left, thin ? canvas.height - 3 * ratio : 0, Math.max(1, right - left - space), thin ? 3 * ratio : canvas.height);
  });
}

function ticks(from, to) {
  const days = [];
  for (let day = floorDay(from + DAY - 1); (day - from) / (to - from) < LAST_TICK; day += DAY) {
    days.push(day);
  }
  const step = Math.max(1, Math.ceil(days.length / MOST_TICKS));
  return h("div", { class: "heat-ticks", "aria-hidden": "true" },
    days.filter((_, index) => index % step === 0).map((day) => h("span", { style: { left: `${((day - from) / (to - from)) * 100}%` } }, formatShortDay(day))));
}
