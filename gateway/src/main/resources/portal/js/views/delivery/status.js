// Where delivery stands: figures, endpoints with what holds them up, payers.
import { get, getAll, send } from "../../api.js";
import { h } from "../../dom.js";
import { formatCount, formatMoment, formatQuantity, formatRelative, sum } from "../../format.js";
import { link } from "../../router.js";
import { manages } from "../../session.js";
import { t } from "../../texts.js";
import { confirm } from "../../ui/dialog.js";
import { textField } from "../../ui/form.js";
import { badge, button, card, figure, figures, identifier, tight } from "../../ui/page.js";
import { empty } from "../../ui/states.js";
import { table } from "../../ui/table.js";
import { toast } from "../../ui/toast.js";

/** What `drawStatus` shows. How many events are tried again is counted in the first thousand of each state. */
export async function loadStatus(signal) {
  const [endpoints, payers] = await Promise.all([get("/endpoints", {}, { signal }), getAll("/payers", {}, { signal })]);
  const waiting = endpoints.value.some((each) => each.pendingEvents > 0);
  const pages = waiting ? await Promise.all(["pending", "held"].map((state) => get("/deliveries", { state }, { signal }))) : [];
  const held = Map.groupBy(pages[1]?.value ?? [], (event) => event.endpoint);
  return {
    ...endpoints, payers: payers.rows, more: payers.more, troubles: troubles(pages.flatMap((page) => page.value)),
    heldAt: (endpoint) => ({ events: held.get(endpoint)?.length ?? 0, more: Boolean(pages[1]?.nextLink) }),
  };
}

// By endpoint: how many events were sent at least once and wait again, and of how many nobody knows what became of them.
const troubles = (events) => new Map([...Map.groupBy(events, (event) => event.endpoint)].map(([endpoint, own]) =>
  [endpoint, { again: own.filter((event) => event.attempts > 0).length, unknown: own.filter((event) => event.unknownSince).length }]));

/** Figures, endpoints and payers; `refresh` after a change. */
export function drawStatus({ deliveries, value, payers, troubles, heldAt }, refresh) {
  return [
    deliveries.held && held(deliveries, refresh),
    drawFigures(payers, deliveries.held),
    card(t("delivery.endpoints"), endpointTable(value, troubles, deliveries.held ? allHeldLink : (row) => pendingLinks(row, heldAt(row.name))), { text: t("delivery.endpointsText") }),
    card(t("delivery.payers"), payerTable(payers, deliveries.held, refresh), { text: t("delivery.payersText") }),
  ].filter(Boolean);
}

/** The button that stops or goes on with all delivery. */
export function allSwitch(status, refresh) {
  return status.deliveries.held
    ? button(t("delivery.resumeAll"), () => resumeAll(refresh), { kind: "primary" })
    : button(t("delivery.holdAll"), () => hold(t("delivery.holdAll"), t("delivery.holdAllText"), "/deliveries/hold", refresh));
}

function held({ reason, automatic, since }, refresh) {
  return h("div", { class: "notice warn split", role: "status" },
    h("p", {}, h("strong", {}, t("delivery.allHeld")), " ", t(automatic ? "delivery.heldBySystem" : "delivery.heldFor", { reason, since: formatMoment(since) })),
    manages() && button(t("delivery.resumeAll"), () => resumeAll(refresh), { kind: "small" }));
}

