// Windows: how far sealing and routing are, what is open, and what came late.
import { get, send } from "../api.js";
import { h, hidden } from "../dom.js";
import { formatClock, formatCount, formatHour, formatMoment } from "../format.js";
import { HOUR, floorHour, wireTime } from "../hours.js";
import { change, link } from "../router.js";
import { manages } from "../session.js";
import { t } from "../texts.js";
import { confirm } from "../ui/dialog.js";
import { selectField } from "../ui/form.js";
import { badge, button, card, figure, figures, heading } from "../ui/page.js";
import { empty, part } from "../ui/states.js";
import { table } from "../ui/table.js";
import { toast } from "../ui/toast.js";

const FURTHEST_AHEAD = 24 * HOUR;
// A window is sealed a minute after its hour: until then the last one ended an hour ago at the most.
const USUAL_LAG_SECONDS = 3900;
const LONG_LAG_SECONDS = 3 * 3600;

/** The view: `late` in the query shows only windows with late usage. */
export default function windows({ query, signal, title }) {
  let status;
  const progress = part(signal, () => get("/windows", {}, { signal }), (answer) => {
    status = answer;
    return [drawProgress(answer), answer.recent && recentCard(answer.recent, query.has("late"))].filter(Boolean);
  }, { lines: 8 });
  return [
    heading(title, t("windows.text"),
      button(t("page.refresh"), () => progress.refresh()),
      manages() && button(t("windows.seal"), () => status && askToSeal(status, progress), { kind: "primary" })),
    progress,
  ];
}

function drawProgress(status) {
  const { openWindow } = status;
  if (!status.sealedThrough) {
    return empty(t("windows.nothingYet"), t("windows.nothingYetText"));
  }
  const element = figures(
    through(t("windows.sealedThrough"), status.sealedThrough, status.sealingLagSeconds),
    through(t("windows.routedThrough"), status.routedThrough, status.routingLagSeconds),
    figure(t("windows.open"), span(openWindow.reportedHour, formatClock), { title: span(openWindow.reportedHour), note: t("windows.openNote") }),
    figure(t("windows.unsealed"), formatCount(openWindow.unsealedRecords), { note: t("windows.unsealedNote") }),
    figure(t("windows.daysThrough"), status.dailySealedThrough ? formatHour(status.dailySealedThrough) : "–", {
      note: t("windows.daysThroughNote"),
      title: status.dailySealedThrough && formatMoment(status.dailySealedThrough),
    }),
    closedAhead(status) && figure(t("windows.closedThrough"), formatHour(status.closedThrough), { note: t("windows.closedNote"), kind: "warn" }));
  element.classList.add("of-times");
  return element;
}

const closedAhead = (status) => status.closedThrough && floorHour(status.closedThrough) > floorHour(status.now);

function through(label, time, lagSeconds) {
  if (!time) {
    return figure(label, "–", { note: t("windows.never") });
  }
  const late = lagSeconds > USUAL_LAG_SECONDS;
  const hours = Math.floor(lagSeconds / 3600);
  return figure(label, formatHour(time), {
    title: formatMoment(time),
    note: late ? t("windows.behind", { n: hours }) : t("windows.upToDate"),
    kind: late ? (lagSeconds > LONG_LAG_SECONDS ? "bad" : "warn") : "good",
  });
}

const span = (hour, format = formatHour) => t("windows.span", { from: format(hour), to: formatClock(floorHour(hour) + HOUR) });

function recentCard(all, onlyLate) {
  const rows = onlyLate ? all.filter((window) => window.lateRecords > 0) : all;
  const most = Math.max(1, ...all.map((window) => window.records));
  const toggle = h("button", { class: "button", type: "button", "aria-pressed": String(onlyLate), on: { click: () => change({ late: onlyLate ? null : "1" }) } }, t("windows.onlyLate"));
  const columns = [
    { key: "hour", label: t("windows.hour"), draw: (window) => h("span", { class: "nowrap" }, span(window.reportedHour)), sort: (window) => window.reportedHour },
    { key: "records", label: t("windows.records"), numeric: true, draw: (window) => formatCount(window.records), sort: (window) => window.records },
    { key: "bar", label: hidden(t("windows.bar")), narrow: false, draw: (window) => bar(window, most) },
    { key: "late", label: t("windows.late"), numeric: true, sort: (window) => window.lateRecords,
      draw: (window) => (window.lateRecords > 0 ? badge(formatCount(window.lateRecords), "warn") : "0") },
    { key: "sealed", label: t("windows.sealedAt"), narrow: false, draw: (window) => formatMoment(window.sealedAt), sort: (window) => window.sealedAt },
    { key: "seconds", label: t("windows.took"), numeric: true, narrow: false, sort: (window) => Number(window.seconds ?? -1),
      draw: (window) => (window.seconds == null ? "–" : t("windows.seconds", { seconds: window.seconds })) },
  ];
  return card(t("windows.recent"), table(t("windows.recent"), columns, rows, {
    none: empty(t("windows.noLate"), t("windows.noLateText", { n: all.length })),
    href: (window) => link("usage", { from: wireTime(window.reportedHour), to: wireTime(floorHour(window.reportedHour) + HOUR), granularity: "hourly" }),
  }), { text: t("windows.recentText"), actions: [toggle] });
}

function bar(window, most) {
  const width = (records) => `${(records / most) * 100}%`;
  return h("div", { class: "window-bar", "aria-hidden": "true" },
    h("span", { style: { width: width(window.records - window.lateRecords) } }),
    h("span", { class: "late", style: { width: width(window.lateRecords) } }));
}

// The database's clock counts, and its hours are offered, so that nobody has to write a time.
function askToSeal(status, progress) {
  const now = new Date(status.now).getTime();
  const first = Math.max(floorHour(status.closedThrough ?? 0), floorHour(now)) + HOUR;
  const choices = [];
  for (let hour = first; hour <= now + FURTHEST_AHEAD; hour += HOUR) {
    choices.push([wireTime(hour), `${formatHour(hour)} UTC`]);
  }
  if (choices.length === 0) {
    toast(t("windows.noneToSeal"));
    return;
  }
  const field = selectField("through", t("windows.through"), choices, { hint: t("windows.throughHint", { window: span(status.openWindow.reportedHour) }) });
  confirm(t("windows.seal"), t("windows.sealText", { n: status.openWindow.unsealedRecords, records: formatCount(status.openWindow.unsealedRecords) }), {
    action: t("windows.seal"),
    fields: [field],
    act: async (values) => {
      await send("POST", "/windows/seal", values);
      toast(t("windows.sealing"), "good");
      progress.refresh();
    },
  });
}
