// States and outcomes of events, as badges and in words.
import { t } from "../../texts.js";
import { badge } from "../../ui/page.js";

const KINDS = { delivered: "good", pending: "plain", held: "warn", dead: "bad", manual: "warn", waived: "plain", withdrawn: "plain" };

/** All states that an event can be in. */
export const STATES = Object.keys(KINDS);

/** All reasons that an event can have for its state. */
export const REASONS = ["Conflict", "Expired", "InvalidDimension", "InvalidQuantity", "BadArgument", "ResourceNotFound", "NotAuthorized", "NotSubscribed",
  "Unauthorized", "TooLarge", "Throttled", "Refused", "Error", "NoAnswer", "Nonsense", "BreakerOpen", "OutcomeUnknown", "NegativeSum", "AwaitedEventWaived"];

const WELL = ["Accepted", "Duplicate", "Compared"];
const BAD = ["Conflict", "Expired", "InvalidDimension", "InvalidQuantity", "BadArgument"];
const DECIDED = ["Requeued", "Waived", "Withdrawn"];

/** A state as a badge. */
export const stateBadge = (state) => badge(t(`event.state.${state}`), KINDS[state] ?? "plain");

/** An outcome as a badge, with what it means as its title. */
export const outcomeBadge = (outcome) => badge(outcome, outcomeKind(outcome), meaning(outcome));

/** good, bad, warn or plain. */
export const outcomeKind = (outcome) => (WELL.includes(outcome) ? "good" : BAD.includes(outcome) ? "bad" : DECIDED.includes(outcome) ? "plain" : "warn");

/** What an outcome or reason means; null where it says it itself. */
export function meaning(word) {
  const key = `outcome.${word}`;
  const text = t(key);
  return text === key ? null : text;
}

/** Whether an operator may have it sent again. */
export const mayRequeue = (event) => ["dead", "manual"].includes(event.state) && !event.inFlight;

/** Whether an operator may give it up. */
export const mayWaive = (event) => ["pending", "held", "dead", "manual"].includes(event.state) && !event.inFlight;
