// What the address bar says after #: a view and its parameters. Whatever is on the screen can be sent to a colleague as a link.
import { withQuery } from "./query.js";
import { views } from "./routes.js";

// Anybody may have made an address: what is no id gets neither into a request nor into a command that is copied.
const IDS = ["subscription", "tenant", "provider", "payer", "submission", "key"];
const ID = /^[0-9a-f-]{36}$/i;

/** The view of the address bar and its parameters: `{path, view, query}`; without a path the first view, with an unknown one null. */
export function place() {
  const [path, text = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const query = new URLSearchParams(text);
  IDS.filter((name) => query.has(name) && !ID.test(query.get(name))).forEach((name) => query.delete(name));
  return { path, view: path === "" ? views[0] : (views.find((view) => view.path === path) ?? null), query };
}

/** The link to a view with parameters; those that are null or empty are left out. */
export const link = (path, parameters = {}) => withQuery(`#/${path}`, parameters);

/** The link to what is on the screen with some parameters changed. */
export function here(changes) {
  const { view, query } = place();
  return link(view.path, { ...Object.fromEntries(query), ...changes });
}

/** Changes parameters of what is on the screen; the view is drawn anew. `replace` leaves no step in the history. */
export function change(changes, { replace = false } = {}) {
  if (replace) {
    history.replaceState(null, "", here(changes));
    window.dispatchEvent(new HashChangeEvent("hashchange"));
  } else {
    location.hash = here(changes);
  }
}

/**
 * Puts parameters into the address while something is shown, as a dialog, without drawing anew or a step in the history. Returns what puts
 * back the address from before; that does nothing once the address is another one.
 */
export function addressWhileShown(changes) {
  const before = location.hash;
  const shown = here(changes);
  history.replaceState(null, "", shown);
  return () => location.hash === shown && history.replaceState(null, "", before || location.pathname);
}
