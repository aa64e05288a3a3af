// May this call be made, and why: a question, the decision on it, and how it came about.

import { copier } from "./copying.js";
import { anyOf, el, labelled, replaceIn, select } from "./dom.js";
import { exactJson } from "./exact_json.js";
import { routes } from "./facts.js";
import { EXAMPLE_POLICY, listPolicies, makePolicy, PLACES, readPolicies, spellPolicy } from "./policies.js";
import { makeInput, readCall } from "./questions.js";
import { spellCommand, spellCurl, spellTest } from "./spelling.js";
import { change, state } from "./state.js";
import { t } from "./texts.js";

// The steps of the model's order, what is said of one that is passed, and the reasons that end there.
const STEPS = [
  ["step_form", ["malformed_request"]],
  ["step_route", ["ambiguous_service", "no_matching_route", "operator_route"]],
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
  // Where the answer is below the form, its verdict is seen all the same.
  const summary = el("div", { class: "summary", "aria-hidden": "true" });
  let required = [];
  let drawTicks = [];
  let asked = 0;

  function set(changes) {
    Object.assign(call, changes);
    change({ call: structuredClone(call) }, { silent: true });
    decide();
  }

  async function decide() {
    const number = ++asked;
    if (call.path === "") {
      replaceIn(answer, el("p", { class: "nothing" }, t("no_request")));
      replaceIn(summary);
      return;
    }
    let input, told;
    try {
      input = exactJson.stringify(makeInput(call));
      told = await asker.ask("examine", { input });
    } catch (fault) {
      if (number === asked) {
        replaceIn(answer, el("p", { class: "trouble" }, describeFault(fault)));
        replaceIn(summary);
      }
      return;
    }
    if (number !== asked) return; // something else was asked meanwhile
    told.decision.required.sort(); // WebAssembly has no order of its own for what is in a set
    replaceIn(answer, describe(told, exactJson.parse(input)));
    replaceIn(summary, describeVerdict(told.decision, "brief"));
    // While a policy is typed it is none for moments, and then nothing is known of what is required.
    if (told.decision.message.startsWith("subject.grants")) return;
    required = told.decision.required;
    drawTicks.forEach((draw) => draw());
  }

  // As grants come and go; what is typed into stays where it is.
  function drawGrants() {
    drawTicks = [];
    replaceIn(grants, call.grants.map((grant, number) => drawGrant(grant, number)));
  }

  function drawGrant(grant, number) {
    const setGrant = (changes) => {
      Object.assign(grant, changes);
      set({});
    };
    const policy = el("textarea", {
      rows: 7, spellcheck: "false", value: grant.policy,
      oninput: () => {
        setGrant({ policy: policy.value });
        draw();
      },
    });
    const id = el("input", { value: grant.id, disabled: grant.kind === "all_resources", oninput: () => setGrant({ id: id.value }) });
    const kinds = PLACES.map((kind) => [kind, t(kind)]);
    const ticks = el("fieldset", { class: "inner" });
    const draw = () => {
      const focused = ticks.contains(document.activeElement) ? document.activeElement.value : null;
      ticks.hidden = required.length === 0;
      replaceIn(ticks, el("legend", {}, t("tick_actions")), required.map(drawTick));
      if (focused !== null) ticks.querySelector(`[value="${CSS.escape(focused)}"]`)?.focus();
    };
    const drawTick = (action) => {
      const box = el("input", {
        type: "checkbox", value: action, checked: allows(grant.policy, action),
        onchange: () => {
          policy.value = setAllowed(grant.policy, action, box.checked);
          setGrant({ policy: policy.value });
        },
      });
      return el("label", { class: "check" }, box, " ", el("code", {}, action));
    };
    drawTicks.push(draw);
    draw();
    return el("fieldset", {},
      el("legend", {}, t("grant", { number: number + 1 })),
      el("div", { class: "fields" },
        labelled(t("granted_at"), select(kinds, grant.kind, (kind) => {
          id.disabled = kind === "all_resources";
          setGrant({ kind });
        })),
        labelled(t("id"), id)),
      ticks,
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
  const named = (name) => anyOf(routes.map((route) => route[name]));
  const body = el("textarea", { rows: 2, value: call.body, spellcheck: "false", oninput: () => set({ body: body.value }) });
  const owner = el("input", { type: "checkbox", checked: call.owner, onchange: () => set({ owner: owner.checked }) });
  const form = el("form", { class: "question", onsubmit: (event) => event.preventDefault() },
    el("fieldset", {}, el("legend", {}, t("request")),
      el("div", { class: "fields" },
        labelled(t("method"), select(METHODS.map((each) => [each, each]), call.method, (method) => set({ method }))),
        field("path", t("path"), { class: "wide", placeholder: "/v2/p1/snapshots" }, t("path_hint"))),
      el("div", { class: "fields" },
        labelled(t("provider"), select(named("provider"), call.provider, (provider) => set({ provider }))),
        labelled(t("service"), select(named("service"), call.service, (service) => set({ service })))),
      labelled(t("body"), body)),
    el("fieldset", {}, el("legend", {}, t("caller")),
      el("div", { class: "fields" },
        labelled(t("token_of"), select(["iam_project", "domain"].map((kind) => [kind, t(kind)]), call.token,
          (token) => set({ token }))),
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
    element: el("div", { class: "columns even" }, form, answer, summary),
    shown() {
      replaceIn(answer, el("p", { class: "hint" }, t("waiting")));
      drawGrants();
      decide();
    },
  };
}

export function describeFault(fault) {
  const place = { undefined: "", body: `${t("body")}: ` }[fault.field] ?? `${t("grant", { number: fault.field + 1 })}: `;
  if (fault instanceof TypeError) return place + t("broken_policy", { example: EXAMPLE_POLICY });
  return place + t(fault instanceof SyntaxError ? "broken_json" : "broken_page", { fault: fault.message });
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
    read = exactJson.parse(text);
    documents = listPolicies(read).map(({ document }) => document).filter(({ Statement }) => Array.isArray(Statement));
  } catch {
    return text;
  }
  const statement = documents.flatMap(({ Statement }) => Statement).find(isAllowing);
  if (allowed && statement) statement.Action.push(action);
  else if (allowed) documents[0]?.Statement.push(...makePolicy([action]).Statement);
  else documents.forEach((document) => leaveOut(document, action));
  const isEmpty = documents.every(({ Statement }) => Statement.length === 0);
  return isEmpty && documents.length > 0 ? "" : exactJson.stringify(read, 2);
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
    describeVerdict(decision),
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
    el("details", {}, el("summary", {}, t("as_input")), el("pre", { tabindex: 0 }, exactJson.stringify(input, 2))),
    el("details", {}, el("summary", {}, t("as_decision")), el("pre", { tabindex: 0 }, JSON.stringify(decision, null, 2))),
  ];
}

function describeVerdict({ allow, reason }, name = "verdict") {
  return el("p", { class: `${name} ${allow ? "yes" : "no"}` },
    el("strong", {}, `${allow ? "✓" : "✗"} ${t(allow ? "allowed" : "denied")}`), " ", el("code", {}, reason));
}

function describeAction(action, decision, speaking, input) {
  const vain = decision.ineffective.some((each) => each.action === action);
  const verdict = decision.denied.includes(action) ? "is_denied"
    : decision.granted.includes(action) ? "granted"
    : vain ? "in_vain"
    : decision.allow ? "not_needed" : "missing";
  const places = speaking.filter((each) => each.action === action);
  return el("tr", { class: verdict },
    el("th", { scope: "row" }, el("code", {}, action)),
    el("td", {}, t(verdict)),
    el("td", {}, places.length === 0 ? "–" : el("ul", { class: "plain" }, places.map((place) =>
      el("li", {}, spellPlace(place, input), " ", el("code", {}, `${place.effect} ${place.pattern}`),
        spellMembers(decision.not_evaluated.find((each) => isSamePlace(each, place))))))));
}

const isSamePlace = (one, other) => ["grant", "policy", "statement"].every((name) => one[name] === other[name]);

const spellMembers = (entry) => entry && ` (${t("is_not_evaluated", { members: entry.members.join(", ") })})`;

function spellPlace({ grant, policy, statement }, input) {
  const { scope, policies } = input.subject.grants[grant];
  const [kind, id] = Object.entries(scope)[0];
  const name = policies[policy].display_name ?? (policies.length > 1 && t("policy_number", { number: policy + 1 }));
  const place = name ? t("place", { policy: name, statement: statement + 1 }) : t("statement", { number: statement + 1 });
  return `${t("grant", { number: grant + 1 })} (${t(kind)}${id === true ? "" : ` ${id}`}), ${place}:`;
}

function listSteps(decision) {
  const last = STEPS.findIndex(([, reasons]) => reasons.includes(decision.reason));
  return STEPS.slice(0, last + 1).map(([step], number) => {
    const passed = number < last;
    const good = passed || decision.allow;
    return el("li", { class: good ? "yes" : "no" }, `${good ? "✓" : "✗"} `,
      passed ? t(step) : [t(`reason_${decision.reason}`), " ", el("code", {}, decision.reason)]);
  });
}
