// What the gateway puts into the audit.
import { t } from "../../texts.js";

/** Every action that there is. */
export const ACTIONS = [
  "access.refused", "apiKeys.create", "apiKeys.revoke", "conflicts.discard", "customerSubscription.end", "customerSubscription.put",
  "deliveries.compare", "deliveries.hold", "deliveries.requeue", "deliveries.resume", "deliveries.waive", "gaps.acknowledge", "gateway.reload", "gateway.start", "grants.create",
  "grants.revoke", "meter.put", "payers.hold", "payers.resume", "portal.signin", "portal.signout", "quarantine.discard",
  "registration.activationKey", "registration.delete", "registration.patch", "registration.put", "routedUsage.reroute", "sources.end", "sources.pull", "subscription.put", "windows.seal",
];

/** An action in words; one that this portal does not know yet by its code. */
export const actionName = (action) => (ACTIONS.includes(action) ? t(`audit.action.${action}`) : action);
