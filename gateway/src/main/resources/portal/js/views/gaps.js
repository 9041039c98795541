// Gaps: hours in which usage is missing that was there before and after, sources that went silent, counts that fell.
import { getAll } from "../api.js";
import { directory } from "../directory.js";
import { h } from "../dom.js";
import { formatCount, formatExact, formatHour, formatMoment, formatRelative } from "../format.js";
import { change, here, link } from "../router.js";
import { manages } from "../session.js";
import { t } from "../texts.js";
import { selectField } from "../ui/form.js";
import { badge, button, figure, figures, heading } from "../ui/page.js";
import { paged } from "../ui/pager.js";
import { empty, part } from "../ui/states.js";
import { table } from "../ui/table.js";
import { askToAcknowledge } from "./gaps/acknowledge.js";

const STATES = ["open", "acknowledged", "cleared"];
const KINDS = ["missingHours", "silentSource", "fallenCount"];
const MOST = 2000;

/** The view: `state` (open unless it says otherwise), `kind`, `page`. */
export default function gaps({ query, signal, title }) {
  const state = STATES.find((each) => each === query.get("state")) ?? STATES[0];
  const kind = KINDS.find((each) => each === query.get("kind")) ?? null;
  const content = part(signal, () => load(state, signal), (found) => draw(found, state, kind, query, () => content.refresh()), { lines: 8 });
  return [heading(title, t("gaps.text"), button(t("page.refresh"), () => content.refresh())), content];
}

async function load(state, signal) {
  const [found, names] = await Promise.all([getAll("/gaps", { state }, { signal, limit: MOST }), directory()]);
  return { ...found, names };
}

function draw({ rows: all, more, names }, state, kind, query, refresh) {
  const shown = kind ? all.filter((gap) => gap.kind === kind) : all;
  const { rows, pager } = paged(shown, query);
  return [
    h("div", { class: "heading" }, states(state), kinds(kind)),
    figures(KINDS.map((each) => {
      const n = all.filter((gap) => gap.kind === each).length;
      return figure(t(`gaps.${each}`), formatCount(n), { kind: state === "open" ? (n ? "warn" : "good") : "", note: t(`gaps.${each}Note`), href: n ? here({ kind: each, page: null }) : null });
    })),
    more && h("p", { class: "notice warn" }, t("gaps.more", { n: formatCount(all.length) })),
    table(t("gaps.title"), columns(names, state, refresh), rows, { none: empty(t(`gaps.none.${state}`), t("gaps.noneText")) }),
    pager,
  ].filter(Boolean);
}

const states = (chosen) => h("div", { class: "segments", role: "group", "aria-label": t("gaps.state") }, STATES.map((each) =>
  h("a", { class: each === chosen ? "button chosen" : "button", href: here({ state: each, page: null }), "aria-current": each === chosen ? "true" : null }, t(`gaps.state.${each}`))));

function kinds(chosen) {
  const field = selectField("kind", t("gaps.kind"), [["", t("gaps.everyKind")], ...KINDS.map((each) => [each, t(`gaps.${each}`)])], { value: chosen ?? "" });
  field.input.addEventListener("change", () => change({ kind: field.value() || null, page: null }));
  return field.element;
}

function columns(names, state, refresh) {
  return [
    { key: "what", label: t("gaps.what"), draw: (gap) => what(gap, names) },
    { key: "hours", label: t("gaps.hours"), draw: hours },
    { key: "before", label: t("gaps.before"), narrow: false, draw: ({ before }) => side(before) },
    { key: "after", label: t("gaps.after"), narrow: false, draw: ({ after }) => side(after) },
    { key: "found", label: t("gaps.found"), numeric: true, narrow: false, draw: ({ found, expected }) => (expected == null ? "–" : t("gaps.foundOf", { found: formatCount(found), expected: formatCount(expected) })) },
    { key: "seen", label: t("gaps.seen"), draw: seen },
    manages() && state !== "cleared" && { key: "act", label: t("gaps.action"), draw: (gap) => button(t(gap.reason ? "gaps.newReason" : "gaps.acknowledge"), () => askToAcknowledge(gap, refresh), { kind: "quiet" }) },
  ].filter(Boolean);
}

function what({ kind, source, subscriptionId, tenantId, meterId, resourceUri }, names) {
  return [
    badge(t(`gaps.${kind}`), "warn"),
    resourceUri && h("div", { class: "mono", title: resourceUri }, resourceUri.split("/").at(-1)),
    meterId && h("div", {}, names.meterName(meterId)),
    subscriptionId && h("div", {}, h("a", { href: link("usage", { subscription: subscriptionId }), title: names.tenantName(tenantId) }, names.subscriptionName(subscriptionId))),
    h("div", { class: "muted" }, t("gaps.reportedBy"), " ", h("span", { class: "mono" }, source)),
  ];
}

function hours({ from, to }) {
  return h("span", { title: `${formatMoment(from)} – ${to ? formatMoment(to) : ""}` }, to ? t("gaps.span", { from: formatHour(from), to: formatHour(to) }) : t("gaps.since", { from: formatHour(from) }));
}

// The row beside the gap, which shows what was to be expected.
function side(row) {
  return row == null ? "–" : h("span", {}, formatHour(row.usageStartTime), h("div", { class: "muted" },
    row.quantity == null ? t("gaps.records", { n: row.records, records: formatCount(row.records) }) : t("gaps.quantity", { quantity: formatExact(row.quantity) }),
    row.reportedHour && h("div", {}, t("gaps.reported", { time: formatHour(row.reportedHour) }))));
}

function seen({ firstSeen, acknowledgedAt, acknowledgedBy, reason, clearedAt }) {
  return [
    h("span", { class: "nowrap", title: formatMoment(firstSeen) }, formatRelative(firstSeen)),
    acknowledgedAt && h("div", { class: "muted", title: formatMoment(acknowledgedAt) }, t("gaps.acknowledgedBy", { who: acknowledgedBy, reason })),
    clearedAt && h("div", { class: "muted" }, t("gaps.clearedAt", { time: formatMoment(clearedAt) })),
  ];
}
