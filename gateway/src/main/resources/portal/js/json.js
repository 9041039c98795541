// JSON whose numbers keep all their digits.

const NUMBERS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
// What tells the elements of a list apart, where they have no place of their own.
const NAMES = ["customerSubscriptionId", "subscriptionId", "meterId", "id", "name"];

/** Between the steps of a path. */
export const PATH_STEP = " · ";

/** JSON with its numbers as texts: a JavaScript number would lose digits of a quantity. */
export function parseExact(json) {
  return JSON.parse(json.replace(NUMBERS, (token) => (token.startsWith('"') ? token : `"${token}"`)));
}

/** The leaves of a JSON value by their paths, as texts: a Map. Elements of lists go by their names where they have one. */
export function flatten(given, path = "", into = new Map()) {
  const value = unfolded(given);
  if (value === null || typeof value !== "object") {
    into.set(path, value === null ? null : String(value));
  } else if (path && Object.keys(value).length === 0) {
    into.set(path, Array.isArray(value) ? "[]" : "{}");
  } else if (Array.isArray(value)) {
    const seen = new Map();
    value.forEach((each, index) => {
      const name = nameOf(each) ?? String(index + 1);
      seen.set(name, (seen.get(name) ?? 0) + 1);
      flatten(each, join(path, seen.get(name) > 1 ? `${name} (${seen.get(name)})` : name), into);
    });
  } else {
    Object.entries(value).forEach(([name, each]) => flatten(each, join(path, name), into));
  }
  return into;
}

// Instance data is JSON within a text, to the byte as it was reported.
function unfolded(value) {
  if (typeof value !== "string" || !/^[{[]/.test(value)) {
    return value;
  }
  try {
    return parseExact(value);
  } catch {
    return value;
  }
}

const join = (path, name) => (path ? `${path}${PATH_STEP}${name}` : name);

function nameOf(value) {
  const name = value !== null && typeof value === "object" && NAMES.find((each) => typeof value[each] === "string");
  return name ? value[name] : null;
}
