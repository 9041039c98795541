// Pages of rows that are all there; the page is in the address bar.
import { h } from "../dom.js";
import { formatCount } from "../format.js";
import { here } from "../router.js";
import { t } from "../texts.js";

/** The rows of the page that the query says, and links to the others: `{rows, pager}`; the pager is null where there is only one page. */
export function paged(all, query, { size = 50, name = "page" } = {}) {
  const pages = Math.max(1, Math.ceil(all.length / size));
  const page = Math.min(pages, Math.max(1, Number.parseInt(query.get(name) ?? "1", 10) || 1));
  const rows = all.slice((page - 1) * size, page * size);
  if (pages === 1) {
    return { rows, pager: null };
  }
  const to = (target, text) => (target < 1 || target > pages
    ? h("span", { class: "button", "aria-disabled": "true" }, text)
    : h("a", { class: "button", href: here({ [name]: target === 1 ? null : target }), data: { focus: `pager.${text}` } }, text));
  const shown = t("pager.shown", { from: formatCount((page - 1) * size + 1), to: formatCount((page - 1) * size + rows.length), all: formatCount(all.length) });
  return { rows, pager: h("nav", { class: "pages", "aria-label": t("pager.label") }, h("span", { class: "muted" }, shown), to(page - 1, t("pager.previous")), to(page + 1, t("pager.next"))) };
}
