// Which requests of the usage routes answer what the address bar asks for.
import { address } from "../../api.js";
import { DAY, HOUR, floorDay, wireTime } from "../../hours.js";
import { t } from "../../texts.js";
import { summary } from "../../usage.js";

const VERSION = "2015-06-01-preview";

/** Through when usage is sealed, in milliseconds; null if nothing is. */
export async function sealedThrough(signal) {
  const today = floorDay(Date.now());
  const answer = await summary({ from: wireTime(today), to: wireTime(today + DAY), granularity: "total", groupBy: "none" }, { signal });
  return answer.sealedThrough == null ? null : Date.parse(answer.sealedThrough);
}

/**
 * The requests: `{name, path, parameters, start, end, step}`. The operator's route for everyone or one subscriber; the tenant route for each
 * chosen subscription.
 *
 * @param period of reported time; `end` is where it is sealed
 * @param scope `{operator: id of the default provider subscription or null, known, subscription, tenant, provider: a delegated provider's}`
 */
export function requests({ start, end, granularity }, { operator, known, subscription, tenant, provider }) {
  const hourly = granularity === "hourly";
  const times = { "api-version": VERSION, reportedStartTime: wireTime(start), reportedEndTime: wireTime(end), aggregationGranularity: hourly ? "Hourly" : "Daily" };
  const range = { start, end, step: hourly ? HOUR : DAY };
  const chosen = subscription ? [{ id: subscription, name: known.find((one) => one.id === subscription)?.name ?? subscription }]
    : tenant ? known.filter((one) => one.tenant === tenant)
      : provider || operator ? null : known;
  if (provider || operator) {
    const path = `/subscriptions/${provider ?? operator}/providers/Microsoft.Commerce.Admin/subscriberUsageAggregates`;
    return chosen
      ? chosen.map(({ id, name }) => ({ name, subscription: id, path, parameters: { ...times, subscriberId: id }, ...range }))
      : [{ name: t(provider ? "usage.customers" : "usage.everyone"), everyone: true, provider, path, parameters: times, ...range }];
  }
  return (chosen ?? []).map(({ id, name }) => ({ name, subscription: id, path: `/subscriptions/${id}/providers/Microsoft.Commerce/UsageAggregates`, parameters: times, ...range }));
}

/** The address of a request; `format` csv or ndjson for the whole range as a file. */
export const requestAddress = ({ path, parameters }, format) => address(path, format ? { ...parameters, $format: format } : parameters);
