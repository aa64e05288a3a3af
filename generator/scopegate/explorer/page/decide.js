// May this call be made, and why: a question, the decision on it, and how it came about.

import { copier } from "./copying.js";
import { el, labelled, replaceIn, select } from "./dom.js";
import { routes } from "./facts.js";
import { EXAMPLE_POLICY, listPolicies, makePolicy, PLACES, readPolicies, spellPolicy } from "./policies.js";
import { makeInput, readCall } from "./questions.js";
import { spellCommand, spellCurl, spellTest } from "./spelling.js";
import { change, state } from "./state.js";
import { t } from "./texts.js";

// Each reason, and the step of the model's order that gives it.
const STEPS = [
  ["step_form", ["malformed_request"]],
  ["step_service", ["ambiguous_service"]],
  ["step_route", ["no_matching_route", "operator_route"]],
  ["step_project", ["project_mismatch"]],
  ["step_owner", ["account_owner"]],
  ["step_body", ["body_required"]],
  ["step_needs", ["no_authorization_required"]],
  ["step_deny", ["explicitly_denied"]],
  ["step_grants", ["allowed", "enterprise_project_required", "scope_unsupported", "action_not_granted"]],
];

const METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];

export function makeDecider(asker) {
  const call = readCall(state.call);
  const answer = el("section", { class: "answer", "aria-live": "polite", "aria-label": t("verdict") });
  const grants = el("div", { class: "grants" });
  let required = [];
  let asked = 0;

  function set(changes) {
    Object.assign(call, changes);
    change({ call: structuredClone(call) }, { silent: true });
    decide();
  }

  async function decide() {
    const number = ++asked;
    let input, told;
    try {
      input = makeInput(call);
      told = await asker.ask("examine", { input: JSON.stringify(input) });
    } catch (fault) {
      if (number === asked) replaceIn(answer, el("p", { class: "trouble" }, describeFault(fault)));
      return;
    }
    if (number !== asked) return; // something else was asked meanwhile
    replaceIn(answer, describe(told, input));
    if (told.decision.required.join() !== required.join()) {
      required = told.decision.required;
      drawGrants();
    }
  }

  function drawGrants() {
    const focused = document.activeElement?.dataset?.grant;
    replaceIn(grants, call.grants.map((grant, number) => drawGrant(grant, number)));
    if (focused) grants.querySelector(`[data-grant="${focused}"]`)?.focus();
  }

  function drawGrant(grant, number) {
    const setGrant = (changes) => {
      Object.assign(grant, changes);
      set({});
    };
    const policy = el("textarea", {
      rows: 7, spellcheck: "false", value: grant.policy, "data-grant": `${number}-policy`,
      oninput: () => {
        setGrant({ policy: policy.value });
        replaceIn(ticks, drawTicks());
      },
    });
    const id = el("input", { value: grant.id, disabled: grant.kind === "all_resources", oninput: () => setGrant({ id: id.value }) });
    const kinds = PLACES.map((kind) => [kind, t(kind)]);
    const ticks = el("div", { class: "ticks" });
    const drawTicks = () => required.map((action) => {
      const box = el("input", {
        type: "checkbox", checked: allows(grant.policy, action), "data-grant": `${number}-${action}`,
        onchange: () => {
          policy.value = setAllowed(grant.policy, action, box.checked);
          setGrant({ policy: policy.value });
        },
      });
      return el("label", { class: "check" }, box, " ", el("code", {}, action));
    });
    replaceIn(ticks, drawTicks());
    return el("fieldset", {},
      el("legend", {}, t("grant", { number: number + 1 })),
      el("div", { class: "fields" },
        labelled(t("granted_at"), select(kinds, grant.kind, (kind) => {
          id.disabled = kind === "all_resources";
          setGrant({ kind });
        })),
        labelled(t("id"), id)),
      required.length > 0 && el("fieldset", { class: "inner" }, el("legend", {}, t("tick_actions")), ticks),
      labelled(t("document_of_policy"), policy),
      el("button", {
        type: "button",
        onclick: () => {
          call.grants.splice(number, 1);
          set({});
          drawGrants();
        },
      }, t("remove_grant")));
  }

  const field = (name, label, properties = {}, hint) => {
    const control = el("input", { value: call[name], spellcheck: "false", autocomplete: "off", ...properties,
      oninput: () => set({ [name]: control.value }) });
    return labelled(label, control, hint);
  };
  const named = (name) => [["", t("any")], ...[...new Set(routes.map((route) => route[name]))].sort().map((each) => [each, each])];
  const body = el("textarea", { rows: 2, value: call.body, spellcheck: "false", oninput: () => set({ body: body.value }) });
  const owner = el("input", { type: "checkbox", checked: call.owner, onchange: () => set({ owner: owner.checked }) });
  const form = el("form", { class: "question", onsubmit: (event) => event.preventDefault() },
    el("fieldset", {}, el("legend", {}, t("request")),
      el("div", { class: "fields" },
        labelled(t("method"), select(METHODS.map((each) => [each, each]), call.method, (method) => set({ method }))),
        field("path", t("path"), { class: "wide" }, t("path_hint"))),
      el("div", { class: "fields" },
        labelled(t("provider"), select(named("provider"), call.provider, (provider) => set({ provider }))),
        labelled(t("service"), select(named("service"), call.service, (service) => set({ service })))),
      labelled(t("body"), body)),
    el("fieldset", {}, el("legend", {}, t("caller")),
      el("div", { class: "fields" },
        labelled(t("token_of"), select([["iam_project", t("iam_project")], ["domain", t("domain")]], call.token, (token) => set({ token }))),
        field("id", t("id")),
        field("resource", t("resource_in"), { class: "wide" })),
      el("label", { class: "check" }, owner, " ", t("account_owner"))),
    el("h2", {}, t("grants")), grants,
    el("button", {
      type: "button",
      onclick: () => {
        call.grants.push({ kind: call.token, id: call.id, policy: "" });
        set({});
        drawGrants();
      },
    }, t("add_grant")));
  return {
    element: el("div", { class: "columns even" }, form, answer),
    shown() {
      replaceIn(answer, el("p", { class: "hint" }, t("waiting")));
      drawGrants();
      decide();
    },
  };
}

