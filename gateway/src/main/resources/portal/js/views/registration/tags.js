// A field of names and values.
import { h, uniqueId } from "../../dom.js";
import { t } from "../../texts.js";
import { button } from "../../ui/page.js";

/** A field as those of form.js: its value is an object of texts, as they were written. Lines without a name and a value do not count. */
export function tagsField(tags) {
  const wrong = h("p", { class: "field-error", id: uniqueId("error"), hidden: true, role: "alert" });
  const list = h("ul", { class: "tag-lines" });
  const add = button(t("registration.addTag"), () => line("", "").focus(), { kind: "small" });
  const written = () => [...list.children].map((each) => [...each.querySelectorAll("input")].map((input) => input.value)).filter(([name, value]) => name || value);
  const element = h("fieldset", { class: "field choices" }, h("legend", {}, t("registration.tags")), list, wrong, h("div", {}, add));
  Object.entries(tags).forEach(([name, value]) => line(name, value));
  number();

  function line(name, value) {
    const first = h("input", { value: name, autocomplete: "off", spellcheck: "false", "aria-describedby": wrong.id });
    const second = h("input", { value, autocomplete: "off", spellcheck: "false" });
    const remove = button(t("registration.removeTag"), () => {
      row.remove();
      number();
      add.focus();
    }, { kind: "small" });
    const row = h("li", {}, first, second, remove);
    list.append(row);
    number();
    return first;
  }

  // Labels carry the line's number: a name may be empty or change.
  function number() {
    list.hidden = list.children.length === 0;
    [...list.children].forEach((row, index) => ["tagName", "tagValue", "removeTagOf"].forEach((word, at) => row.children[at].setAttribute("aria-label", t(`registration.${word}`, { n: index + 1 }))));
    [...list.querySelectorAll("input")].forEach((input, at) => (input.placeholder = t(at % 2 === 0 ? "registration.tagNameShort" : "registration.tagValueShort")));
  }

  function check() {
    const names = written().map(([name]) => name);
    const text = names.includes("") ? t("registration.tagUnnamed") : new Set(names).size < names.length ? t("registration.tagTwice") : "";
    wrong.hidden = !text;
    wrong.textContent = text;
    return !text;
  }

  const bad = () => {
    const inputs = [...list.children].map((row) => row.querySelector("input"));
    return inputs.find((input, at) => !input.value || inputs.findIndex((each) => each.value === input.value) < at);
  };
  return { name: "tags", element, value: () => Object.fromEntries(written()), check, focus: () => (bad() ?? add).focus() };
}
