// The page: its head, its views, and which of them is shown.

import { Asker } from "./asking.js";
import { makeBrowser } from "./browse.js";
import { makeDecider } from "./decide.js";
import { el, replaceIn } from "./dom.js";
import { revision } from "./facts.js";
import { change, linkTo, onChange, state } from "./state.js";
import { t } from "./texts.js";

const text = (id) => document.getElementById(id).textContent;

const asker = new Asker(text("worker"));
const loaded = asker.ask("load", { module: text("policy-module"), data: text("policy-data") });

const VIEWS = { routes: makeBrowser, decide: makeDecider };

const head = el("header");
const main = el("main", { id: "main", tabindex: -1 });
const trouble = el("p", { class: "trouble", role: "alert", hidden: true });
document.body.prepend(head, trouble, main);

function draw() {
  document.documentElement.lang = state.lang === "zh" ? "zh-CN" : "en";
  const shown = Object.hasOwn(VIEWS, state.view) ? state.view : "routes";
  replaceIn(head,
    el("h1", {}, "scopegate"),
    el("nav", { "aria-label": t("views") }, Object.keys(VIEWS).map((view) =>
      el("a", { href: linkTo({ view }), "aria-current": view === shown ? "page" : null }, t(view)))),
    el("span", { class: "revision", title: revision }, t("revision"), " ", el("code", {}, revision.slice(0, 12))),
    el("button", {
      type: "button", lang: state.lang === "zh" ? "en" : "zh-CN",
      onclick: () => change({ lang: state.lang === "zh" ? "en" : "zh" }),
    }, t("language")));
  const view = VIEWS[shown](asker);
  replaceIn(main, view.element);
  view.shown?.();
}

onChange(draw);
draw();
loaded.catch((error) => {
  trouble.hidden = false;
  trouble.textContent = t("broken_page", { fault: error.message });
});

// For tests and for the console of a browser: the policy, asked as the page asks it.
window.scopegate = { ask: (kind, asked) => asker.ask(kind, asked), loaded };
