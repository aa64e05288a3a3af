// Questions about routes, as docs/decisions.md has them.

import { exactJson } from "./exact_json.js";
import { made } from "./facts.js";
import { PLACES, readPolicies, spellScope } from "./policies.js";

// A request of a route, or of a case of it, that no literal of another route takes away.
function makeRequest(route, project) {
  const segments = route.path.split("/").slice(1).map((segment, position) => {
    if (route.positions.includes(position)) return encodeURIComponent(project);
    return segment.startsWith("{") ? made.value : segment;
  });
  const request = { method: route.method, path: `/${segments.join("/")}` };
  const [place, name, ...value] = route.discriminator ?? [];
  if (place === "query") request.path += `?${encodeURIComponent(name)}=${encodeURIComponent(value[0])}`;
  Object.assign(request, { provider: route.provider, service: route.service });
  if (route.has_cases) request.body = place === "body" ? { [name]: value.length > 0 ? value[0] : {} } : {};
  return request;
}

// The call that was asked about last, by whom and with which grants, but for another route.
export function askFor(route, told) {
  const call = readCall(told);
  const project = call.token === "iam_project" && call.id ? call.id : made.iam_project;
  const { body, ...request } = makeRequest(route, project);
  return { ...call, ...request, body: body === undefined ? "" : JSON.stringify(body) };
}

// The call that a question is, as the form has it.
export function toCall({ request, subject, resource }) {
  const { body, ...others } = request;
  return {
    ...EMPTY_CALL,
    ...others,
    body: body === undefined ? "" : JSON.stringify(body),
    token: subject.domain_id === undefined ? "iam_project" : "domain",
    id: subject.domain_id ?? subject.project_id,
    owner: subject.account_owner ?? false,
    resource: resource?.enterprise_project_id ?? "",
    grants: (subject.grants ?? []).map(({ scope, policies }) => {
      const [[kind, id]] = Object.entries(scope);
      const policy = policies.length === 1 ? policies[0] : policies;
      return { kind, id: id === true ? "" : id, policy: JSON.stringify(policy, null, 2) };
    }),
  };
}

const EMPTY_GRANT = { kind: "iam_project", id: "", policy: "" };

const EMPTY_CALL = {
  method: "GET", path: "", provider: "", service: "", body: "",
  token: "iam_project", id: made.iam_project, owner: false, resource: "",
  grants: [{ ...EMPTY_GRANT, id: made.iam_project }],
};

// The call of a link, which is somebody else's text: what is of no kind that the form has is as in an empty one.
export function readCall(told) {
  const call = fill(EMPTY_CALL, told);
  if (call.token !== "domain") call.token = EMPTY_CALL.token;
  call.grants = call.grants.map((grant) => {
    const { kind, ...rest } = fill(EMPTY_GRANT, grant);
    return { kind: PLACES.includes(kind) ? kind : EMPTY_GRANT.kind, ...rest };
  });
  return call;
}

function fill(empty, told) {
  const alike = (one, other) => typeof one === typeof other && Array.isArray(one) === Array.isArray(other);
  return Object.fromEntries(Object.entries(empty).map(([name, usual]) =>
    [name, alike(told?.[name], usual) ? told[name] : usual]));
}

// The input of the decision, with all digits of its numbers. Throws what is wrong with a text, with the field that it
// is in: "body", or the number of a grant.
export function makeInput(call) {
  const input = { request: { method: call.method, path: call.path }, subject: {} };
  for (const name of ["provider", "service"]) {
    if (call[name]) input.request[name] = call[name];
  }
  if (call.body.trim()) input.request.body = naming("body", () => exactJson.parse(call.body));
  input.subject[call.token === "domain" ? "domain_id" : "project_id"] = call.id;
  if (call.owner) input.subject.account_owner = true;
  input.subject.grants = call.grants.map(({ kind, id, policy }, number) => ({
    scope: spellScope(kind, id),
    policies: naming(number, () => readPolicies(policy)),
  }));
  if (call.resource) input.resource = { enterprise_project_id: call.resource };
  return input;
}

function naming(field, read) {
  try {
    return read();
  } catch (fault) {
    throw Object.assign(fault, { field });
  }
}
