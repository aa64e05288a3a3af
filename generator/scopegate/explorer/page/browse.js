// What is documented: the routes, what is searched for among them, and all about one.

import { anyOf, el, labelled, linked, replaceIn, select } from "./dom.js";
import { hasSeveralApis, routes, routesById, rowsOf } from "./facts.js";
import { isNarrow, List } from "./list.js";
import { askFor } from "./questions.js";
import { change, state } from "./state.js";
import { t } from "./texts.js";

const SCOPES = {
  in_iam_project: (route) => countsIn(route, "iam_project"),
  not_in_iam_project: (route) => !countsIn(route, "iam_project"),
  in_enterprise_project: (route) => countsIn(route, "enterprise_project"),
  not_in_enterprise_project: (route) => !countsIn(route, "enterprise_project"),
};

const MARKS = {
  mirrored: (route) => route.mirrored_from !== null,
  free: (route) => route.actions.length === 0,
  corrected: (route) => route.corrections.length > 0,
  conflicting: (route) => route.is_conflicting,
  cases: (route) => route.case !== null,
  ticked: (route) => state.ticked.includes(route.id),
};

function countsIn(route, kind) {
  return route.scopes.some((scope) => scope === kind || scope === `${kind}s`);
}

function findRoutes() {
  const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
  return routes.filter((route) =>
    words.every((word) => route.text.includes(word) || (word.startsWith("/") && isOfRequest(route.path, word)))
    && (!state.method || route.method === state.method)
    && (!state.api || route.api === state.api)
    && fits(SCOPES, state.scope, route)
    && fits(MARKS, state.mark, route));
}

// Whether a path in lower case, as a log has it, is one of a template.
function isOfRequest(template, path) {
  const segments = path.split("?")[0].split("/");
  const parts = template.toLowerCase().split("/");
  return parts.length === segments.length
    && parts.every((part, i) => (part.startsWith("{") ? segments[i] !== "" : part === segments[i]));
}

const fits = (filters, name, route) => !Object.hasOwn(filters, name) || filters[name](route);

export function drawRoute(route, { ticks = true, badge } = {}) {
  const ticked = state.ticked.includes(route.id);
  return {
    chosen: ticked,
    content: [
      ticks && el("span", { class: ticked ? "tick on" : "tick", "aria-hidden": "true" }),
      el("span", { class: "route" },
        el("span", { class: "line" },
          el("span", { class: `method ${route.method}` }, route.method), " ",
          el("span", { class: "path" }, route.path),
          route.case !== null && el("span", { class: "case" }, ` ${route.case}`)),
        el("span", { class: "line actions" },
          hasSeveralApis && `${route.api} · `, route.actions.join(", ") || t("requires_none"))),
      badge ?? el("span", { class: "marks" },
        scopeMark(route, "iam_project", "IAM"), " ", scopeMark(route, "enterprise_project", "EP")),
    ],
  };
}

function scopeMark(route, kind, label) {
  const counts = countsIn(route, kind);
  return el("span", { class: counts ? "mark yes" : "mark no", title: `${t(kind)}: ${t(counts ? "counts" : "counts_not")}` },
    `${label} ${counts ? "✓" : "✗"}`);
}

