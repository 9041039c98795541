// The ledger of an event as a line of time: what happened in one submission stands together.
import { h } from "../../dom.js";
import { formatMoment, formatRelative } from "../../format.js";
import { link } from "../../router.js";
import { t } from "../../texts.js";
import { icon } from "../../ui/icons.js";
import { badge, identifier } from "../../ui/page.js";
import { empty } from "../../ui/states.js";
import { meaning, outcomeBadge, outcomeKind } from "../delivery/words.js";

/** The line of time; the last step is open. */
export function ledgerOf({ ledger, createdAt }) {
  if (ledger.length === 0) {
    return empty(t("event.noLedger"), t("event.noLedgerText"));
  }
  const steps = grouped(ledger);
  return h("ol", { class: "ledger" },
    h("li", { class: "plain" }, h("div", { class: "ledger-line" }, h("strong", {}, t("event.composed")), when(createdAt))),
    steps.map((entries, at) => step(entries, at === steps.length - 1)));
}

// Entries of one submission that follow each other are one step; what an operator decided is a step of its own.
function grouped(ledger) {
  const steps = [];
  for (const entry of ledger) {
    const last = steps.at(-1);
    if (last && entry.submissionId && last[0].submissionId === entry.submissionId) {
      last.push(entry);
    } else {
      steps.push([entry]);
    }
  }
  return steps;
}

function step(entries, open) {
  const last = entries.at(-1);
  const line = [outcomeBadge(last.outcome), entries[0].submissionId && h("span", {}, t("event.attempt", { n: last.attempt })), when(last.recordedAt)];
  if (!entries[0].submissionId) {
    return h("li", { class: outcomeKind(last.outcome) }, h("div", { class: "ledger-line" }, line), last.detail && h("p", { class: "muted" }, last.detail));
  }
  return h("li", { class: outcomeKind(last.outcome) },
    h("details", { open }, h("summary", { class: "ledger-line" }, line, icon("next")),
      h("p", { class: "ledger-line" }, h("span", { class: "muted" }, t("event.submission")), identifier(last.submissionId),
        h("a", { href: link("delivery", { submission: last.submissionId }) }, t("event.submissionEvents"))),
      entries.map(attempt)));
}

function attempt(entry) {
  return h("div", { class: "ledger-entry" },
    h("p", {}, meaning(entry.outcome) ?? entry.outcome, entry.fenced && [" ", badge(t("event.fenced"), "warn", t("event.fencedText"))]),
    entry.detail && h("p", { class: "muted" }, entry.detail),
    entry.remoteId && h("p", { class: "muted" }, t("event.remote"), ": ", identifier(entry.remoteId)));
}

const when = (time) => h("time", { datetime: time, class: "muted", title: formatRelative(time) }, formatMoment(time));
