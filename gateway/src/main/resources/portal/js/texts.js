// Texts by key. A language is one file beside texts/en.js and one line here.
import en from "./texts/en.js";

const LANGUAGES = { en };
const language = navigator.languages.map((tag) => tag.split("-")[0]).find((tag) => tag in LANGUAGES) ?? "en";
const texts = LANGUAGES[language];
const plurals = new Intl.PluralRules(language);

// Of the texts, which may be another one than the first that the reader prefers.
document.documentElement.lang = language;

/** The language in which dates and numbers are written too. */
export const locale = language === "en" ? "en-GB" : language;

/**
 * The text of a key, with {name} replaced by values. Where the file has {one, other}, `n` chooses. A key that nobody wrote is a
 * mistake of the portal, which a test finds: it is shown as it is.
 */
export function t(key, values = {}) {
  let text = texts[key] ?? en[key] ?? key;
  if (typeof text === "object") {
    text = text[plurals.select(Number(values.n))] ?? text.other;
  }
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
