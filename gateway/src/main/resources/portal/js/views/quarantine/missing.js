// What the quarantined records wait for, each once, with what to do about it.
import { address, send } from "../../api.js";
import { ADMIN_VERSION } from "../../directory.js";
import { h } from "../../dom.js";
import { formatCount, formatMoment, formatRelative } from "../../format.js";
import { here } from "../../router.js";
import { manages, operatorSubscription } from "../../session.js";
import { t } from "../../texts.js";
import { confirm } from "../../ui/dialog.js";
import { UUID, checkField, selectField, textField } from "../../ui/form.js";
import { badge, button, card, identifier } from "../../ui/page.js";
import { empty } from "../../ui/states.js";
import { table } from "../../ui/table.js";
import { toast } from "../../ui/toast.js";

const RELEASE_MS = 4000;

/** The card of what is missing. */
export function missingCard(rows, context) {
  const all = missing(rows);
  return card(t("quarantine.missing"), table(t("quarantine.missing"), [
    { key: "id", label: t("quarantine.missingId"), draw: (one) => [h("span", { class: "whole" }, identifier(one.id)), h("div", { class: "hint" }, [...one.sources].join(", "))] },
    { key: "what", label: t("quarantine.what"), draw: (one) => badge(t(`quarantine.${one.reason}`), "warn") },
    { key: "records", label: t("quarantine.records"), numeric: true, sort: (one) => one.records, draw: (one) => h("a", { href: here({ missing: one.id, page: null }) }, formatCount(one.records)) },
    { key: "oldest", label: t("quarantine.oldest"), sort: (one) => one.oldest, draw: (one) => h("span", { class: "nowrap", title: formatMoment(one.oldest) }, formatRelative(one.oldest)) },
    { key: "do", label: t("quarantine.do"), draw: (one) => (manages() ? remedy(one, context) : t(`quarantine.${one.reason}Ask`)) },
  ], all, { none: empty(t("quarantine.nothingWaits"), t("quarantine.nothingWaitsText")), sortedBy: "-records" }), { text: all.length > 0 ? t("quarantine.missingText") : null });
}

/** The button that supplies what a record waits for: `one` has `reason` and `id`. */
export function remedy(one, context) {
  return one.reason === "MeterUnknown"
    ? button(t("quarantine.addMeter"), () => addMeter(one.id, context), { label: t("quarantine.addMeterOf", { id: one.id }) })
    : button(t("quarantine.create"), () => createSubscription(one.id, context), { label: t("quarantine.createOf", { id: one.id }) });
}

function missing(rows) {
  const found = new Map();
  for (const { reason, receivedAt, record } of rows) {
    const id = reason === "MeterUnknown" ? record.meterId : record.subscriptionId;
    const one = found.get(id) ?? { id, reason, records: 0, oldest: receivedAt, sources: new Set() };
    one.records += 1;
    one.sources.add(record.source);
    found.set(id, one);
  }
  return [...found.values()];
}

function createSubscription(id, { names, refresh }) {
  const tenants = names.tenants.map((tenant) => ({ value: tenant.id, label: tenant.name }));
  const registrations = names.registrations.map((one) => [one, one.split("/").at(-1)]);
  confirm(t("quarantine.create"), t("quarantine.createText", { id }), {
    action: t("quarantine.create"),
    fields: [
      textField("tenantId", t("quarantine.tenant"), { required: true, pattern: UUID, expected: t("quarantine.uuid"), list: tenants, hint: t("quarantine.tenantHint") }),
      textField("displayName", t("quarantine.name"), { required: true, maxlength: 256 }),
      textField("owner", t("quarantine.owner"), { maxlength: 256 }),
      registrations.length > 1 && selectField("registrationId", t("quarantine.registration"), registrations),
    ].filter(Boolean),
    act: async (values) => {
      const under = operatorSubscription();
      await send("PUT", address(`/subscriptions/${under}/providers/Microsoft.Subscriptions.Admin/subscriptions/${id}`, ADMIN_VERSION), filled(values));
      done(t("quarantine.created"), refresh);
    },
  });
}

function addMeter(id, { refresh }) {
  confirm(t("quarantine.addMeter"), t("quarantine.addMeterText", { id }), {
    action: t("quarantine.addMeter"),
    fields: [
      textField("name", t("quarantine.name"), { required: true, maxlength: 256, hint: t("quarantine.meterHint") }),
      textField("unit", t("quarantine.unit"), { required: true, maxlength: 256, hint: t("quarantine.unitHint") }),
      textField("resourceProvider", t("quarantine.provider"), { maxlength: 256 }),
      checkField("chargeable", t("quarantine.chargeable")),
    ],
    act: async (values) => {
      await send("PUT", `/meters/${encodeURIComponent(id)}`, filled(values));
      done(t("quarantine.added"), refresh);
    },
  });
}

function done(text, refresh) {
  toast(text, "good");
  refresh(RELEASE_MS);
}

// What is left empty gets its default.
const filled = (values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));
