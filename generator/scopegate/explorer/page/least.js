// What is the least policy for the ticked routes?

import { drawRoute, toggle } from "./browse.js";
import { copier } from "./copying.js";
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
    height: 56,
    draw: (route) => drawRoute(route),
    onchoose: (route) => {
      toggle(route);
      ask();
    },
  });

  async function ask() {
    const chosen = state.ticked.map((id) => routesById.get(id)).filter(Boolean);
    list.show(chosen, null);
    if (chosen.length === 0) {
      replaceIn(answer, el("p", { class: "nothing" }, linked({ view: "routes" }, {}, t("least_empty"))));
      return;
    }
    replaceIn(answer, el("p", { class: "hint" }, t("waiting")));
    const found = await asker.ask("least", { keys: chosen.map((route) => route.key), at: state.at });
    if (found !== undefined) replaceIn(answer, describe(found));
  }

  return {
    element: el("div", { class: "columns even" },
      el("section", { class: "listing", "aria-label": t("least_chosen") },
        placeSelect((at) => {
          change({ at }, { silent: true });
          ask();
        }),
        el("h2", {}, t("least_chosen")), list.element),
      answer),
    shown: ask,
  };
}

function describe({ policies, granted, lost, free, further }) {
  const named = (keys, title) => keys.length > 0 && el("details", { open: keys.length < 12 },
    el("summary", {}, `${title}: ${keys.length}`),
    el("ul", { class: "plain" }, keys.map((key) => el("li", {}, el("code", {}, routesByKey.get(key).name)))));
  return [
    el("h2", {}, t("least_for", { count: granted.length })),
    granted.length > 0 && el("p", { class: "hint" }, t("least_proved")),
    lost.length > 0 && el("div", { class: "warning" }, el("h3", {}, `${t("least_lost")}: ${lost.length}`),
      el("ul", { class: "plain" }, lost.map(([key, place]) => el("li", {}, el("code", {}, routesByKey.get(key).name),
        place && ` (${t("granted_at")}: ${t(place)})`)))),
    policies.map((policy) => {
      const text = JSON.stringify(policy, null, 2);
      return [el("pre", { tabindex: 0 }, text), el("p", { class: "bar" }, copier("copy", () => text),
        linked({ view: "policy", policy: text }, { class: "button" }, t("opens")))];
    }),
    named(free, t("least_free")),
    named(further, t("least_further")),
  ];
}
