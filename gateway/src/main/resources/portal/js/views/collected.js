// Collected: the clouds that usage is collected from, how far that is, and through when registrations and tenants are complete.
import { get } from "../api.js";
import { directory } from "../directory.js";
import { h } from "../dom.js";
import { formatCount, formatHour, formatMoment, formatRelative } from "../format.js";
import { here } from "../router.js";
import { t } from "../texts.js";
import { badge, button, card, figure, figures, heading } from "../ui/page.js";
import { empty, part } from "../ui/states.js";
import { table } from "../ui/table.js";
import { notTaken, windowsCard } from "./collected/windows.js";

/** The view: `source`, whose windows are shown, and `filter` (open, problem) of them. */
export default function collected({ query, signal, title }) {
  const content = part(signal, () => load(signal), (found) => draw(found, query, signal), { lines: 8 });
  return [heading(title, t("collected.text"), button(t("page.refresh"), () => content.refresh())), content];
}

async function load(signal) {
  const [sources, complete, names] = await Promise.all([get("/sources", {}, { signal }), get("/completeness", {}, { signal }), directory()]);
  return { sources: sources.value, complete, names };
}

function draw({ sources, complete, names }, query, signal) {
  if (sources.length === 0) {
    return empty(t("collected.none"), t("collected.noneText"));
  }
  const chosen = sources.find((source) => source.source === query.get("source"));
  return [
    summary(sources),
    card(t("collected.sources"), table(t("collected.sources"), columns(), sources, { href: ({ source }) => here({ source, filter: null }) }), { text: t("collected.sourcesText") }),
    chosen && windowsCard(chosen, query, signal),
    completeness(complete.registrations, "registration", ({ registrationId }) => registrationId.split("/").at(-1), complete),
    completeness(complete.tenants, "tenant", ({ tenantId }) => names.tenantName(tenantId), complete),
  ].filter(Boolean);
}

function summary(sources) {
  const going = sources.filter((source) => !source.endedAt);
  const earliest = going.map((source) => source.completeThrough).filter(Boolean).sort()[0];
  const troubled = going.filter((source) => state(source)[0] === "bad").length;
  const sum = (value) => formatCount(going.reduce((all, source) => all + value(source), 0));
  return figures(
    figure(t("collected.count"), formatCount(going.length), { note: t("collected.countNote") }),
    figure(t("collected.through"), earliest ? formatHour(earliest) : "–", { note: earliest && t("collected.throughNote", { ago: formatRelative(earliest) }), title: earliest && formatMoment(earliest) }),
    figure(t("collected.waiting"), sum((source) => source.waiting ?? 0), { note: t("collected.waitingNote", { n: sum((source) => source.underWay ?? 0) }) }),
    figure(t("collected.troubled"), formatCount(troubled), { kind: troubled ? "bad" : "good", note: t("collected.troubledNote") }));
}

/** How a source is: `[kind, key of its word, what is wrong]`; the worst first. */
function state(source) {
  const paused = source.pausedUntil && Date.parse(source.pausedUntil) > Date.now();
  return source.endedAt ? ["plain", "ended", null]
    : !source.configured ? ["bad", "notConfigured", t("collected.notConfiguredText")]
      : source.trouble ? ["bad", "waits", source.trouble]
        : source.failures > 0 ? ["bad", paused ? "paused" : "failing", source.failure]
          : source.problem ? ["warn", "problem", source.problem]
            : ["good", "collecting", null];
}

function columns() {
  return [
    { key: "source", label: t("collected.source"), sort: (source) => source.source, draw: (source) => h("span", { class: "mono" }, source.source) },
    { key: "state", label: t("collected.state"), draw: drawState, sort: (source) => state(source)[0] },
    { key: "through", label: t("collected.through"), draw: (source) => through(source.completeThrough), sort: (source) => source.completeThrough ?? "" },
    { key: "waiting", label: t("collected.waiting"), numeric: true, draw: (source) => formatCount(source.waiting ?? 0), sort: (source) => source.waiting ?? 0 },
    { key: "underWay", label: t("collected.underWay"), numeric: true, narrow: false, draw: (source) => formatCount(source.underWay ?? 0), sort: (source) => source.underWay ?? 0 },
    { key: "rows", label: t("collected.rows"), numeric: true, narrow: false, draw: ({ counts }) => formatCount(counts.rows), sort: ({ counts }) => counts.rows },
    { key: "notTaken", label: t("collected.notTaken"), numeric: true, narrow: false, sort: ({ counts }) => notTaken(counts),
      draw: ({ counts }) => (notTaken(counts) > 0 ? badge(formatCount(notTaken(counts)), "warn") : "0") },
  ];
}

function drawState(source) {
  const [kind, word, text] = state(source);
  return [badge(t(`collected.${word}`), kind, word === "paused" ? t("collected.pausedUntil", { time: formatMoment(source.pausedUntil) }) : null), text && h("div", { class: "muted" }, text)];
}

const through = (time) => (time ? h("span", { class: "nowrap", title: formatMoment(time) }, formatHour(time), " ", h("span", { class: "muted" }, formatRelative(time))) : "–");

function completeness(rows, what, name, { nextLink }) {
  return card(t(`collected.${what}s`), table(t(`collected.${what}s`), [
    { key: "name", label: t(`collected.${what}`), draw: name, sort: name },
    { key: "through", label: t("collected.through"), draw: (row) => through(row.completeThrough), sort: (row) => row.completeThrough ?? "" },
    { key: "reason", label: t("collected.reason"), draw: ({ reason }) => (reason ? reasonWords(reason) : ""), sort: ({ reason }) => reason ?? "" },
  ], rows), { text: what === "tenant" && nextLink ? t("collected.more", { n: rows.length }) : t("collected.completeText") });
}

// One that is not known here is told in the API's word.
function reasonWords(reason) {
  const key = `collected.reason.${reason}`;
  const words = t(key);
  return words === key ? reason : words;
}
