// What is the least policy for the ticked routes?

import { drawRoute, toggle } from "./browse.js";
import { copier } from "./copying.js";
import { describeFault } from "./decide.js";
import { el, linked, replaceIn } from "./dom.js";
import { routesById, routesByKey } from "./facts.js";
import { List } from "./list.js";
import { placeSelect } from "./opens.js";
import { change, state } from "./state.js";
import { t } from "./texts.js";

export function makeLeast(asker) {
  const answer = el("section", { class: "answer", "aria-live": "polite", "aria-label": t("least") });
  const list = new List({
    label: t("least_chosen"),
    draw: (route) => drawRoute(route),
    onchoose: (route) => {
      toggle(route);
      ask();
    },
  });

  const unknown = el("p", { class: "warning" });
  let asked = 0;
  async function ask() {
    const number = ++asked;
    const chosen = state.ticked.map((id) => routesById.get(id)).filter(Boolean);
    list.show(chosen, null);
    unknown.hidden = chosen.length === state.ticked.length;
    unknown.textContent = t("unknown_routes", { count: state.ticked.length - chosen.length });
    if (chosen.length === 0) {
      replaceIn(answer, el("p", { class: "nothing" }, linked({ view: "routes" }, {}, t("least_empty"))));
      return;
    }
    replaceIn(answer, el("p", { class: "hint" }, t("waiting")));
    try {
      const found = await asker.ask("least", { keys: chosen.map((route) => route.key), at: state.at });
      // Undefined where another question came in; where nothing is ticked any more, none has.
      if (number === asked && found !== undefined) replaceIn(answer, describe(found));
    } catch (fault) {
      if (number === asked) replaceIn(answer, el("p", { class: "trouble" }, describeFault(fault)));
    }
  }

  return {
    element: el("div", { class: "columns even" },
      el("section", { class: "listing", "aria-label": t("least_chosen") },
        placeSelect((at) => {
          change({ at }, { silent: true });
          ask();
        }),
        el("h2", {}, t("least_chosen")), unknown, list.element),
      answer),
    shown: ask,
  };
}

function describe({ policies, granted, lost, free, further }) {
  const named = (keys, title) => keys.length > 0 && el("details", { open: keys.length < 12 },
    el("summary", {}, `${title}: ${keys.length}`),
    el("ul", { class: "plain" }, keys.map((key) => el("li", {}, el("code", {}, routesByKey.get(key).name)))));
  return [
    el("h2", {}, t("least_for", { count: granted.length, all: granted.length + lost.length })),
    granted.length > 0 && el("p", { class: "hint" }, t(policies.length > 1 ? "least_proved_together" : "least_proved")),
    policies.map((policy) => {
      const text = JSON.stringify(policy, null, 2);
      return [el("pre", { tabindex: 0 }, text), el("p", { class: "bar" }, copier("copy", () => text),
        linked({ view: "policy", policy: text }, { class: "button" }, t("opens")))];
    }),
    lost.length > 0 && el("details", { open: lost.length < 12 },
      el("summary", { class: "warning" }, `${t("least_lost")}: ${lost.length}`),
      el("ul", { class: "plain" }, lost.map(([key, place]) => el("li", {}, el("code", {}, routesByKey.get(key).name),
        place && ` (${t("counts_only_in", { place: t(place) })})`)))),
    named(free, t("least_free")),
    named(further, t("least_further")),
  ];
}
