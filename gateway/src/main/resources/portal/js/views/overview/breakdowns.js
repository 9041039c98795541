// Breakdowns of the leading meter: by subscription, tenant, resource, resource group, location and tag. Each bar leads to its rows.
import { h } from "../../dom.js";
import { sum } from "../../format.js";
import { change } from "../../router.js";
import { t } from "../../texts.js";
import { bars } from "../../ui/bars.js";
import { card } from "../../ui/page.js";
import { empty, onDemand, part } from "../../ui/states.js";
import { totals } from "../../usage.js";

const TOP = 8;
const USUAL_TAGS = ["department", "costCenter", "environment", "project", "owner"];

// What is kept by subscription and meter is added up at once; over resources it takes a second for about so many records.
const BY_RESOURCE = ["tag:", "resource", "location"];
const MANY_RECORDS = 1_000_000;

/** The cards, for what is chosen; breakdowns that would have one bar by their nature are left out. */
export function breakdowns(view, choice) {
  const { lead } = choice;
  const tag = view.query.get("tagName") ?? USUAL_TAGS[0];
  const one = (kind, groupBy, options) => breakdown(view, lead, { kind, groupBy, ...options });
  return [
    choice.shown.length > 1 && meterCard(view, choice),
    view.everyone && !view.filters.subscription && one("tenant", "tenant", { name: (group) => view.names?.tenantName(group.key) ?? group.label }),
    (view.known.length > 1 || view.filters.provider) && !view.filters.subscription && one("subscription", "subscription"),
    one("tag", `tag:${tag}`, { title: t("overview.byTag", { tag }), tag, actions: tagField(tag) }),
    one("resourceGroup", "resourceGroup"),
    one("resource", "resource"),
    one("location", "location"),
  ];
}

// Of one unit, but of different meters: no shares, since they are no parts of one whole.
function meterCard(view, { shown, unit }) {
  const items = shown.map((group) => ({ label: group.meterName, quantity: group.total, href: view.usage({ meter: group.meterId }) }));
  return card(t("overview.byMeter"), bars(items, { unit, label: t("overview.byMeter") }), { text: unit });
}

function breakdown(view, lead, { kind, groupBy, title, tag, actions, name }) {
  const heading = title ?? t(`overview.by.${kind}`);
  const make = () => part(view.signal, () => totals(view.period, { ...view.filters, meter: lead.meterId, groupBy, top: TOP }, { signal: view.signal }), ({ groups }) => {
    if (groups.length === 0) {
      return empty(t("overview.nothingSealed"));
    }
    const items = groups.map((group) => ({
      label: group.other ? t("overview.others") : name?.(group) || group.label || none(kind, tag),
      note: subscriptionOf(view, kind, group.key),
      title: group.key,
      quantity: group.total,
      other: group.other || group.key === "",
      href: group.other ? null : rowsOf(view, lead, kind, tag, group),
    }));
    return bars(items, { unit: lead.unit, whole: sum(groups.map((group) => group.total)), label: heading });
  }, { lines: 5 });
  const content = BY_RESOURCE.some((each) => groupBy.startsWith(each)) && lead.records > MANY_RECORDS ? onDemand(t("overview.addUp"), make, { label: heading }) : make();
  return card(heading, content, { text: t("overview.ofMeter", { meter: lead.meterName, unit: lead.unit }), actions });
}

// Resources and their groups have the same names in many subscriptions.
function subscriptionOf({ known, filters }, kind, key) {
  const [, id] = (kind === "resource" || kind === "resourceGroup") && known.length > 1 && !filters.subscription ? (/^\/subscriptions\/([^/]+)/i.exec(key) ?? []) : [];
  return id && (known.find((one) => one.id === id.toLowerCase())?.name ?? id);
}

const none = (kind, tag) => (kind === "tag" ? t("overview.untagged", { tag }) : t("overview.without"));

function rowsOf(view, lead, kind, tag, { key }) {
  const meter = lead.meterId;
  switch (kind) {
    case "tenant": return view.usage({ meter, tenant: key });
    case "subscription": return view.usage({ meter, subscription: key });
    case "tag": return view.usage(key === "" ? { meter, untagged: tag } : { meter, tag: `${tag}=${key}` });
    // With its slash: another group's name may begin as this one's.
    case "resourceGroup": return key === "" ? null : view.usage({ meter, resource: `${key}/` });
    case "resource": return view.usage({ meter, uri: key });
    default: return key === "" ? null : view.usage({ meter, location: key });
  }
}

function tagField(tag) {
  const list = h("datalist", { id: "usual-tags" }, USUAL_TAGS.map((value) => h("option", { value })));
  const field = h("input", { value: tag, list: list.id, "aria-label": t("overview.tagName"), size: 14, maxlength: 512, autocomplete: "off", spellcheck: "false", data: { focus: "overview.tag" } });
  field.addEventListener("change", () => field.value.trim() && change({ tagName: field.value.trim() }));
  return [field, list];
}
