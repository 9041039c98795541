// A line without axes, for a cell of a table: only its shape counts.
import { s } from "../dom.js";

const [WIDTH, HEIGHT, EDGE] = [120, 28, 2];

/**
 * The line of some values, from zero to the highest.
 *
 * @param values numbers, in order; those of a sparkline may be rounded
 * @param label what it shows, in words
 */
export function sparkline(values, label) {
  const most = Math.max(...values, 0);
  const least = Math.min(...values, 0);
  const step = (WIDTH - 2 * EDGE) / Math.max(1, values.length - 1);
  const height = (value) => HEIGHT - EDGE - ((value - least) / (most - least || 1)) * (HEIGHT - 2 * EDGE);
  const points = values.map((value, index) => `${(EDGE + index * step).toFixed(1)},${height(value).toFixed(1)}`);
  const base = height(0).toFixed(1);
  return s("svg", { class: "sparkline", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label },
    s("polygon", { points: `${EDGE},${base} ${points.join(" ")} ${(EDGE + (values.length - 1) * step).toFixed(1)},${base}` }),
    s("polyline", { points: points.join(" ") }));
}
