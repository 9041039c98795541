// Who used something before and does not any more: likely something is broken, or somebody has left.
import { h } from "../../dom.js";
import { formatCount, formatExact, formatQuantity } from "../../format.js";
import { link } from "../../router.js";
import { t } from "../../texts.js";
import { formatPeriod } from "../../ui/period.js";
import { card } from "../../ui/page.js";

/** The card, or null if nobody is silent. */
export function silentCard(rows, { earlier }) {
  const silent = rows.filter((row) => row.silent).sort((a, b) => b.recordsBefore - a.recordsBefore);
  const stopped = rows.flatMap((row) => row.stopped.map((group) => ({ row, group })));
  if (silent.length + stopped.length === 0) {
    return null;
  }
  return card(t("tenants.silentTitle"), h("ul", { class: "silent-list links" },
    silent.map((row) => h("li", {}, h("strong", {}, row.name), " ", t("tenants.silentText", { n: row.recordsBefore, records: formatCount(row.recordsBefore), period: formatPeriod(earlier) }), " ", before(row, earlier))),
    stopped.map(({ row, group }) => h("li", {}, h("strong", {}, row.name), " ",
      h("span", { title: `${formatExact(group.total)} ${group.unit}` }, t("tenants.stoppedText", { meter: group.meterName, quantity: formatQuantity(group.total), unit: group.unit })), " ", before(row, earlier, group.meterId)))), {
    text: t("tenants.silentHelp"),
    actions: [h("a", { class: "button", href: link("sources", { gaps: "1" }) }, t("tenants.toSources"))],
  });
}

const before = (row, earlier, meter) =>
  h("a", { href: link("overview", { from: earlier.from, to: earlier.to, meter, subscription: row.subscriptions.length === 1 ? row.subscriptions[0].subscriptionId : null }) }, t("tenants.seeBefore"));
