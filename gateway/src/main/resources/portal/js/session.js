// Who is signed in. The browser holds a cookie that scripts cannot read; the tokens stay with the gateway.
let current = null;
let lastUsed = 0;

/** The session of `GET /portal/session`, or null: `{name, subject, tenantId, operator, operatorSubscription?, roles, csrf, expiresAt, idleSeconds}`. */
export const session = () => current;

/** Notes that the gateway was asked something: from now on the session is idle. */
export const noteUse = () => (lastUsed = Date.now());

/** Whether the session must be over by now, unless another tab used it. */
export const seemsOver = () =>
  Date.now() >= Date.parse(current.expiresAt) || Date.now() >= lastUsed + current.idleSeconds * 1000;

/** Asks the gateway who is signed in; null if nobody is. */
export async function loadSession() {
  noteUse();
  const response = await fetch("session", { credentials: "same-origin", headers: { accept: "application/json" } });
  if (response.status === 401) {
    current = null;
  } else if (response.ok) {
    current = await response.json();
  } else {
    throw new Error(`${response.status} ${response.statusText}`);
  }
  return current;
}

/** Whether the caller is one of the operator's, with a role for it. */
export const operates = () => Boolean(current?.operator);

/** Whether the caller reads everyone's usage. */
export const readsEveryone = () => operates() && has("Usage.Read.All");

/** The default provider subscription, under which the operator's routes are; null for others. */
export const operatorSubscription = () => current?.operatorSubscription ?? null;

/** Whether the caller may change registrations, mappings and deliveries. */
export const manages = () => has("Registration.ReadWrite");

/** Whether the caller has a role. */
export const has = (role) => Boolean(current?.roles.includes(role));

/** Where to sign in, to come back to what the address bar shows. */
export function signInAddress() {
  const view = location.hash.startsWith("#/signin") ? "" : location.hash;
  return `signin?returnTo=${encodeURIComponent(`/portal/${view}`)}`;
}

/** Ends the session here and, where the identity provider can, there. */
export async function signOut() {
  const response = await fetch("signout", {
    method: "POST",
    credentials: "same-origin",
    headers: { "x-tallygate-csrf": current.csrf, accept: "application/json" },
  });
  // 401: it was over already. Anything else: it is not, and nobody must think so.
  if (!response.ok && response.status !== 401) {
    throw new Error(`${response.status} ${response.statusText}`);
  }
  const { signOutUri } = response.ok ? await response.json() : {};
  current = null;
  document.body.replaceChildren();
  location.assign(signOutUri ?? "./");
}
