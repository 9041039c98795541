// What was kept but not taken: records that wait for a subscription or a meter, and records that contradict one that was taken.
import { getAll } from "../api.js";
import { directory } from "../directory.js";
import { h } from "../dom.js";
import { formatCount, formatExact, formatHour, formatMoment, formatQuantity, formatRelative } from "../format.js";
import { change, here } from "../router.js";
import { t } from "../texts.js";
import { badge, button, card, figure, figures, heading } from "../ui/page.js";
import { paged } from "../ui/pager.js";
import { empty, part } from "../ui/states.js";
import { table } from "../ui/table.js";
import { showRecord } from "./quarantine/detail.js";
import { missingCard } from "./quarantine/missing.js";

const MOST = 10_000;
const REASONS = { quarantine: ["SubscriptionUnknown", "MeterUnknown"], conflicts: ["PayloadDiffers"] };

/** The view: `kind` (quarantine or conflicts), `reason`, `missing` (the id of a subscription or meter), `page`, and `record`, whose dialog is open. */
export default function quarantine({ query, signal, title }) {
  const content = part(signal, () => load(signal), (found) => draw(found, query, refresh), { lines: 8 });
  // Records are taken some moments after what they wait for is there.
  const refresh = (delay = 0) => setTimeout(() => signal.aborted || content.refresh(), delay);
  return [heading(title, t("quarantine.text"), button(t("page.refresh"), () => content.refresh())), content];
}

async function load(signal) {
  const [held, conflicts, names] = await Promise.all([
    getAll("/quarantine", {}, { signal, limit: MOST }), getAll("/conflicts", {}, { signal, limit: MOST }), directory(),
  ]);
  return { quarantine: held, conflicts, names };
}

function draw(found, query, refresh) {
  const kind = query.get("kind") === "conflicts" ? "conflicts" : "quarantine";
  const { rows, more } = found[kind];
  const context = { kind, names: found.names, refresh };
  return [
    summary(found),
    h("div", { class: "segments", role: "group", "aria-label": t("quarantine.kind") }, ["quarantine", "conflicts"].map((each) =>
      h("a", { class: each === kind ? "button chosen" : "button", href: here({ kind: each, reason: null, missing: null, page: null }), "aria-current": each === kind ? "true" : null, data: { focus: `quarantine.${each}` } },
        t(`quarantine.${each}`), badge(count(found[each]))))),
    more && h("p", { class: "notice warn" }, t("quarantine.more", { n: formatCount(rows.length) })),
    kind === "quarantine" ? missingCard(rows, context) : h("p", { class: "notice" }, t("quarantine.conflictHelp")),
    rows.length === 0 && kind === "conflicts" ? empty(t("quarantine.noConflicts"), t("quarantine.noConflictsText")) : null,
    rows.length === 0 ? null : records(rows, query, context),
  ].filter(Boolean);
}

const count = ({ rows, more }) => `${formatCount(rows.length)}${more ? "+" : ""}`;

function summary({ quarantine: held, conflicts }) {
  const oldest = held.rows[0];
  return figures(
    figure(t("quarantine.waiting"), count(held), { kind: held.rows.length ? "warn" : "good", note: t("quarantine.waitingNote"), href: here({ kind: null, reason: null, missing: null, page: null }) }),
    figure(t("quarantine.oldest"), oldest ? formatRelative(oldest.receivedAt) : "–", { title: oldest && formatMoment(oldest.receivedAt), note: oldest && t("quarantine.oldestNote") }),
    figure(t("quarantine.conflicting"), count(conflicts), { kind: conflicts.rows.length ? "warn" : "good", note: t("quarantine.conflictingNote"), href: here({ kind: "conflicts", reason: null, missing: null, page: null }) }));
}

function records(all, query, context) {
  const [reason, missing] = [query.get("reason"), query.get("missing")];
  const shown = all.filter(({ reason: its, record }) => (!reason || its === reason) && (!missing || record.subscriptionId === missing || record.meterId === missing));
  const { rows, pager } = paged([...shown].reverse(), query, { size: 25 });
  const open = (held) => showRecord(held, context, context.refresh);
  const asked = all.find(({ id }) => id === query.get("record"));
  if (asked) {
    // Once: what is drawn anew afterwards does not open it again.
    query.delete("record");
    queueMicrotask(() => {
      history.replaceState(null, "", here({ record: null }));
      open(asked);
    });
  }
  return card(t(`quarantine.${context.kind}Records`), [
    table(t(`quarantine.${context.kind}Records`), [
      { key: "id", label: t("quarantine.record"), draw: (held) => [h("button", { class: "link-button", type: "button", on: { click: () => open(held) } }, held.record.id), h("div", { class: "hint" }, held.record.source)] },
      { key: "reason", label: t("quarantine.reason"), draw: (held) => badge(t(`quarantine.${held.reason}`), "warn") },
      { key: "subscription", label: t("quarantine.subscription"), draw: ({ record }) => shortened(context.names.subscriptionName(record.subscriptionId), record.subscriptionId) },
      { key: "meter", label: t("quarantine.meter"), draw: ({ record }) => shortened(record.meterId, record.meterId) },
      { key: "quantity", label: t("quarantine.quantity"), numeric: true, draw: ({ record }) => h("span", { title: formatExact(record.quantity) }, formatQuantity(record.quantity)) },
      { key: "hour", label: t("quarantine.hour"), draw: ({ record }) => h("span", { class: "nowrap" }, formatHour(record.usageStartTime)) },
      { key: "received", label: t("quarantine.received"), draw: (held) => h("span", { class: "nowrap", title: formatMoment(held.receivedAt) }, formatRelative(held.receivedAt)) },
    ], rows, { none: empty(t("quarantine.noneMatch")) }),
    pager,
  ].filter(Boolean), { actions: [
    (reason || missing) && h("a", { class: "button quiet", href: here({ reason: null, missing: null, page: null }) }, t("quarantine.clear")),
    REASONS[context.kind].length > 1 && reasonChoice(reason, REASONS[context.kind]),
  ] });
}

// Beside each other long ids hide what differs: the whole one is in the title and in the dialog.
const shortened = (text, id) => h("span", { class: text === id ? "short-id mono" : "short-id", title: id }, text);

function reasonChoice(chosen, reasons) {
  return h("label", { class: "inline-field" }, h("span", {}, t("quarantine.reason")),
    h("select", { data: { focus: "quarantine.reason" }, on: { change: (event) => change({ reason: event.target.value || null, page: null }) } },
      h("option", { value: "" }, t("quarantine.anyReason")), reasons.map((each) => h("option", { value: each, selected: each === chosen }, t(`quarantine.${each}`)))));
}
