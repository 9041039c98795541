// Light, dark, or as the system says. The choice is the only thing that the portal keeps in local storage.
const KEY = "tallygate.theme";
const MODES = ["system", "light", "dark"];

/** The chosen mode: system, light or dark. */
export function mode() {
  return document.documentElement.dataset.theme ?? "system";
}

/** Goes to the next mode and returns it. */
export function nextMode() {
  const next = MODES[(MODES.indexOf(mode()) + 1) % MODES.length];
  if (next === "system") {
    delete document.documentElement.dataset.theme;
    localStorage.removeItem(KEY);
  } else {
    document.documentElement.dataset.theme = next;
    localStorage.setItem(KEY, next);
  }
  document.dispatchEvent(new Event("tallygate:theme"));
  return next;
}

/** Calls back whenever colours change, by choice or by the system, until the signal aborts. */
export function onThemeChange(callback, signal) {
  document.addEventListener("tallygate:theme", callback, { signal });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", callback, { signal });
}

/** The value of a colour of tokens.css as the browser paints it now; canvases cannot read variables. */
export function colour(name) {
  const probe = document.createElement("span");
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}
