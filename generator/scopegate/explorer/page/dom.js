// Elements. What a document says goes into them as text, so that none of it is ever markup.

import { linkTo } from "./state.js";
import { t } from "./texts.js";

export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  replaceIn(element, children);
  return element;
}

// What is not there (null, undefined, false) is left out, and lists may be in lists.
export function replaceIn(element, ...children) {
  const there = (child) => child !== null && child !== undefined && child !== false;
  element.replaceChildren(...children.flat(Infinity).filter(there));
}

// A link to another state of the page: of what that is when it is followed or copied, not when it was drawn.
export function linked(changes, properties, ...children) {
  const spelt = () => linkTo(typeof changes === "function" ? changes() : changes);
  const spell = (event) => event.currentTarget.setAttribute("href", spelt());
  const events = { onclick: spell, onpointerdown: spell, oncontextmenu: spell, onfocus: spell };
  return el("a", { ...properties, href: spelt(), ...events }, children);
}

// A field with its label above it; `control` may be any that can be labelled.
export function labelled(label, control, hint) {
  control.id ||= `field-${fields++}`;
  return el("div", { class: "field" }, el("label", { for: control.id }, label), control,
    hint && el("p", { class: "hint" }, hint));
}

let fields = 0;

// The options of a select: these values, or whichever.
export const anyOf = (values) => [["", t("any")], ...[...new Set(values)].sort().map((value) => [value, value])];

// What a link has chosen is among the options, whatever it is: what is shown is what is asked.
export function select(options, chosen, onchange, properties = {}) {
  if (!options.some(([value]) => value === chosen)) options.push([chosen, chosen]);
  const control = el("select", { ...properties, onchange: () => onchange(control.value) },
    options.map(([value, label]) => el("option", { value, selected: value === chosen }, label)));
  return control;
}
