// The shell: who is signed in, the menu, and the view that the address bar names.
import { ApiProblem } from "./api.js";
import { h } from "./dom.js";
import { place } from "./router.js";
import { loadSession, seemsOver, session } from "./session.js";
import { drawShell, markMenu } from "./shell.js";
import { t } from "./texts.js";
import { noPermission, notFound, problem, skeleton } from "./ui/states.js";
import { signIn } from "./views/signin.js";

const LOOK_MS = 15_000;

const app = document.getElementById("app");
let leaving = new AbortController();
let watching;
let main;

async function start() {
  document.querySelectorAll("[data-text]").forEach((element) => (element.textContent = t(element.dataset.text)));
  document.querySelector(".skip").addEventListener("click", skip);
  app.replaceChildren(skeleton());
  try {
    const session = await loadSession();
    if (!session) {
      show(signIn());
      return;
    }
    if (place().path === "signin") {
      history.replaceState(null, "", "#/");
    }
    main = drawShell(app, session);
    window.addEventListener("hashchange", draw);
    document.addEventListener("tallygate:expired", (event) => expire(event.detail), { once: true });
    watch();
    await draw();
  } catch (failure) {
    show(h("main", { id: "main", class: "alone" }, problem(failure, start)));
  }
}

// The address after # is a view's: that of the content would be none.
function skip(event) {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

function show(element) {
  app.replaceChildren(element);
  app.removeAttribute("aria-busy");
}

// A view that is left is told so: its calls end, and what still arrives is not drawn.
async function draw() {
  leaving.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  const focused = document.activeElement?.dataset?.focus;
  const { view, query } = place();
  markMenu(view);
  const title = view ? t(`${view.path}.title`) : t("shell.notFound");
  document.title = `${title} · Tallygate`;
  app.setAttribute("aria-busy", "true");
  const waiting = setTimeout(() => signal.aborted || main.replaceChildren(skeleton()), 150);
  const drawn = await content(view, { query, signal, title });
  clearTimeout(waiting);
  if (!signal.aborted) {
    main.replaceChildren(...[drawn].flat());
    app.removeAttribute("aria-busy");
    if (document.activeElement === document.body || !document.activeElement) {
      // A control that redraws the view keeps the focus if it is there again, by its data-focus.
      const again = focused && main.querySelector(`[data-focus="${CSS.escape(focused)}"]`);
      (again || main).focus({ preventScroll: true });
    }
  }
}

async function content(view, context) {
  if (!view) {
    return notFound();
  }
  if (!view.allowed()) {
    return noPermission(context.title);
  }
  try {
    const { default: draw } = await view.load();
    return await draw(context);
  } catch (failure) {
    if (failure instanceof ApiProblem && failure.status === 403) {
      return noPermission(context.title, failure.message);
    }
    return [h("h1", {}, context.title), problem(failure, () => window.dispatchEvent(new HashChangeEvent("hashchange")))];
  }
}

// What is on the screen goes when the session does, though nobody asks for anything; and a tab in which somebody else has signed in
// meanwhile begins anew.
function watch() {
  const { csrf } = session();
  const look = async () => {
    const now = await loadSession().catch(() => session());
    if (now === null) {
      expire("SessionExpired");
    } else if (now.csrf !== csrf) {
      location.reload();
    }
  };
  watching = setInterval(() => seemsOver() && look(), LOOK_MS);
  document.addEventListener("visibilitychange", () => session() && document.visibilityState === "visible" && look());
}

function expire(code) {
  clearInterval(watching);
  leaving.abort();
  document.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close());
  window.removeEventListener("hashchange", draw);
  show(signIn(code));
  document.getElementById("main").focus();
}

// A page that the browser kept whole, and shows by its button "back": whoever was signed in may not be any more.
window.addEventListener("pageshow", (event) => event.persisted && location.reload());

start();
