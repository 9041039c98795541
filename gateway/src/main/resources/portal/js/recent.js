// What was read a moment ago: going deeper into a view draws it anew, and need not ask for the same again.
import { address, get } from "./api.js";

const KEEP_MS = 30_000;
const MOST = 20;
const kept = new Map();

/** GET, as `api.js` does it, or the same answer again for half a minute. Only for what people look at, never for what they decide by. */
export function recent(path, parameters) {
  const key = address(path, parameters);
  const known = kept.get(key);
  if (known && Date.now() < known.until) {
    return known.answer;
  }
  const answer = get(path, parameters);
  kept.delete(key);
  kept.set(key, { answer, until: Date.now() + KEEP_MS });
  answer.catch(() => kept.delete(key));
  if (kept.size > MOST) {
    kept.delete(kept.keys().next().value);
  }
  return answer;
}

// Whatever was changed through this page may be part of what was read.
document.addEventListener("tallygate:changed", () => kept.clear());
