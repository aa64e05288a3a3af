// What the page shows, all of it in the link: whoever gets the link sees the same.

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

export function onChange(listener) {
  listen = listener;
  addEventListener("hashchange", () => {
    Object.assign(state, DEFAULTS, { lang: state.lang }, read());
    listen();
  });
}

// A link to a view is a step that the browser's Back takes back; what is typed and ticked is none.
export function change(changes, { silent = false } = {}) {
  Object.assign(state, changes);
  try {
    history.replaceState(null, "", spell(state));
  } catch {
    // Some browsers refuse what comes too often or is too long. The page goes on; the next change has all of it.
  }
  if (!silent) listen();
}

export function spell(wanted) {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(wanted)) {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    const usual = typeof DEFAULTS[name] === "string" ? DEFAULTS[name] : JSON.stringify(DEFAULTS[name]);
    if (text !== usual || name === "lang") parameters.set(name, text);
  }
  return `#${parameters}`;
}

export const linkTo = (changes) => spell({ ...state, ...changes });

// A link is somebody else's text: what is not of the kind that is expected is left out.
function read() {
  const found = {};
  for (const [name, text] of new URLSearchParams(location.hash.slice(1))) {
    if (!Object.hasOwn(DEFAULTS, name)) continue;
    if (typeof DEFAULTS[name] === "string") {
      found[name] = text;
      continue;
    }
    try {
      const value = JSON.parse(text);
      if (name !== "ticked" || Array.isArray(value)) found[name] = value;
    } catch {
      continue;
    }
  }
  return found;
}
