// Changing who pays: what is wanted, a preview, the change, and what was routed already.
import { address, send } from "../../api.js";
import { h } from "../../dom.js";
import { formatHour } from "../../format.js";
import { DAY, HOUR, floorDay, floorHour, wireTime } from "../../hours.js";
import { t } from "../../texts.js";
import { selectField, textField, UUID } from "../../ui/form.js";
import { button } from "../../ui/page.js";
import { stepButton, stepForm, steps } from "../../ui/steps.js";
import { toast } from "../../ui/toast.js";
import { VERSION } from "./data.js";
import { movesOf } from "./moves.js";

const WHOLE_HOUR = /^\d{4}-\d{2}-\d{2}T\d{2}:00:00Z$/;

/**
 * Asks who pays for a tenant from which hour on, shows what that would move, and does it when told to.
 *
 * @param context `{registration, names, payers, tenants, onDone}`: payers are suggested, of the tenants one is chosen
 * @param tenantId the tenant, where it is known; else it is asked for
 * @param payer what stands in the field at first
 */
export function setPayer(context, { tenantId, payer } = {}) {
  const flow = steps(t("mapping.title"), { onClose: () => flow.changed && context.onDone() });
  const tenant = tenantId ? fixed(tenantId) : selectField("tenantId", t("mapping.tenant"), context.tenants.map((each) => [each.id, each.name]));
  const customer = textField("payer", t("mapping.payer"), {
    required: true, pattern: UUID, expected: t("mapping.uuid"), hint: t("mapping.payerHint"), list: context.payers, value: payer,
  });
  const from = hourField("effectiveFrom", t("mapping.from"));
  const fields = [tenant, customer, from];

  function ask() {
    const words = tenantId && h("p", {}, t("mapping.for", { tenant: context.names.tenantName(tenantId) }));
    flow.show(t("mapping.ask"), stepForm(flow, t("mapping.preview"), [words, fields.map((field) => field.element)], fields, async () => {
      const wanted = { payer: customer.value().toLowerCase(), tenantId: tenant.value(), effectiveFrom: from.value() };
      review(wanted, previewed(await put(context, wanted, true)));
    }));
  }

  function review(wanted, preview) {
    flow.show(t("mapping.review"), [
      h("p", {}, t("mapping.says", { payer: wanted.payer, tenant: context.names.tenantName(wanted.tenantId), from: formatHour(wanted.effectiveFrom) })),
      endedOf(preview.ended, context.names),
      ...routedOf(preview.reroute, context.names),
    ], button(t("mapping.back"), ask), stepButton(t("mapping.apply"), async () => {
      await put(context, wanted, false);
      await offerReroute(context, flow, { tenantId: wanted.tenantId, from: wanted.effectiveFrom });
    }, "primary"));
  }

  ask();
}

/** Asks until which hour a mapping counts, shows what ending it would move, and ends it when told to. */
export function endMapping(context, mapping) {
  const flow = steps(t("mapping.endTitle"), { onClose: () => flow.changed && context.onDone() });
  const { tenantId } = mapping.properties;
  const words = { payer: mapping.name, tenant: context.names.tenantName(tenantId) };
  const until = hourField("effectiveTo", t("mapping.until"));
  const end = (dryRun) => send("DELETE", address(mappingPath(context.registration, mapping.name), { ...VERSION, effectiveTo: until.value(), dryRun }));

  function ask() {
    flow.show(t("mapping.ask"), stepForm(flow, t("mapping.preview"), [h("p", {}, t("mapping.endFor", words)), until.element], [until], async () => {
      const preview = await end(true);
      preview === null ? flow.show(t("mapping.review"), h("p", { class: "notice" }, t("mapping.nothingToEnd")), button(t("mapping.back"), ask)) : review(previewed(preview));
    }));
  }

  function review(preview) {
    flow.show(t("mapping.review"), [
      h("p", {}, t("mapping.endSays", { ...words, to: formatHour(until.value()) })),
      ...routedOf(preview.reroute, context.names),
    ], button(t("mapping.back"), ask), stepButton(t("mapping.end"), async () => {
      await end(false);
      await offerReroute(context, flow, { tenantId, from: until.value() });
    }, "danger"));
  }

  ask();
}

// What was routed before a change stays where it is until it is moved: for past hours that is offered right away.
async function offerReroute(context, flow, { tenantId, from }) {
  flow.changed = true;
  toast(t("mapping.done"), "good");
  if (Date.parse(from) > Date.now()) {
    flow.close();
    return;
  }
  const wanted = { from, tenantId, registration: context.registration.id };
  const preview = await send("POST", "/reroute?dryRun=true", wanted);
  if (preview.moves.length === 0) {
    flow.close();
    return;
  }
  flow.show(t("mapping.moveAsk"), [h("p", { class: "notice good" }, t("mapping.recorded")), movesOf(preview, context.names, true)],
    button(t("mapping.leave"), flow.close),
    stepButton(t("mapping.move"), async () => {
      const moved = await send("POST", "/reroute", wanted);
      flow.show(t("mapping.moved"), movesOf(moved, context.names, false), button(t("dialog.close"), flow.close, { kind: "primary" }));
    }, "primary"));
}

const mappingPath = (registration, payer) => `${registration.id}/customerSubscriptions/${payer}`;

const put = (context, { payer, tenantId, effectiveFrom }, dryRun) =>
  send("PUT", address(mappingPath(context.registration, payer), { ...VERSION, dryRun }), { properties: { tenantId, effectiveFrom } });

// During an update of several gateways an older one may answer, which knows no preview and has made the change.
function previewed(answer) {
  if (!answer?.dryRun) {
    throw new Error(t("mapping.noPreview"));
  }
  return answer;
}

function routedOf(reroute, names) {
  return [
    h("h4", {}, t("mapping.routedAlready")),
    movesOf(reroute, names, true),
    reroute.moves.length > 0 && h("p", { class: "hint" }, t("mapping.routedLater")),
  ];
}

// A mapping that ends where it began never counts.
function endedOf(ended, names) {
  const words = (each) => ({ payer: each.name, tenant: names.tenantName(each.tenantId), to: formatHour(each.endsAt) });
  return ended.length > 0 && h("ul", { class: "says" }, ended.map((each) =>
    h("li", {}, t(Date.parse(each.endsAt) > Date.parse(each.effectiveFrom) ? "mapping.ends" : "mapping.never", words(each)))));
}

const hourField = (name, label) => textField(name, label, {
  required: true, pattern: WHOLE_HOUR, expected: t("form.hour"), hint: t("mapping.fromHint"), list: hours(), value: hourText(Date.now()),
});

const fixed = (tenantId) => ({ value: () => tenantId, check: () => true });

const hourText = (time) => wireTime(floorHour(time));

// Hours that people mean most often.
function hours() {
  const now = new Date();
  const day = floorDay(now);
  return [
    [t("mapping.thisHour"), now.getTime()],
    [t("mapping.nextHour"), now.getTime() + HOUR],
    [t("mapping.today"), day],
    [t("mapping.tomorrow"), day + DAY],
    [t("mapping.thisMonth"), Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1)],
    [t("mapping.nextMonth"), Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1)],
  ].map(([label, time]) => ({ label, value: hourText(time) }));
}
