// One event: what it is, what it is made of, what happened to it, and what an operator can decide.
import { get } from "../api.js";
import { directory } from "../directory.js";
import { h } from "../dom.js";
import { formatCount, formatExact, formatHour, formatMoment, formatRelative } from "../format.js";
import { DAY, HOUR, floorHour, wireDay, wireTime } from "../hours.js";
import { link } from "../router.js";
import { manages } from "../session.js";
import { t } from "../texts.js";
import { named, quantity } from "../ui/amount.js";
import { badge, button, card, copy, facts, heading, identifier, linkButton } from "../ui/page.js";
import { notFound, part } from "../ui/states.js";
import { table } from "../ui/table.js";
import { requeue, waive } from "./delivery/decide.js";
import { mayRequeue, mayWaive, meaning, outcomeBadge, stateBadge } from "./delivery/words.js";
import { ledgerOf } from "./event/ledger.js";

/** The view: `key`, the event's idempotency key. */
export default function event({ query, signal, title }) {
  const key = query.get("key");
  if (!key) {
    return notFound();
  }
  const actions = h("div", { class: "actions" });
  const content = part(signal, () => Promise.all([get(`/deliveries/${encodeURIComponent(key)}`, {}, { signal }), directory()]), ([found, names]) => {
    actions.replaceChildren(...decisions(found, content.refresh));
    return draw(found, names);
  }, { lines: 8 });
  return [heading(title, t("event.text"), actions), content];
}

function decisions(found, refresh) {
  return [
    linkButton(t("event.all"), link("delivery", { show: "events" })),
    button(t("event.refresh"), refresh),
    manages() && mayRequeue(found) && button(t("decide.requeue"), () => requeue([found], refresh), { kind: "primary" }),
    manages() && mayWaive(found) && button(t("decide.waive"), () => waive([found], refresh), { kind: "danger" }),
  ].filter(Boolean);
}

function draw(found, names) {
  return [
    notice(found),
    h("div", { class: "grid" },
      card(t("event.facts"), factsOf(found, names)),
      card(t("event.ledger"), ledgerOf(found), { text: t("event.ledgerText") })),
    card(t("event.usage"), usage(found, names), { text: t("event.usageText") }),
    card(t("event.body"), body(found), { text: t("event.bodyText"), actions: button(t("event.copyBody"), () => copy(text(found.body)), { kind: "small", iconName: "copy" }) }),
  ];
}

// The first thing that one wants to know: how it is, and what follows.
function notice(found) {
  const kinds = { delivered: "good", dead: "bad", manual: "warn", held: "warn" };
  return h("div", { class: `notice ${kinds[found.state] ?? ""}` },
    h("p", {}, stateBadge(found.state), " ", t(`event.means.${found.state}`)),
    found.reason && h("p", {}, outcomeBadge(found.reason), " ", meaning(found.reason)),
    found.unknownSince && h("p", {}, t("event.unknown", { time: formatMoment(found.unknownSince) })),
    found.inFlight && h("p", {}, t("event.inFlightText")));
}

function factsOf(found, names) {
  const time = (text) => text && h("span", { title: formatRelative(text) }, formatMoment(text));
  return facts(
    [t("event.key"), identifier(found.key)],
    [t("event.stateLabel"), h("span", { class: "actions" }, stateBadge(found.state), found.inFlight && badge(t("event.inFlight")))],
    [t("event.quantity"), h("span", {}, formatExact(found.quantity))],
    [t("event.records"), t("event.recordsIn", { records: formatCount(found.recordCount), rows: formatCount(found.rowCount) })],
    [t("event.payer"), h("a", { class: "mono", href: link("delivery", { payer: found.payerSubscriptionId }) }, found.payerSubscriptionId)],
    [t("event.endpoint"), h("a", { href: link("delivery", { endpoint: found.endpoint }) }, found.endpoint)],
    [t("event.dimension"), found.dimension ? named(names.dimensionName(found.dimension), found.dimension) : t("event.several")],
    [t("event.effective"), time(found.effectiveTime)],
    [t("event.reported"), h("a", { href: link("reconciliation", { from: found.reportedTime.slice(0, 10), to: nextDay(found.reportedTime), day: found.reportedTime.slice(0, 10) }) }, formatMoment(found.reportedTime))],
    [t("event.attempts"), formatCount(found.attempts)],
    [t("event.created"), time(found.createdAt)],
    [t("event.next"), time(found.nextAttemptAt)],
    [t("event.settled"), time(found.settledAt)],
    [t("event.remote"), found.remoteId && identifier(found.remoteId)],
  );
}

const nextDay = (time) => wireDay(Date.parse(time.slice(0, 10)) + DAY);

function usage(found, names) {
  // The records are found by when they were reported, which is later than the hour of use as a rule.
  const reported = floorHour(found.reportedTime);
  const records = (row) => link("usage", {
    subscription: row.subscriptionId, granularity: "hourly", from: wireTime(reported), to: wireTime(reported + HOUR),
    usedFrom: wireTime(row.usageTime), usedTo: wireTime(Date.parse(row.usageTime) + HOUR),
  });
  return table(t("event.usage"), [
    { key: "usageTime", label: t("event.usageTime"), draw: (row) => h("a", { href: records(row), class: "nowrap" }, formatHour(row.usageTime)), sort: (row) => row.usageTime },
    { key: "tenant", label: t("event.tenant"), draw: (row) => named(names.tenantName(row.tenantId), row.tenantId), sort: (row) => names.tenantName(row.tenantId) },
    { key: "subscription", label: t("event.subscription"), draw: (row) => named(names.subscriptionName(row.subscriptionId), row.subscriptionId), sort: (row) => names.subscriptionName(row.subscriptionId) },
    { key: "dimension", label: t("event.dimension"), draw: (row) => named(names.dimensionName(row.dimension), row.dimension), sort: (row) => names.dimensionName(row.dimension) },
    { key: "rows", label: t("event.rows"), numeric: true, draw: (row) => formatCount(row.rows), sort: (row) => row.rows },
    { key: "records", label: t("event.records"), numeric: true, draw: (row) => formatCount(row.recordCount), sort: (row) => row.recordCount },
    { key: "quantity", label: t("event.quantity"), numeric: true, draw: (row) => quantity(row.quantity), sort: (row) => Number(row.quantity) },
  ], found.usage, { sortedBy: "usageTime" });
}

const text = (content) => (typeof content === "string" ? content : JSON.stringify(content, null, 2));

function body(found) {
  return [h("pre", { class: "body", tabindex: "0", "aria-label": t("event.body") }, text(found.body)), facts([t("event.sha256"), identifier(found.bodySha256)])];
}
