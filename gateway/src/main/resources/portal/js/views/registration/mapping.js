// Changing who pays: what is wanted, a preview, the change, and what was routed already.
import { address, send } from "../../api.js";
import { h } from "../../dom.js";
import { formatHour } from "../../format.js";
import { t } from "../../texts.js";
import { selectField, textField, UUID } from "../../ui/form.js";
import { button } from "../../ui/page.js";
import { running, stepButton, steps } from "../../ui/steps.js";
import { toast } from "../../ui/toast.js";
import { movesOf } from "./moves.js";

const HOUR_MS = 3_600_000;
const HOUR = /^\d{4}-\d{2}-\d{2}T\d{2}:00:00Z$/;

/**
 * Asks who pays for a tenant from which hour on, shows what that would move, and does it when told to.
 *
 * @param context `{registration, names, payers, tenants, onDone}`: payers are suggested, of the tenants one is chosen
 * @param tenantId the tenant, where it is known; else it is asked for
 * @param payer what stands in the field at first
 */
export function setPayer(context, { tenantId, payer } = {}) {
  const flow = steps(t("mapping.title"), { onClose: context.onDone });
  const tenant = tenantId ? fixed(tenantId) : selectField("tenantId", t("mapping.tenant"), context.tenants.map((each) => [each.id, each.name]));
  const customer = textField("payer", t("mapping.payer"), {
    required: true, pattern: UUID, expected: t("mapping.uuid"), hint: t("mapping.payerHint"), list: context.payers, value: payer,
  });
  const from = textField("effectiveFrom", t("mapping.from"), {
    required: true, pattern: HOUR, expected: t("form.hour"), hint: t("mapping.fromHint"), list: hours(), value: hourText(Date.now()),
  });
  const fields = [tenant, customer, from];

  function ask() {
    const next = h("button", { class: "button primary", type: "submit" }, t("mapping.preview"));
    const form = h("form", { novalidate: true, on: { submit: (event) => (event.preventDefault(), check(next)) } },
      tenantId && h("p", {}, t("mapping.for", { tenant: context.names.tenantName(tenantId) })),
      fields.map((field) => field.element),
      h("div", { class: "dialog-actions" }, button(t("dialog.cancel"), flow.close), next));
    flow.show(t("mapping.ask"), form);
    fields.find((field) => field.element && !field.value())?.focus();
  }

  async function check(next) {
    const wrong = fields.filter((field) => !field.check());
    if (wrong.length > 0) {
      wrong[0].focus();
      return;
    }
    const wanted = { payer: customer.value().toLowerCase(), tenantId: tenant.value(), effectiveFrom: from.value() };
    await running(next, async () => review(wanted, previewed(await put(context, wanted, true))));
  }

  function review(wanted, preview) {
    flow.show(t("mapping.review"), [
      h("p", {}, t("mapping.says", { payer: wanted.payer, tenant: context.names.tenantName(wanted.tenantId), from: formatHour(wanted.effectiveFrom) })),
      endedOf(preview.ended, context.names),
      h("h4", {}, t("mapping.routedAlready")),
      movesOf(preview.reroute, context.names, true),
      preview.reroute.moves.length > 0 && h("p", { class: "hint" }, t("mapping.routedLater")),
    ], button(t("mapping.back"), ask), stepButton(t("mapping.apply"), async () => {
      await put(context, wanted, false);
      await offerReroute(context, flow, { tenantId: wanted.tenantId, from: wanted.effectiveFrom });
    }, "primary"));
  }

  ask();
}

/** Shows what ending a mapping with the current hour would move, and ends it when told to. */
export async function endMapping(context, mapping) {
  const flow = steps(t("mapping.endTitle"), { onClose: context.onDone });
  const path = mappingPath(context.registration, mapping.name);
  const says = t("mapping.endSays", { payer: mapping.name, tenant: context.names.tenantName(mapping.properties.tenantId) });
  const look = stepButton(t("mapping.preview"), async () => {
    const preview = previewed(await send("DELETE", address(path, { ...VERSION, dryRun: true })));
    flow.show(t("mapping.review"), [
      h("p", {}, says),
      endedOf(preview.ended, context.names),
      movesOf(preview.reroute, context.names, true),
    ], button(t("dialog.cancel"), flow.close), stepButton(t("mapping.end"), async () => {
      const hour = hourText(Date.now());
      await send("DELETE", address(path, VERSION));
      await offerReroute(context, flow, { tenantId: mapping.properties.tenantId, from: hour });
    }, "danger"));
  }, "primary");
  flow.show(t("mapping.ask"), h("p", {}, says), button(t("dialog.cancel"), flow.close), look);
  look.click();
}

// What was routed before a change stays where it is until it is moved: for past hours that is offered right away.
async function offerReroute(context, flow, { tenantId, from }) {
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

const VERSION = { "api-version": "2022-06-01" };

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

function endedOf(ended, names) {
  return ended.length === 0 ? null : h("ul", { class: "says" }, ended.map((each) => h("li", {}, each.effectiveTo
    ? t("mapping.ends", { payer: idOf(each), tenant: names.tenantName(each.tenantId), to: formatHour(each.effectiveTo) })
    : t("mapping.never", { payer: idOf(each), tenant: names.tenantName(each.tenantId) }))));
}

const idOf = (mapping) => mapping.id.split("/").at(-1);

const fixed = (tenantId) => ({ value: () => tenantId, check: () => true });

const hourText = (time) => new Date(Math.floor(time / HOUR_MS) * HOUR_MS).toISOString().replace(".000", "");

// Hours that people mean most often.
function hours() {
  const now = new Date();
  const day = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate());
  return [
    [t("mapping.thisHour"), now.getTime()],
    [t("mapping.nextHour"), now.getTime() + HOUR_MS],
    [t("mapping.today"), day],
    [t("mapping.tomorrow"), day + 24 * HOUR_MS],
    [t("mapping.thisMonth"), Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1)],
    [t("mapping.nextMonth"), Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1)],
  ].map(([label, time]) => ({ label, value: hourText(time) }));
}
