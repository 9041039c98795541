// What was before and what is after, member by member.
import { flatten } from "../../json.js";

/** Lines of `{path, before, after, changed}`; `before` and `after` are undefined where there was nothing. */
export function diff(before, after) {
  const [was, is] = [before, after].map((value) => (value == null ? new Map() : flatten(value)));
  return [...new Set([...was.keys(), ...is.keys()])].map((path) => ({ path, before: was.get(path), after: is.get(path), changed: was.get(path) !== is.get(path) }));
}
