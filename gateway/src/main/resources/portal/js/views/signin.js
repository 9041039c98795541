// Before anybody is signed in, and after a session ended.
import { h } from "../dom.js";
import { place } from "../router.js";
import { signInAddress } from "../session.js";
import { t } from "../texts.js";

/** The page; `code` says why the last session ended, if one did. */
export function signIn(code) {
  document.title = `${t("signin.title")} · Tallygate`;
  const reason = code === "SessionExpired" ? t("signin.expired") : place().query.get("error") && t("signin.failed", { code: place().query.get("error") });
  const button = h("a", { class: "button primary large", href: signInAddress() }, t("signin.action"));
  return h("main", { id: "main", class: "alone", tabindex: "-1" },
    h("div", { class: "signin card" },
      h("img", { src: "icon.svg", alt: "", width: 56, height: 56 }),
      h("h1", {}, "Tallygate"),
      h("p", { class: "muted" }, t("signin.text")),
      reason && h("p", { class: "notice warn", role: "status" }, reason),
      button));
}
