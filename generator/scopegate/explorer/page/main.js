// The page: its head, its views, and which of them is shown.

import { Asker } from "./asking.js";
import { makeBrowser } from "./browse.js";
import { makeChanges } from "./changes.js";
import { makeDecider } from "./decide.js";
import { el, linked, replaceIn } from "./dom.js";
import { differences, facts, revision, routes } from "./facts.js";
import { makeLeast } from "./least.js";
import { makeOpens } from "./opens.js";
import { change, onChange, state } from "./state.js";
import { t } from "./texts.js";

const text = (id) => document.getElementById(id).textContent;

const asker = new Asker(text("worker"));
const loaded = asker.ask("load", { module: text("policy-module"), data: text("policy-data"), facts });

const VIEWS = { routes: makeBrowser, decide: makeDecider, policy: makeOpens, least: makeLeast,
  ...(differences && { changes: makeChanges }) };

const PROVIDERS = [...new Set(routes.map((route) => route.provider))].sort().join(", ");

const head = el("header");
const main = el("main", { id: "main", tabindex: -1 });
const trouble = el("p", { class: "trouble", role: "alert", hidden: true });
document.body.prepend(head, trouble, main);

// What is not caught anywhere else is told: the policy could not be asked.
function tell(error) {
  trouble.hidden = false;
  trouble.textContent = t("broken_page", { fault: error?.message ?? error });
}

let drawn = {};

function draw() {
  trouble.hidden = true;
  const shown = Object.hasOwn(VIEWS, state.view) ? state.view : "routes";
  document.documentElement.lang = state.lang === "zh" ? "zh-CN" : "en";
  document.title = `${t(shown)} – ${PROVIDERS} – scopegate`;
  const language = el("button", {
    type: "button", lang: state.lang === "zh" ? "en" : "zh-CN",
    onclick: () => change({ lang: state.lang === "zh" ? "en" : "zh" }),
  }, t("language"));
  const links = Object.keys(VIEWS).map((view) =>
    linked({ view }, { "aria-current": view === shown ? "page" : null }, t(view)));
  replaceIn(head,
    el("h1", {}, "scopegate"),
    el("nav", { "aria-label": t("views") }, links),
    el("span", { class: "revision", title: revision }, PROVIDERS, " · ", t("revision"), " ", el("code", {}, revision.slice(0, 12))),
    language);
  const view = VIEWS[shown](asker);
  replaceIn(main, view.element);
  view.shown?.();
  // Whoever uses the keyboard goes on from where they were.
  if (drawn.lang !== undefined && drawn.lang !== state.lang) language.focus();
  else if (drawn.view !== undefined && drawn.view !== shown) main.focus();
  drawn = { lang: state.lang, view: shown };
}

addEventListener("unhandledrejection", ({ reason }) => tell(reason));
onChange(draw);
draw();
loaded.catch(tell);

// For tests and for the console of a browser: the policy, asked as the page asks it.
window.scopegate = { ask: (...asked) => asker.ask(...asked), loaded };
