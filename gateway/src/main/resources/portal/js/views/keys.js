// API keys: for tools that cannot sign in. A key's text is shown once, when it is made.
import { getAll, send } from "../api.js";
import { h } from "../dom.js";
import { formatDay, formatMoment, formatRelative } from "../format.js";
import { DAY } from "../hours.js";
import { here } from "../router.js";
import { has, session } from "../session.js";
import { t } from "../texts.js";
import { confirm, dialog, dialogActions } from "../ui/dialog.js";
import { badge, button, card, copy, heading } from "../ui/page.js";
import { empty, part } from "../ui/states.js";
import { table } from "../ui/table.js";
import { toast } from "../ui/toast.js";
import { subscriptions } from "../usage.js";
import { expiryField, nameField, subscriptionsField } from "./keys/fields.js";

const SOON = 14 * DAY;
const readers = ["Usage.Read", "Usage.Read.All", "Usage.Read.Routed"];

/** The view: `all=1` shows keys of the past too. */
export default function keys({ query, signal, title }) {
  const all = query.get("all") === "1";
  const list = part(signal, () => Promise.all([getAll("/apiKeys", {}, { signal }), subscriptions().catch(() => [])]), ([found, known]) => draw(found, known, all, () => list.refresh()), { lines: 6 });
  const make = readers.some(has) && button(t("keys.create"), () => create(() => list.refresh()), { kind: "primary", iconName: "key" });
  return [heading(title, t("keys.text"), make), list];
}

function draw({ rows, more }, known, all, refresh) {
  const active = rows.filter((key) => key.state === "active");
  const shown = all ? rows : active;
  const past = rows.length - active.length;
  const names = new Map(known.map((one) => [one.id, one.name]));
  const toggle = past > 0 && h("a", { class: all ? "button chosen" : "button", href: here({ all: all ? null : "1" }), data: { focus: "keys.all" } }, t(all ? "keys.onlyActive" : "keys.alsoPast", { n: past }));
  const none = empty(t("keys.noneTitle"), t("keys.none"));
  return card(t("keys.list", { n: active.length }), [
    more && h("p", { class: "notice" }, t("keys.more")),
    table(t("keys.title"), columns(names, refresh), shown, { none, sortedBy: "-createdAt" }),
  ].filter(Boolean), { actions: toggle });
}

function columns(names, refresh) {
  const own = session().tenantId;
  return [
    { key: "displayName", label: t("keys.name"), sort: (key) => key.displayName, draw: (key) => [key.displayName, h("div", { class: "muted mono key-id" }, key.id)] },
    { key: "state", label: t("keys.state"), sort: (key) => key.state, draw: state },
    { key: "subscriptions", label: t("keys.reads"), draw: (key) => h("ul", {}, key.subscriptions.map((id) => h("li", { title: id }, names.get(id) ?? id))) },
    { key: "lastUsedAt", label: t("keys.lastUsed"), sort: (key) => key.lastUsedAt ?? "", draw: (key) => (key.lastUsedAt ? moment(key.lastUsedAt) : t("keys.neverUsed")) },
    { key: "createdAt", label: t("keys.made"), narrow: false, sort: (key) => key.createdAt, draw: (key) => [moment(key.createdAt), h("div", { class: "muted" }, key.tenantId === own ? key.createdBy : t("keys.ofTenant", { by: key.createdBy, tenant: key.tenantId }))] },
    { key: "expiresAt", label: t("keys.expires"), sort: (key) => key.expiresAt, draw: (key) => h("span", { title: formatMoment(key.expiresAt) }, formatDay(key.expiresAt)) },
    { key: "actions", label: t("keys.actions"), draw: (key) => (key.state === "active" ? button(t("keys.revoke"), () => revoke(key, refresh), { label: t("keys.revokeNamed", { name: key.displayName }) }) : "–") },
  ];
}

const moment = (time) => h("span", { title: formatMoment(time) }, formatRelative(time));

function state(key) {
  if (key.state !== "active") {
    const when = key.revokedAt ? t("keys.revokedBy", { by: key.revokedBy ?? "–", when: formatMoment(key.revokedAt) }) : null;
    return badge(t(`keys.state.${key.state}`), "plain", when);
  }
  if (Date.parse(key.expiresAt) - Date.now() < SOON) {
    return badge(t("keys.expiresSoon", { when: formatRelative(key.expiresAt) }), "warn");
  }
  return key.secret === "previous" ? badge(t("keys.previousSecret"), "warn", t("keys.previousSecretWhy")) : badge(t("keys.state.active"), "good");
}

async function create(refresh) {
  const fields = [nameField(), subscriptionsField(await subscriptions().catch(() => [])), expiryField()];
  confirm(t("keys.create"), t("keys.createText"), {
    action: t("keys.make"),
    fields,
    act: async ({ displayName, subscriptions: chosen, expiresAt }) => {
      const made = await send("POST", "/apiKeys", { displayName, subscriptions: chosen, ...(expiresAt ? { expiresAt } : {}) });
      refresh();
      // After the dialog that asked has closed, so that the focus goes into this one.
      setTimeout(() => showOnce(made));
    },
  });
}

function showOnce(made) {
  const text = h("input", { value: made.key, readonly: true, class: "mono key-text", "aria-label": t("keys.key"), on: { focus: () => text.select() } });
  const box = dialog(t("keys.madeTitle", { name: made.displayName }), [
    h("p", { class: "notice warn" }, t("keys.once")),
    h("div", { class: "key-line" }, text, button(t("copyas.copy"), () => copy(made.key), { kind: "primary", iconName: "copy" })),
    h("p", { class: "muted" }, t("keys.howTo", { expires: formatDay(made.expiresAt) })),
    h("pre", { tabindex: "0", class: "code", "aria-label": t("copyas.code") }, `curl -H "x-api-key: $TALLYGATE_KEY" '${location.origin}/subscriptions?api-version=2016-06-01'`),
    dialogActions(button(t("keys.kept"), () => box.close())),
  ]);
  text.focus();
}

function revoke(key, refresh) {
  const used = key.lastUsedAt ? t("keys.revokeUsed", { when: formatRelative(key.lastUsedAt) }) : t("keys.revokeUnused");
  confirm(t("keys.revokeTitle", { name: key.displayName }), `${t("keys.revokeText")} ${used}`, {
    action: t("keys.revoke"),
    danger: true,
    act: async () => {
      await send("DELETE", `/apiKeys/${key.id}`);
      toast(t("keys.revoked", { name: key.displayName }), "good");
      refresh();
    },
  });
}
