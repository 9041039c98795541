// The frame around every view: brand, menu, who is signed in, theme.
import { h } from "./dom.js";
import { link } from "./router.js";
import { views } from "./routes.js";
import { operates, signOut } from "./session.js";
import { t } from "./texts.js";
import { mode, nextMode } from "./theme.js";
import { icon } from "./ui/icons.js";
import { toast } from "./ui/toast.js";

/** Draws the frame and returns the element that views are drawn into. */
export function drawShell(app, session) {
  const menu = h("nav", { id: "menu", "aria-label": t("shell.menu") }, menuParts());
  const opener = h(
    "button",
    { class: "button quiet menu-opener", type: "button", "aria-controls": "menu", "aria-expanded": "false", "aria-label": t("shell.menu") },
    icon("menu"),
  );
  opener.addEventListener("click", () => open(menu, opener, opener.getAttribute("aria-expanded") !== "true"));
  menu.addEventListener("click", (event) => event.target.closest("a") && open(menu, opener, false));
  menu.addEventListener("keydown", (event) => event.key === "Escape" && (open(menu, opener, false), opener.focus()));
  const main = h("main", { id: "main", tabindex: "-1" });
  app.replaceChildren(
    h(
      "header",
      { class: "top" },
      opener,
      h("a", { class: "brand", href: link("overview") }, h("img", { src: "icon.svg", alt: "", width: 28, height: 28 }), "Tallygate"),
      h("span", { class: "grow" }),
      themeButton(),
      account(session),
    ),
    h("div", { class: "frame" }, menu, main),
  );
  return main;
}

/** Marks the view's entry of the menu as the current one. */
export function markMenu(view) {
  document.querySelectorAll("#menu a").forEach((entry) => {
    const current = entry.dataset.path === view?.path;
    current ? entry.setAttribute("aria-current", "page") : entry.removeAttribute("aria-current");
  });
}

function menuParts() {
  return ["usage", "operator"].map((part) => {
    const entries = views.filter((view) => view.menu === part && view.allowed());
    return entries.length === 0
      ? null
      : h(
          "div",
          { class: "menu-part" },
          operates() && h("h2", {}, t(`menu.${part}`)),
          h("ul", {}, entries.map((view) => h("li", {}, h("a", { href: link(view.path), data: { path: view.path } }, icon(view.icon), t(`${view.path}.title`))))),
        );
  });
}

function open(menu, opener, opened) {
  menu.classList.toggle("open", opened);
  opener.setAttribute("aria-expanded", String(opened));
}

function themeButton() {
  const button = h("button", { class: "button quiet", type: "button" });
  const draw = () => {
    const label = t(`theme.${mode()}`);
    button.replaceChildren(icon(mode() === "dark" ? "moon" : mode() === "light" ? "sun" : "auto"));
    button.setAttribute("aria-label", label);
    button.title = label;
  };
  button.addEventListener("click", () => {
    nextMode();
    draw();
  });
  draw();
  return button;
}

function account(session) {
  const out = h("button", { class: "button", type: "button" }, t("shell.signOut"));
  out.addEventListener("click", async () => {
    out.disabled = true;
    try {
      await signOut();
    } catch (failure) {
      out.disabled = false;
      toast(t("shell.signOutFailed", { message: failure.message }), "bad");
    }
  });
  return h("details", { class: "account" },
    h("summary", { "aria-label": t("shell.account", { name: session.name }) }, h("span", { class: "avatar", "aria-hidden": "true" }, initials(session.name)), h("span", { class: "wide-only" }, session.name)),
    h("div", { class: "account-card" },
      h("strong", {}, session.name),
      h("dl", { class: "facts" },
        h("dt", {}, t("shell.tenant")), h("dd", { class: "mono" }, session.tenantId),
        h("dt", {}, t("shell.roles")), h("dd", {}, session.roles.join(", ") || "–")),
      out));
}

const initials = (name) => name.split(/[\s.@_-]+/).filter(Boolean).slice(0, 2).map((part) => part[0].toUpperCase()).join("");
