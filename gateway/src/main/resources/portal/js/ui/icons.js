// Line icons on a grid of 24; decoration only, a text is always beside or in a label.
import { s } from "../dom.js";

const PATHS = {
  chart: "M4 20V4M4 20h16M8 16v-5M12 16V8M16 16v-3",
  table: "M4 5h16v14H4zM4 10h16M4 14.5h16M10 5v14",
  key: "M14 10a4 4 0 1 0-3.4 3.95L12 15.5h2V18h2.5v-2.5H19V13l-5-3M9 9h.01",
  people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M2.5 20c.5-3.5 3-5.5 6.5-5.5s6 2 6.5 5.5M16 4.5a3.5 3.5 0 0 1 0 6.3M18 14.8c2 .8 3.200 2.700 3.500 5.200",
  pulse: "M3 12h4l3-7 4 14 3-7h4",
  route: "M6 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4M18 9a2 2 0 1 0 0-4 2 2 0 0 0 0 4M8 17h6a4 4 0 0 0 0-8h-3a3 3 0 0 1 0-4h5",
  send: "M21 3 10 14M21 3l-7 18-4-7-7-4z",
  balance: "M12 4v16M7 20h10M4 8h16M6.500 8 3.500 14a3 3 0 0 0 6 0zM17.500 8l-3 6a3 3 0 0 0 6 0z",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 7v5l3.500 2",
  warning: "M12 4 2.500 20h19zM12 10v5M12 17.500v.01",
  book: "M5 4h11a3 3 0 0 1 3 3v13H8a3 3 0 0 1-3-3zM5 17a3 3 0 0 1 3-3h11M9 8h6",
  menu: "M4 6h16M4 12h16M4 18h16",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8M12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M19 5l-2 2M7 17l-2 2",
  moon: "M20 14.500A8.500 8.500 0 0 1 9.500 4 8.500 8.500 0 1 0 20 14.500",
  auto: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 3v18M12 7h7M12 12h9M12 17h7",
  empty: "M4 13 7 5h10l3 8v6H4zM4 13h5l1 2.500h4l1-2.500h5",
  lock: "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3",
  check: "m5 12.500 4.500 4.500L19 7.500",
  close: "M6 6l12 12M18 6 6 18",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  download: "M12 4v11M7 11l5 5 5-5M4 20h16",
  up: "m6 14 6-6 6 6",
  down: "m6 10 6 6 6-6",
  search: "M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13M15.500 15.500 21 21",
  next: "m10 6 6 6-6 6",
};

/** The icon of this name. */
export function icon(name) {
  return s("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" }, s("path", { d: PATHS[name] }));
}
