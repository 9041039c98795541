// All views: their addresses, who sees them in the menu, and the module that draws them. A module is loaded when it is needed.
import { has, manages, operates, readsEveryone } from "./session.js";

const everyone = () => true;
const keyMaker = () => ["Usage.Read", "Usage.Read.All", "Usage.Read.Routed"].some(has) || manages();

/** `path` as after #/; `menu` the part of the menu, null for views that others lead to; `allowed` whether this caller may see it. */
export const views = [
  { path: "overview", menu: "usage", icon: "chart", allowed: everyone, load: () => import("./views/overview.js") },
  { path: "usage", menu: "usage", icon: "table", allowed: everyone, load: () => import("./views/usage.js") },
  { path: "keys", menu: "usage", icon: "key", allowed: keyMaker, load: () => import("./views/keys.js") },
  { path: "tenants", menu: "operator", icon: "people", allowed: readsEveryone, load: () => import("./views/tenants.js") },
  { path: "sources", menu: "operator", icon: "pulse", allowed: operates, load: () => import("./views/sources.js") },
  { path: "collected", menu: "operator", icon: "download", allowed: operates, load: () => import("./views/collected.js") },
  { path: "gaps", menu: "operator", icon: "search", allowed: operates, load: () => import("./views/gaps.js") },
  { path: "registrations", menu: "operator", icon: "route", allowed: operates, load: () => import("./views/registrations.js") },
  { path: "registration", menu: null, allowed: operates, load: () => import("./views/registration.js") },
  { path: "delivery", menu: "operator", icon: "send", allowed: operates, load: () => import("./views/delivery.js") },
  { path: "event", menu: null, allowed: operates, load: () => import("./views/event.js") },
  { path: "reconciliation", menu: "operator", icon: "balance", allowed: operates, load: () => import("./views/reconciliation.js") },
  { path: "windows", menu: "operator", icon: "clock", allowed: operates, load: () => import("./views/windows.js") },
  { path: "quarantine", menu: "operator", icon: "warning", allowed: operates, load: () => import("./views/quarantine.js") },
  { path: "audit", menu: "operator", icon: "book", allowed: everyone, load: () => import("./views/audit.js") },
];
