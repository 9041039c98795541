// What operators decide about events: send them again, or give them up. Many at once, with progress, one by one.
import { send } from "../../api.js";
import { h } from "../../dom.js";
import { formatCount } from "../../format.js";
import { link } from "../../router.js";
import { t } from "../../texts.js";
import { checkField, textField } from "../../ui/form.js";
import { button } from "../../ui/page.js";
import { steps } from "../../ui/steps.js";
import { toast } from "../../ui/toast.js";
import { mayRequeue, mayWaive } from "./words.js";

const AT_ONCE = 4;

/** Asks for what it takes and has the events sent again. `onDone` is told when the dialog is closed. */
export function requeue(events, onDone) {
  const able = events.filter(mayRequeue);
  ask("requeue", events, able, onDone, { word: "acceptDuplicateRisk", risky: able.some((event) => event.reason === "OutcomeUnknown"), required: false, kind: "primary" });
}

/** Asks for a reason and gives the events up. */
export function waive(events, onDone) {
  const able = events.filter(mayWaive);
  ask("waive", events, able, onDone, { word: "acceptBilled", risky: able.some((event) => event.unknownSince), required: true, kind: "danger" });
}

// word is the operator's word that it takes where something may be billed: `risky`, as far as the list knows.
function ask(what, events, able, onDone, { word, risky, required, kind }) {
  let changed = false;
  const flow = steps(t(`decide.${what}`), { onClose: () => changed && onDone() });
  const reason = textField("reason", t("decide.reason"), { required, maxlength: 1000, hint: t(`decide.${what}Reason`) });
  const accept = risky ? checkField(word, t(`decide.${word}`)) : null;
  const form = h("form", { novalidate: true, on: { submit: onSubmit } },
    able.length < events.length && h("p", { class: "notice warn" }, t("decide.some", { n: events.length - able.length, of: formatCount(events.length) })),
    h("p", {}, t(`decide.${what}Text`)),
    reason.element, accept && h("div", { class: "notice warn" }, h("p", {}, t(`decide.${word}Text`)), accept.element),
    h("div", { class: "dialog-actions" }, button(t("dialog.cancel"), flow.close),
      h("button", { class: `button ${kind}`, type: "submit", disabled: able.length === 0 }, t(`decide.${what}`))));
  flow.show(t("decide.events", { n: able.length }), form);
  reason.focus();

  async function onSubmit(event) {
    event.preventDefault();
    if (!reason.check()) {
      reason.focus();
      return;
    }
    changed = true;
    const body = { ...(reason.value() ? { reason: reason.value() } : {}), ...(accept?.value() ? { [word]: true } : {}) };
    const failures = await each(flow, able, (one) => send("POST", `/deliveries/${one.key}/${what}`, body));
    if (failures.length === 0) {
      toast(t(`decide.${what}Done`, { n: able.length }), "good");
      flow.close();
    } else {
      flow.show(t(`decide.${what}Done`, { n: able.length - failures.length }), failed(failures), button(t("decide.tryAgain"), () => {
        flow.close();
        const left = failures.map((each) => each.event);
        ask(what, left, left, onDone, { word, risky: risky || failures.some((each) => each.failure.code === "Conflict"), required, kind });
      }), button(t("dialog.close"), flow.close, { kind: "primary" }));
    }
  }
}

// A few at a time: the gateway answers others meanwhile. Closing the dialog stops after those that are under way.
async function each(flow, events, act) {
  const failures = [];
  const bar = h("progress", { max: String(events.length), value: "0" });
  const words = h("p", { role: "status" });
  let [next, done, stopped] = [0, 0, false];
  flow.show(t("decide.working"), h("div", { class: "progress" }, h("label", {}, words, bar)), button(t("decide.stop"), () => (stopped = true)));
  words.closest("dialog").addEventListener("close", () => (stopped = true));
  const say = () => {
    bar.value = done;
    words.textContent = t("decide.progress", { done: formatCount(done), of: formatCount(events.length) });
  };
  say();
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (next < events.length && !stopped) {
      const event = events[next++];
      await act(event).catch((failure) => failures.push({ event, failure }));
      done++;
      say();
    }
  }));
  events.slice(next).forEach((event) => failures.push({ event, failure: new Error(t("decide.stopped")) }));
  return failures;
}

const failed = (failures) => [
  h("p", { class: "notice bad", role: "alert" }, t("decide.failed", { n: failures.length })),
  h("ul", { class: "says" }, failures.map(({ event, failure }) =>
    h("li", {}, h("a", { class: "mono", href: link("event", { key: event.key }) }, event.key), " ", failure.message))),
];