export function makeBrowser() {
  const list = new List({
    label: t("list_of_routes"),
    draw: (route) => drawRoute(route),
    onactive: (route, isTapped) => {
      change({ route: route.id }, { silent: true });
      showRoute();
      if (isTapped && isNarrow()) detail.scrollIntoView();
    },
    onchoose: (route) => {
      toggle(route);
      showRoute();
    },
  });
  const count = el("p", { class: "count", role: "status" });
  const nothing = el("p", { class: "nothing" }, t("none_found"));
  const detail = el("section", { class: "detail", "aria-label": t("requires") });
  const search = el("input", {
    type: "search", value: state.q, placeholder: t("search"), "aria-label": t("search"), autocomplete: "off",
    spellcheck: "false", oninput: () => filter({ q: search.value }),
    onkeydown: (event) => {
      if (event.key === "ArrowDown") {
        list.element.focus();
        event.preventDefault();
      }
    },
  });

  function filter(changes) {
    change(changes, { silent: true });
    showList();
  }

  function showList() {
    const found = findRoutes();
    list.element.scrollTop = 0;
    list.show(found, routesById.get(state.route));
    count.textContent = t("found", { count: found.length, all: routes.length });
    nothing.hidden = found.length > 0;
  }

  function showRoute() {
    const route = routesById.get(state.route);
    replaceIn(detail, route ? describeRoute(route, () => {
      toggle(route);
      list.redraw();
      showRoute();
    }) : el("p", { class: "nothing" }, t(state.route ? "unknown_route" : "choose_route")));
  }

  function tickFound(ticked) {
    const found = findRoutes().map((route) => route.id);
    const others = state.ticked.filter((id) => !found.includes(id));
    change({ ticked: ticked ? [...others, ...found] : others }, { silent: true });
    showList();
    showRoute();
  }

  const named = (names) => [["", t("any")], ...Object.keys(names).map((name) => [name, t(name)])];
  const element = el("div", { class: "browser" },
    el("div", { class: "search" }, search,
      el("div", { class: "filters", role: "group", "aria-label": t("filters") },
        labelled(t("method"), select(anyOf(routes.map((route) => route.method)), state.method, (method) => filter({ method }))),
        labelled(t("service"), select(anyOf(routes.map((route) => route.api)), state.api, (api) => filter({ api }))),
        labelled(t("scope"), select(named(SCOPES), state.scope, (scope) => filter({ scope }))),
        labelled(t("mark"), select(named(MARKS), state.mark, (mark) => filter({ mark })))),
      el("div", { class: "bar" }, count,
        el("button", { type: "button", onclick: () => tickFound(true) }, t("tick_all")),
        el("button", { type: "button", onclick: () => tickFound(false) }, t("untick_all")))),
    el("div", { class: "columns" }, el("div", { class: "listing" }, list.element, nothing), detail));
  return {
    element,
    shown() {
      showList();
      showRoute();
      list.scrollToActive();
    },
  };
}

export function toggle(route) {
  const ticked = state.ticked.includes(route.id)
    ? state.ticked.filter((id) => id !== route.id)
    : [...state.ticked, route.id];
  change({ ticked }, { silent: true });
}

function describeRoute(route, ontick) {
  const ticked = state.ticked.includes(route.id);
  return [
    el("h2", {}, el("span", { class: `method ${route.method}` }, route.method), " ", el("code", {}, route.path)),
    el("p", {}, route.api),
    route.case !== null && el("p", {}, t("is_case"), " ", el("code", {}, route.case)),
    el("h3", {}, t("requires")),
    route.actions.length === 0 ? el("p", {}, t("requires_none")) : [
      route.actions.length > 1 && el("p", { class: "hint" }, t("requires_all")),
      el("ul", { class: "plain" }, route.actions.map((action) => el("li", {}, el("code", {}, action)))),
    ],
    route.corrections.length > 0 && el("p", { class: "warning" }, t("correction"), " ", route.corrections.join(" ")),
    route.is_conflicting && el("p", { class: "warning" }, t("conflict")),
    el("h3", {}, t("counts_in")),
    el("dl", {}, ["iam_project", "enterprise_project"].map((kind) => [
      el("dt", {}, t(kind)),
      el("dd", {}, route.scopes.includes(`${kind}s`) ? t("counts_queried") : t(countsIn(route, kind) ? "counts" : "counts_not")),
    ])),
    el("h3", {}, t("documented_in")),
    rowsOf(route).map((row) => el("dl", {},
      el("dt", {}, t("document")), el("dd", {}, row.document),
      el("dt", {}, t("table")), el("dd", {}, t("table_of_document", { table: row.table, number: row.number })),
      el("dt", {}, t("row")), el("dd", {}, row.row),
      row.permission && [el("dt", {}, t("sentence")), el("dd", {}, row.permission)],
      el("dt", {}, "SHA-256"), el("dd", {}, el("code", { class: "hash" }, row.sha256)))),
    route.mirrored_from !== null && el("p", {}, t("mirrored_from"), " ", el("code", {}, route.mirrored_from)),
    el("p", { class: "bar" },
      linked(() => ({ view: "decide", call: askFor(route, state.call) }), { class: "button" }, t("try_it")),
      el("button", { type: "button", onclick: ontick }, t(ticked ? "untick" : "tick"))),
  ];
}
