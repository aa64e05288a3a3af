// What does this policy open? All routes in their classes, as the text changes.

import { drawRoute } from "./browse.js";
import { describeFault } from "./decide.js";
import { el, labelled, replaceIn, select } from "./dom.js";
import { exactJson } from "./exact_json.js";
import { routes, routesByKey } from "./facts.js";
import { List } from "./list.js";
import { EXAMPLE_POLICY, PLACES, readPolicies } from "./policies.js";
import { change, state } from "./state.js";
import { t } from "./texts.js";

const KINDS = ["opened", "partly", "vain", "denied", "closed", "free"];

export function placeSelect(onchange) {
  return labelled(t("granted_at"), select(PLACES.map((place) => [place, t(place)]), state.at, onchange));
}

export function makeOpens(asker) {
  let outcomes = [];
  // The changes have classes of their own.
  const shown = () => (KINDS.includes(state.kind) ? state.kind : "");
  let asked = 0;
  const counts = el("div", { class: "bar", role: "group", "aria-label": t("kinds") });
  const said = el("p", { class: "count", role: "status" });
  const patterns = el("section");
  const notes = el("section", { class: "notes" });
  const list = new List({
    label: t("opens"),
    draw: ({ key, kind, message }) => drawRoute(routesByKey.get(key), {
      ticks: false,
      badge: el("span", { class: `kind ${kind}`, title: message }, t(`kind_${kind}`)),
    }),
    onactive: ({ kind, message }) => {
      said.textContent = `${t(`class_${kind}`)}: ${message}`;
    },
  });
  const text = el("textarea", {
    class: "document", rows: 20, spellcheck: "false", value: state.policy, placeholder: EXAMPLE_POLICY,
    oninput: () => look({ policy: text.value }),
  });

  function look(changes) {
    change(changes, { silent: true });
    ask();
  }

  async function ask() {
    const number = ++asked;
    replaceIn(patterns);
    replaceIn(notes);
    list.element.setAttribute("aria-busy", "true");
    let fresh = [];
    try {
      const policies = readPolicies(state.policy);
      if (policies.length === 0) {
        refuse(t("paste_policy"), "nothing");
        return;
      }
      const answer = await asker.ask("open", { text: exactJson.stringify(policies), at: state.at }, (part) => {
        if (number !== asked) return;
        fresh = [...fresh, ...part];
        outcomes = fresh;
        said.className = "count";
        said.textContent = t("answered", { count: fresh.length, all: routes.length });
        redraw();
      });
      if (number !== asked || answer === undefined) return; // the text has changed meanwhile
      list.element.removeAttribute("aria-busy");
      if (answer.fault) {
        refuse(answer.fault);
        return;
      }
      replaceIn(notes, describeNotes(outcomes, policies));
      replaceIn(patterns, answer.patterns.length > 0 && describePatterns(answer.patterns));
    } catch (fault) {
      if (number === asked) refuse(describeFault(fault));
    }
  }

  function refuse(message, kind = "trouble") {
    list.element.removeAttribute("aria-busy");
    outcomes = [];
    said.className = kind;
    said.textContent = message;
    redraw();
  }

  let drawing = 0;
  function redraw() {
    drawing ||= requestAnimationFrame(() => {
      drawing = 0;
      drawCounts();
      list.show(outcomes.filter(({ kind }) => !shown() || kind === shown()), null);
    });
  }

  function drawCounts() {
    const focused = counts.contains(document.activeElement) ? document.activeElement.value : null;
    replaceIn(counts, ["", ...KINDS].map((kind) => {
      const number = kind ? outcomes.filter((each) => each.kind === kind).length : outcomes.length;
      return el("button", {
        type: "button", class: `kind ${kind}`, value: kind, "aria-pressed": shown() === kind ? "true" : "false",
        title: kind && t(`class_${kind}`), onclick: () => {
          change({ kind }, { silent: true });
          list.element.scrollTop = 0;
          redraw();
        },
      }, `${kind ? t(`kind_${kind}`) : t("all_kinds")} ${number}`);
    }));
    if (focused !== null) counts.querySelector(`[value="${focused}"]`).focus();
  }

  return {
    element: el("div", { class: "columns even" },
      el("form", { onsubmit: (event) => event.preventDefault() },
        placeSelect((at) => look({ at })), labelled(t("document_of_policy"), text), notes, patterns),
      el("section", { class: "listing", "aria-label": t("opens") }, counts, said, list.element)),
    shown: ask,
  };
}

// Why statements take no effect, which no pattern of theirs shows.
function describeNotes(outcomes, policies) {
  const members = new Map();
  for (const { policy, statement, members: found } of outcomes.flatMap((each) => each.notEvaluated)) {
    const { display_name: name, Statement: statements } = policies[policy];
    const place = t("place", { policy: name ?? t("policy_number", { number: policy + 1 }), statement: statement + 1 });
    const effect = statements[statement].Effect;
    members.set(place, t(effect === "Deny" ? "note_deny" : "note_allow", { place, members: found.join(", ") }));
  }
  return members.size > 0 && el("ul", { class: "warning" }, [...members.values()].map((note) => el("li", {}, note)));
}

function describePatterns(patterns) {
  return [
    el("h2", {}, t("matches")),
    el("div", { class: "scrolled", tabindex: 0, role: "region", "aria-label": t("matches") },
      el("table", {},
        el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t("pattern")), el("th", { scope: "col" }, t("documented_actions")))),
        el("tbody", {}, patterns.map(({ effect, pattern, actions }) => el("tr", {},
          el("th", { scope: "row" }, el("code", {}, `${effect} ${pattern}`)),
          el("td", {}, describeActions(actions))))))),
  ];
}

function describeActions(actions) {
  if (actions.length === 0) return el("span", { class: "warning" }, t("matches_none"));
  const all = el("code", {}, actions.join(", "));
  return actions.length < 4 ? all : el("details", {}, el("summary", {}, actions.length), all);
}
