// Files that the page makes itself.
import { h } from "./dom.js";

/** Has the browser save a blob under a name. */
export function saveAs(blob, name) {
  const url = URL.createObjectURL(blob);
  const anchor = h("a", { href: url, download: name });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