function drawFigures(payers, allHeld) {
  const total = (state, choose = () => true) => {
    const sums = payers.filter(choose).map((payer) => (state === "waiting" ? payer.waiting : payer.states[state])).filter(Boolean);
    return { events: sums.reduce((all, each) => all + (each.events ?? each.rows), 0), quantity: sum(sums.map((each) => each.quantity)) };
  };
  const one = (key, { events, quantity }, kind, href) =>
    figure(t(`delivery.${key}`), formatCount(events), { kind: events > 0 ? kind : "", href, note: t("delivery.figureNote", { quantity: formatQuantity(quantity) }), title: quantity });
  const list = (state) => link("delivery", { state });
  const isHeld = (payer) => allHeld || payer.held;
  return tight(figures(
    one("waiting", total("waiting"), ""),
    one("pending", total("pending", (payer) => !isHeld(payer)), "", list("pending")),
    one("held", total("pending", isHeld), "warn", list("held")),
    one("dead", total("dead"), "bad", list("dead")),
    one("manual", total("manual"), "warn", list("manual")),
    one("waived", total("waived"), "", list("waived")),
    one("delivered", total("delivered"), "good", list("delivered"))));
}

const eventsLink = (endpoint, state, text) => h("a", { href: link("delivery", { endpoint, state }) }, text);

const allHeldLink = ({ name, pendingEvents }) => (pendingEvents > 0 ? eventsLink(name, "held", formatCount(pendingEvents)) : "0");

// Events of payers that are held are in a list of their own. Where they are too many to be counted here the number is that of both.
function pendingLinks({ name, pendingEvents }, held) {
  if (held.more) {
    return [formatCount(pendingEvents), ": ", eventsLink(name, "pending", t("account.pending")), ", ", eventsLink(name, "held", t("account.held"))];
  }
  const pending = Math.max(0, pendingEvents - held.events);
  const links = [
    pending > 0 && eventsLink(name, "pending", formatCount(pending)),
    held.events > 0 && eventsLink(name, "held", t("delivery.ofHeld", { n: formatCount(held.events) })),
  ].filter(Boolean);
  return links.length === 0 ? "0" : links.flatMap((each, at) => (at > 0 ? [" + ", each] : [each]));
}

function endpointTable(endpoints, troubles, drawPending) {
  const since = (time) => (time ? h("span", { title: formatMoment(time) }, formatRelative(time)) : "–");
  return table(t("delivery.endpoints"), [
    { key: "name", label: t("delivery.endpoint"), draw: (row) => h("a", { href: link("delivery", { endpoint: row.name }) }, row.name), sort: (row) => row.name },
    { key: "state", label: t("delivery.state"), draw: (row) => endpointState(row, troubles.get(row.name)) },
    { key: "waitingRows", label: t("delivery.waitingRows"), numeric: true, draw: (row) => formatCount(row.waitingRows), sort: (row) => row.waitingRows },
    { key: "oldestWaiting", label: t("delivery.oldestWaiting"), draw: (row) => since(row.oldestWaiting), sort: (row) => row.oldestWaiting, narrow: false },
    { key: "pendingEvents", label: t("delivery.pendingEvents"), numeric: true, sort: (row) => row.pendingEvents,
      draw: drawPending },
    { key: "oldestPending", label: t("delivery.oldestPending"), draw: (row) => since(row.oldestPending), sort: (row) => row.oldestPending, narrow: false },
    { key: "again", label: t("delivery.again"), numeric: true, sort: (row) => troubles.get(row.name)?.again ?? 0,
      draw: (row) => h("span", { title: troubles.has(row.name) ? t("delivery.againText", troubles.get(row.name)) : null }, formatCount(troubles.get(row.name)?.again ?? 0)) },
  ], endpoints, { none: empty(t("delivery.noEndpoints"), t("delivery.noEndpointsText")) });
}

// The breaker is that of the gateway that answers: others may know better.
function endpointState({ pausedUntil, reason, breaker }, trouble) {
  if (pausedUntil && Date.parse(pausedUntil) > Date.now()) {
    return [badge(t("delivery.paused"), "bad"), h("p", { class: "muted" }, t("delivery.pausedUntil", { time: formatMoment(pausedUntil), reason }))];
  }
  if (breaker === "open") {
    return badge(t("delivery.breakerOpen"), "bad", t("outcome.BreakerOpen"));
  }
  if (breaker === "halfOpen") {
    return badge(t("delivery.breakerTries"), "warn", t("delivery.breakerTriesText"));
  }
  return trouble?.again > 0 ? badge(t("delivery.retrying"), "warn") : badge(t("delivery.running"), "good");
}

