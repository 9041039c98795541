// The one way in which the portal makes elements. Texts become text nodes: nothing that a tenant named is ever markup.

/**
 * An element. Attributes are set by name; `on` holds listeners, `data` data attributes, `style` custom properties and styles (through
 * CSSOM, which the content security policy allows); null, undefined and false leave an attribute out; true sets it empty.
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  fill(element, attributes);
  element.append(...children.flat(Infinity).filter((child) => child != null && child !== false));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** The same for SVG. */
export function s(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  fill(element, attributes);
  element.append(...children.flat(Infinity).filter((child) => child != null && child !== false));
  return element;
}

function fill(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value == null || value === false) {
      continue;
    }
    if (name === "on") {
      Object.entries(value).forEach(([type, listener]) => element.addEventListener(type, listener));
    } else if (name === "data") {
      Object.assign(element.dataset, value);
    } else if (name === "style") {
      Object.entries(value).forEach(([property, text]) => element.style.setProperty(property, text));
    } else if (name === "value" && "value" in element) {
      element.value = value;
    } else {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
}

let ids = 0;

/** An id that no other element has. */
export function uniqueId(prefix) {
  return `${prefix}-${++ids}`;
}

/** Only for reading screens. */
export function hidden(text) {
  return h("span", { class: "visually-hidden" }, text);
}
