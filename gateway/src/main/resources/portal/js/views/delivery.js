// Delivery: where it stands, and the events themselves.
import { get } from "../api.js";
import { directory } from "../directory.js";
import { h } from "../dom.js";
import { link } from "../router.js";
import { manages } from "../session.js";
import { t } from "../texts.js";
import { card, heading } from "../ui/page.js";
import { part } from "../ui/states.js";
import { drawEvents, eventFilters, FILTERS, loadEvents } from "./delivery/events.js";
import { allSwitch, drawStatus, loadStatus } from "./delivery/status.js";

/** The view: `show=events` or one of `FILTERS` shows events, else the status. */
export default function delivery({ query, signal, title }) {
  const events = query.get("show") === "events" || FILTERS.some((name) => query.get(name));
  const action = h("div", { class: "actions" });
  return [
    heading(title, t("delivery.text"), action),
    h("nav", { class: "segments", "aria-label": t("delivery.parts") }, tab("delivery.status", {}, !events), tab("delivery.events", { show: "events" }, events)),
    !manages() && h("p", { class: "notice" }, t("delivery.readOnly")),
    events ? eventPart(query, signal) : statusPart(signal, action),
  ].filter(Boolean);
}

const tab = (text, parameters, current) => h("a", { class: current ? "button chosen" : "button", href: link("delivery", parameters), "aria-current": current ? "page" : null, data: { focus: text } }, t(text));

function statusPart(signal, action) {
  const content = part(signal, loadStatus, (status) => {
    if (manages()) {
      action.replaceChildren(allSwitch(status, content.refresh));
    }
    return drawStatus(status, content.refresh);
  }, { lines: 8 });
  return content;
}

function eventPart(query, signal) {
  const filters = part(signal, () => Promise.all([directory(), get("/endpoints", {}, { signal })]),
    ([names, endpoints]) => eventFilters(query, names, endpoints.value.map((each) => each.name)), { lines: 1 });
  const list = part(signal, () => Promise.all([loadEvents(query, signal), directory()]), ([page, names]) => drawEvents(page, query, names, list.refresh), { lines: 10 });
  return card(t("delivery.events"), [filters, list], { text: t("delivery.eventsText") });
}
