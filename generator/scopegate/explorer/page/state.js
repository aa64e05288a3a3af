// What the page shows, all of it in the link: whoever gets the link sees the same.

import { PLACES } from "./policies.js";

const DEFAULTS = {
  view: "routes",
  lang: navigator.language.startsWith("zh") ? "zh" : "en",
  q: "", // what is searched for
  method: "", api: "", scope: "", mark: "", // what the routes are filtered by
  route: "", // the id of the one that is shown
  ticked: [], // the ids of those that a policy is made for
  call: null, // what is asked about
  policy: "", // what is looked through
  at: "iam_project", // where it is granted
  kind: "", // the class of routes that is looked at
};

export const state = { ...DEFAULTS, ...read() };
let listen = () => {};

// Browsers let a page write its link a hundred times in half a minute, some with an error beyond.
const PAUSE = 400; // milliseconds
let written = -PAUSE;
let waiting = 0;
let link = location.hash; // as the page knows it

export function onChange(listener) {
  listen = listener;
  addEventListener("hashchange", () => {
    link = location.hash;
    Object.assign(state, DEFAULTS, { lang: state.lang }, read());
    listen();
  });
}

// What is typed and ticked is no step for the browser's Back; a link to another view is.
export function change(changes, { silent = false } = {}) {
  Object.assign(state, changes);
  waiting ||= setTimeout(write, written + PAUSE - performance.now());
  if (!silent) listen();
}

function write() {
  waiting = 0;
  written = performance.now();
  if (location.hash !== link) return; // somebody has just followed another one
  try {
    history.replaceState(null, "", spell(state));
    link = location.hash;
  } catch {
    // Some browsers refuse what comes too often or is too long. The page goes on; the next change has all of it.
  }
}

// Whoever leaves, or copies the link, has the last of it.
function writeWaiting() {
  clearTimeout(waiting);
  if (waiting) write();
}

for (const event of ["click", "pagehide"]) addEventListener(event, writeWaiting, true);

function spell(wanted) {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(wanted)) {
    const text = spellValue(value);
    if (text !== spellValue(DEFAULTS[name]) || name === "lang") parameters.set(name, text);
  }
  return `#${parameters}`;
}

// Ids with dots between them: there can be hundreds.
function spellValue(value) {
  if (typeof value === "string") return value;
  return Array.isArray(value) ? value.join(".") : JSON.stringify(value);
}

export const linkTo = (changes) => spell({ ...state, ...changes });

// A link is somebody else's text: what is not of the kind that is expected is left out.
function read() {
  const found = {};
  const parameters = new URLSearchParams(location.hash.slice(1));
  for (const [name, text] of parameters) {
    if (Object.hasOwn(DEFAULTS, name) && typeof DEFAULTS[name] === "string") found[name] = text;
  }
  if (parameters.has("ticked")) found.ticked = [...new Set(parameters.get("ticked").split(".").filter(Boolean))];
  try {
    if (parameters.has("call")) found.call = JSON.parse(parameters.get("call"));
  } catch {
    // It is as if there were none.
  }
  if ("at" in found && !PLACES.includes(found.at)) found.at = DEFAULTS.at;
  return found;
}