export function describeFault(fault) {
  if (fault instanceof TypeError) return t("broken_policy", { example: EXAMPLE_POLICY });
  return fault instanceof SyntaxError ? t("broken_json", { fault: fault.message }) : t("broken_page", { fault: fault.message });
}

const isAllowing = (statement) => statement?.Effect === "Allow" && Array.isArray(statement.Action);

function allows(text, action) {
  try {
    return readPolicies(text).flatMap((policy) => policy.Statement)
      .some((statement) => isAllowing(statement) && statement.Action.includes(action));
  } catch {
    return false;
  }
}

// Writes an action into the first statement that allows any, or takes it out of all. What else is in the text stays; a
// text that is broken is left alone.
function setAllowed(text, action, allowed) {
  if (text.trim() === "") return spellPolicy([action]);
  let read, documents;
  try {
    read = JSON.parse(text);
    documents = listPolicies(read).map(({ document }) => document).filter(({ Statement }) => Array.isArray(Statement));
  } catch {
    return text;
  }
  const statement = documents.flatMap(({ Statement }) => Statement).find(isAllowing);
  if (allowed && statement) statement.Action.push(action);
  else if (allowed) documents[0]?.Statement.push(...makePolicy([action]).Statement);
  else documents.forEach((document) => leaveOut(document, action));
  const isEmpty = documents.every(({ Statement }) => Statement.length === 0);
  return isEmpty && documents.length > 0 ? "" : JSON.stringify(read, null, 2);
}

function leaveOut(document, action) {
  document.Statement = document.Statement.filter((statement) => {
    if (!isAllowing(statement)) return true;
    statement.Action = statement.Action.filter((each) => each !== action);
    return statement.Action.length > 0;
  });
}

function describe({ decision, speaking }, input) {
  return [
    el("p", { class: decision.allow ? "verdict yes" : "verdict no" },
      el("strong", {}, `${decision.allow ? "✓" : "✗"} ${t(decision.allow ? "allowed" : "denied")}`), " ",
      el("code", {}, decision.reason)),
    el("p", { class: "message" }, decision.message),
    decision.route && el("p", { class: "hint" },
      `${decision.route.provider}/${decision.route.table}, ${t("row")} ${decision.route.row}: ${decision.route.permission}`),
    decision.required.length > 0 && el("div", { class: "scrolled", tabindex: 0, role: "region", "aria-label": t("requires") },
      el("table", {},
        el("thead", {}, el("tr", {}, ["action", "verdict", "where"].map((name) => el("th", { scope: "col" }, t(name))))),
        el("tbody", {}, decision.required.map((action) => describeAction(action, decision, speaking, input))))),
    decision.not_evaluated.length > 0 && [
      el("h2", {}, t("not_evaluated")),
      el("ul", {}, decision.not_evaluated.map((each) => el("li", {}, spellPlace(each, input), ": ", each.members.join(", ")))),
    ],
    el("h2", {}, t("steps")),
    el("ol", { class: "steps" }, listSteps(decision)),
    el("p", { class: "bar" },
      copier("copy_curl", () => spellCurl(input)), copier("copy_command", () => spellCommand(input)),
      copier("copy_test", () => spellTest(input, decision)), copier("copy_link", () => location.href)),
    el("details", {}, el("summary", {}, t("as_input")), el("pre", { tabindex: 0 }, JSON.stringify(input, null, 2))),
    el("details", {}, el("summary", {}, t("as_decision")), el("pre", { tabindex: 0 }, JSON.stringify(decision, null, 2))),
  ];
}

function describeAction(action, decision, speaking, input) {
  const vain = decision.ineffective.some((each) => each.action === action);
  const verdict = decision.denied.includes(action) ? "is_denied"
    : decision.granted.includes(action) ? "granted"
    : vain ? "in_vain" : "missing";
  const places = speaking.filter((each) => each.action === action);
  return el("tr", { class: verdict },
    el("th", { scope: "row" }, el("code", {}, action)),
    el("td", {}, t(verdict)),
    el("td", {}, places.length === 0 ? "–" : el("ul", { class: "plain" }, places.map((place) =>
      el("li", {}, spellPlace(place, input), " ", el("code", {}, `${place.effect} ${place.pattern}`))))));
}

function spellPlace({ grant, policy, statement }, input) {
  const [kind, id] = Object.entries(input.subject.grants[grant].scope)[0];
  return `${t(kind)}${id === true ? "" : ` ${id}`}, grants[${grant}].policies[${policy}].Statement[${statement}]`;
}

function listSteps(decision) {
  const last = STEPS.findIndex(([, reasons]) => reasons.includes(decision.reason));
  return STEPS.slice(0, last + 1).map(([step], number) => {
    const passed = number < last;
    const good = passed || decision.allow;
    return el("li", { class: good ? "yes" : "no" }, `${good ? "✓" : "✗"} ${t(step)}`,
      !passed && el("span", { class: "outcome" }, ` → ${decision.reason}`));
  });
}
