// Calls of the gateway's API: the same routes as everyone's, with the session's cookie. Changes carry the session's CSRF token.
import { withQuery } from "./query.js";
import { noteUse, session } from "./session.js";

// The gateway works on two requests of a tenant at once at the least; others wait there for half a second, and are refused with 429.
const AT_ONCE = 2;
const TRIES = 4;
const line = [];
let running = 0;

/** What the gateway answered instead of what was asked for. */
export class ApiProblem extends Error {
  /** `status` of HTTP (0: no answer), `code` of the error table, `correlationId` for whoever runs the gateway. */
  constructor(status, code, message, correlationId) {
    super(message);
    this.status = status;
    this.code = code;
    this.correlationId = correlationId;
  }
}

/** The address of a route with its parameters; those that are null or empty are left out. */
export const address = (path, parameters = {}) => withQuery(path, parameters);

/** GET, as JSON. Quantities come as texts: a JSON number of 38 digits would lose most of them. */
export async function get(path, parameters, { signal } = {}) {
  const response = await call(address(path, parameters), { headers: { accept: "application/json" }, signal });
  return exact(await response.text());
}

/** POST, PUT, PATCH or DELETE with a JSON body; the answer's JSON, or null if it has none. */
export async function send(method, path, body, { signal, headers } = {}) {
  const response = await call(path, {
    method,
    headers: {
      ...headers,
      accept: "application/json",
      "x-tallygate-csrf": session().csrf,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal,
  });
  document.dispatchEvent(new Event("tallygate:changed"));
  const text = await response.text();
  return text ? exact(text) : null;
}

/** The answer as it is, for streams; an error is an ApiProblem here too. A few are asked for at once; who only reads asks again after a 429. */
export async function call(url, options = {}) {
  const reads = ["GET", "HEAD"].includes(options.method ?? "GET");
  for (let tries = 1; ; tries++) {
    const response = await inTurn(() => ask(url, options));
    if (response.ok) {
      return response;
    }
    if (response.status !== 429 || !reads || tries === TRIES) {
      throw await problem(response);
    }
    const seconds = Number(response.headers.get("retry-after")) || 1;
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }
}

async function inTurn(act) {
  running < AT_ONCE ? running++ : await new Promise((resolve) => line.push(resolve));
  try {
    return await act();
  } finally {
    // Whoever is next takes the place over.
    line.length > 0 ? line.shift()() : running--;
  }
}

async function ask(url, options) {
  noteUse();
  try {
    return await fetch(url, { credentials: "same-origin", redirect: "error", ...options });
  } catch (failure) {
    if (failure.name === "AbortError") {
      throw failure;
    }
    throw new ApiProblem(0, "NoAnswer", failure.message);
  }
}

/** All pages of a list route, up to `limit` rows: `{rows, more}`. `onRows` hears how many there are so far. */
export async function getAll(path, parameters, { signal, limit = 10_000, onRows } = {}) {
  const rows = [];
  let page = await get(path, parameters, { signal });
  for (;;) {
    rows.push(...page.value);
    onRows?.(rows.length);
    if (!page.nextLink || rows.length >= limit) {
      return { rows, more: Boolean(page.nextLink) };
    }
    page = await get(ownAddress(page.nextLink), {}, { signal });
  }
}

/** A nextLink without its host: behind a proxy it may name another one than this page's. */
export function ownAddress(link) {
  const url = new URL(link, location.href);
  return url.pathname + url.search;
}

async function problem(response) {
  const text = await response.text();
  try {
    const { error } = JSON.parse(text);
    const expired = response.status === 401;
    if (expired) {
      document.dispatchEvent(new CustomEvent("tallygate:expired", { detail: error.code }));
    }
    return new ApiProblem(response.status, error.code, error.message, response.headers.get("x-ms-correlation-request-id"));
  } catch {
    return new ApiProblem(response.status, "Unreadable", text.slice(0, 200));
  }
}

// Within strings every quotation mark is escaped, so that the pattern finds only members.
function exact(text) {
  return JSON.parse(text.replace(/("(?:quantity|Quantity|total)"\s*:\s*)(-?\d[\d.eE+-]*)/g, '$1"$2"'));
}
