// Before anybody is signed in, and after a session ended.
import { h } from "../dom.js";
import { place } from "../router.js";
import { signInAddress } from "../session.js";
import { t } from "../texts.js";

const KNOWN = ["denied", "stateUnknown", "providerAway", "providerRefused", "tokenRefused", "busy"];

// A word of an address that anybody may have made is never shown itself.
function reason(code) {
  const error = place().query.get("error");
  return code === "SessionExpired" ? t("signin.expired") : error && t(KNOWN.includes(error) ? `signin.error.${error}` : "signin.failed");
}

/** The page; `code` says why the last session ended, if one did. */
export function signIn(code) {
  document.title = `${t("signin.title")} · Tallygate`;
  const why = reason(code);
  const button = h("a", { class: "button primary large", href: signInAddress() }, t("signin.action"));
  return h("main", { id: "main", class: "alone", tabindex: "-1" },
    h("div", { class: "signin card" },
      h("img", { src: "icon.svg", alt: "", width: 56, height: 56 }),
      h("h1", {}, "Tallygate"),
      h("p", { class: "muted" }, t("signin.text")),
      why && h("p", { class: "notice warn", role: "status" }, why),
      button));
}
