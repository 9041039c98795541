import { h } from "../dom.js";

const READING_TIME_MS = 6000;

/** Tells what just happened, for some seconds: `kind` is good, bad or plain. Screen readers hear it too. */
export function toast(text, kind = "plain") {
  const note = h("div", { class: `toast ${kind}` }, text);
  document.getElementById("toasts").append(note);
  setTimeout(() => note.remove(), READING_TIME_MS);
}
