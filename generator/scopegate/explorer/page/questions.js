// Questions about routes, as docs/decisions.md has them.

import { made } from "./facts.js";
import { PLACES, readPolicies, spellPolicy, spellScope } from "./policies.js";

// A request of a route, or of a case of it, that no literal of another route takes away.
export function makeRequest(route, project) {
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

// What the form of a question is filled with for a route: a caller with the first of its actions.
export function makeCall(route) {
  const { body, ...request } = makeRequest(route, made.iam_project);
  return {
    ...EMPTY_CALL,
    ...request,
    body: body === undefined ? "" : JSON.stringify(body),
    grants: [{ kind: "iam_project", id: made.iam_project, policy: spellPolicy(route.actions.slice(0, 1)) }],
  };
}

const EMPTY_GRANT = { kind: "iam_project", id: "", policy: "" };

const EMPTY_CALL = {
  method: "GET", path: "/", provider: "", service: "", body: "",
  token: "iam_project", id: made.iam_project, owner: false, resource: "", grants: [],
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

// The input of the decision, and where a part of it is broken, the words for that instead.
export function makeInput(call) {
  const input = { request: { method: call.method, path: call.path }, subject: {} };
  for (const name of ["provider", "service"]) {
    if (call[name]) input.request[name] = call[name];
  }
  if (call.body.trim()) input.request.body = JSON.parse(call.body);
  input.subject[call.token === "domain" ? "domain_id" : "project_id"] = call.id;
  if (call.owner) input.subject.account_owner = true;
  input.subject.grants = call.grants.map(({ kind, id, policy }) => ({
    scope: spellScope(kind, id),
    policies: readPolicies(policy),
  }));
  if (call.resource) input.resource = { enterprise_project_id: call.resource };
  return input;
}
