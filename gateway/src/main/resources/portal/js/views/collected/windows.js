// The windows of one source, the latest first, and having one pulled again.
import { get, send } from "../../api.js";
import { h } from "../../dom.js";
import { formatCount, formatHour, formatMoment } from "../../format.js";
import { here } from "../../router.js";
import { manages } from "../../session.js";
import { t } from "../../texts.js";
import { confirm } from "../../ui/dialog.js";
import { badge, button, card } from "../../ui/page.js";
import { empty, part } from "../../ui/states.js";
import { table } from "../../ui/table.js";
import { toast } from "../../ui/toast.js";

const FILTERS = ["open", "problem"];
const KINDS = { collected: "good", underWay: "plain", waiting: "warn" };

/** Its card; `filter` of the query says which are shown. */
export function windowsCard({ source }, query, signal) {
  const filter = FILTERS.find((each) => each === query.get("filter")) ?? null;
  const rows = part(signal, () => get(path(source), { filter }, { signal }), (found) => [
    table(t("collected.windowsOf", { source }), columns(source, () => rows.refresh()), found.value, { none: empty(t("collected.noWindows")) }),
    found.nextLink && h("p", { class: "muted" }, t("collected.moreWindows", { n: found.value.length })),
  ], { lines: 6 });
  return card(t("collected.windowsOf", { source }), rows, { actions: [
    h("div", { class: "segments", role: "group", "aria-label": t("collected.filter") }, [null, ...FILTERS].map((each) =>
      h("a", { class: each === filter ? "button chosen" : "button", href: here({ filter: each }), "aria-current": each === filter ? "true" : null }, t(`collected.filter.${each ?? "all"}`)))),
    h("a", { class: "button", href: here({ source: null, filter: null }) }, t("dialog.close")),
  ] });
}

/** Records of a conflict, and refused ones. */
export const notTaken = (counts) => counts.conflict + counts.rejected;

const path = (source) => `/sources/${encodeURIComponent(source)}/windows`;

function columns(source, refresh) {
  const count = (key, of = (counts) => counts[key]) => ({ key, label: t(`collected.${key}`), numeric: true, narrow: key === "rows", draw: ({ counts }) => (counts ? formatCount(of(counts)) : "–") });
  return [
    { key: "from", label: t("collected.window"), draw: ({ from, to }) => h("span", { class: "nowrap", title: t("collected.span", { from: formatMoment(from), to: formatMoment(to) }) }, formatHour(from)) },
    { key: "state", label: t("collected.state"), draw: ({ state, problem }) => [badge(t(`collected.window.${state}`), KINDS[state]), problem && h("div", { class: "muted" }, problem)] },
    { key: "attempts", label: t("collected.attempts"), numeric: true, narrow: false, draw: ({ attempts }) => formatCount(attempts) },
    ...["rows", "accepted", "duplicate", "quarantined"].map((key) => count(key)), count("notTaken", notTaken),
    manages() && { key: "pull", label: t("collected.pull"), draw: (window) => button(t("collected.pull"), () => ask(source, window, refresh), { kind: "quiet", label: t("collected.pullOf", { from: formatHour(window.from) }) }) },
  ].filter(Boolean);
}

function ask(source, window, refresh) {
  confirm(t("collected.pullOf", { from: formatHour(window.from) }), t("collected.pullText"), {
    action: t("collected.pull"),
    act: async () => {
      await send("POST", `${path(source)}/${encodeURIComponent(window.from)}/pull`, {});
      toast(t("collected.pulled"), "good");
      refresh();
    },
  });
}