function payerTable(payers, allHeld, refresh) {
  const state = (name, kind) => ({
    key: name, label: t(`account.${name}`), numeric: true, sort: (payer) => payer.states[name]?.events ?? 0,
    draw: (payer) => count(payer.states[name], link("delivery", { payer: payer.payerSubscriptionId, state: name }), kind),
  });
  const pending = { ...state("pending"), draw: (payer) =>
    count(payer.states.pending, link("delivery", { payer: payer.payerSubscriptionId, state: allHeld || payer.held ? "held" : "pending" }), payer.held ? "warn" : "") };
  const troubled = (payer) => payer.held * 4 + (payer.states.dead ? 2 : 0) + (payer.states.manual ? 1 : 0);
  return table(t("delivery.payers"), [
    { key: "payer", label: t("delivery.payer"), draw: (payer) => identifier(payer.payerSubscriptionId), sort: (payer) => payer.payerSubscriptionId },
    { key: "held", label: t("delivery.state"), draw: payerState, sort: (payer) => Number(payer.held) },
    { key: "waiting", label: t("delivery.waitingShort"), numeric: true, draw: (payer) => formatCount(payer.waiting.rows), sort: (payer) => payer.waiting.rows, narrow: false },
    pending, state("dead", "bad"), state("manual", "warn"), state("waived"), state("delivered", "good"),
    ...(manages() ? [{ key: "actions", label: t("delivery.actions"), draw: (payer) => payerAction(payer, refresh) }] : []),
  ], [...payers].sort((a, b) => troubled(b) - troubled(a)), { none: empty(t("delivery.noPayers"), t("delivery.noPayersText")) });
}

const count = (found, href, kind) => (!found ? "0" : h("a", { href, class: kind ? `text-${kind}` : null, title: t("delivery.amount", { records: formatCount(found.records), quantity: found.quantity }) }, formatCount(found.events)));

function payerState({ held, reason, automatic, since }) {
  return held
    ? [badge(t(automatic ? "delivery.refused" : "delivery.heldState"), automatic ? "bad" : "warn"), h("p", { class: "muted" }, t("delivery.heldFor", { reason, since: formatMoment(since) }))]
    : badge(t("delivery.running"), "good");
}

function payerAction({ payerSubscriptionId: id, held }, refresh) {
  if (!held) {
    return button(t("delivery.hold"), () => hold(t("delivery.holdPayer"), t("delivery.holdPayerText", { id }), `/payers/${id}/hold`, refresh), { kind: "small", label: t("delivery.holdOf", { id }) });
  }
  return button(t("delivery.resume"), () => confirm(t("delivery.resume"), t("delivery.resumeText", { id }), {
    action: t("delivery.resume"),
    act: async () => {
      await send("POST", `/payers/${id}/resume`, {});
      toast(t("delivery.resumed"), "good");
      refresh();
    },
  }), { kind: "small", label: t("delivery.resumeOf", { id }) });
}

function hold(title, text, path, refresh) {
  const reason = textField("reason", t("delivery.reason"), { required: true, maxlength: 1000, hint: t("delivery.reasonHint") });
  confirm(title, text, {
    action: title,
    fields: [reason],
    act: async (values) => {
      await send("POST", path, values);
      toast(t("delivery.heldNow"), "good");
      refresh();
    },
  });
  reason.focus();
}

function resumeAll(refresh) {
  confirm(t("delivery.resumeAll"), t("delivery.resumeAllText"), {
    action: t("delivery.resumeAll"),
    act: async () => {
      await send("POST", "/deliveries/resume", {});
      toast(t("delivery.resumed"), "good");
      refresh();
    },
  });
}
