// What an edition decides otherwise than an older one, as `scopegate diff` found it, each with its witness.

import { el, labelled, linked, select } from "./dom.js";
import { differences } from "./facts.js";
import { toCall } from "./questions.js";
import { change, state } from "./state.js";
import { t } from "./texts.js";

export function makeChanges() {
  const kinds = Object.entries(differences.counts).filter(([, number]) => number > 0);
  const chosen = kinds.some(([kind]) => kind === state.kind) ? state.kind : "";
  const shown = differences.differences.filter((each) => !chosen || each.kind === chosen);
  return {
    element: el("div", { class: "changes" },
      el("p", {}, el("strong", {}, differences.old.name), " ", el("code", {}, differences.old.revision.slice(0, 12)), " → ",
        el("strong", {}, differences.new.name), " ", el("code", {}, differences.new.revision.slice(0, 12))),
      differences.differences.length === 0 ? el("p", { class: "nothing" }, t("changes_none")) : [
        labelled(t("kinds"), select(
          [["", `${t("all_kinds")} ${differences.differences.length}`], ...kinds.map(([kind, number]) => [kind, `${t(`changed_${kind}`)} ${number}`])],
          chosen, (kind) => change({ kind }))),
        shown.map(describe),
      ]),
  };
}

function describe(difference) {
  return el("article", { class: "change" },
    el("h2", {},
      el("span", { class: `kind ${difference.kind}` }, t(`changed_${difference.kind}`)), " ",
      el("span", { class: "method" }, difference.method), " ", el("code", {}, difference.path),
      difference.case !== null && el("code", {}, ` [${difference.case}]`)),
    el("dl", {},
      Object.entries(difference.words).map(([name, { before, after }]) => [
        el("dt", {}, name), el("dd", {}, el("del", {}, spell(before)), " → ", el("ins", {}, spell(after)))]),
      difference.kind !== "wording" && [["before", difference.before], ["after", difference.after]].map(([label, standing]) =>
        [el("dt", {}, t(label)), el("dd", {}, describeStanding(standing))])),
    difference.witnesses.map((witness) => el("details", {},
      el("summary", {}, `${t("witness")}: ${witness.before.reason} → ${witness.after.reason}`),
      el("p", { class: "bar" }, linked(() => ({ view: "decide", call: toCall(witness.input) }), { class: "button" }, t("try_it"))),
      el("pre", { tabindex: 0 }, JSON.stringify(witness, null, 2)))));
}

function describeStanding({ route, required, scopes, reason }) {
  if (route === null) return el("code", {}, reason);
  return [
    el("code", {}, required.join(", ") || t("requires_none")),
    ` (${[scopes.join(", "), `${route.table}, ${t("row")} ${route.row}`].filter(Boolean).join("; ")})`,
  ];
}

const spell = (value) => (typeof value === "string" ? value : JSON.stringify(value));
