// What policies open: the policy is asked about all routes, by what they require.

import { makePolicy, spellScope } from "./policies.js";

export const AT_ONCE = 40; // routes: a few hundredths of a second

export function inParts(routes) {
  const parts = [];
  for (let from = 0; from < routes.length; from += AT_ONCE) parts.push(routes.slice(from, from + AT_ONCE));
  return parts;
}

// What a question about a route says of who asks, and how the answer is put into a class: docs/policies.md explains each.
class Caller {
  constructor(policies, at, made) {
    const scope = spellScope(at, made[at]);
    const grants = policies.length > 0 ? [{ scope, policies }] : [];
    this.project = { project_id: made.iam_project, grants };
    this.domain = at === "domain" ? { domain_id: made.domain, grants } : this.project;
    this.resource = at === "enterprise_project" ? { resource: { enterprise_project_id: made.enterprise_project } } : {};
  }

  // Where the path names a project, the token is of that.
  ask(namesProject) {
    return {
      request: { method: "GET", path: "/" },
      subject: namesProject ? this.project : this.domain,
      ...this.resource,
    };
  }
}

export class Opener {
  constructor(policy, { routes, made, limits }) {
    Object.assign(this, { policy, routes, made, limits });
    this.byKey = new Map(routes.map((route) => [route.key, route]));
  }

  // The decisions on routes, in their order.
  decide(caller, routes) {
    const decisions = new Map();
    for (const namesProject of [true, false]) {
      const asked = routes.filter((route) => route.positions.length > 0 === namesProject);
      if (asked.length === 0) continue;
      const requirements = asked.map((route) => [route.key, route.actions, route.scopes.join(", "), []]);
      const text = JSON.stringify({ requirements, question: caller.ask(namesProject) });
      const answers = this.policy.ask("explorer/decisions", text);
      asked.forEach((route, i) => decisions.set(route, answers[i]));
    }
    return routes.map((route) => decisions.get(route));
  }

  allows(caller, routes) {
    return this.decide(caller, routes).map((decision) => decision.allow);
  }

  // What is to be said of all routes, part by part.
  * decideAll(caller) {
    for (const part of inParts(this.routes)) {
      yield this.decide(caller, part).map((decision, i) => ({
        key: part[i].key, kind: classify(part[i], decision), message: decision.message,
        notEvaluated: decision.not_evaluated,
      }));
    }
  }

  matchPatterns(policies) {
    const patterns = policies.flatMap((policy) => policy.Statement).flatMap((statement) =>
      (statement.Action ?? []).map((pattern) => [statement.Effect, pattern]));
    const actions = [...new Set(this.routes.flatMap((route) => route.actions))];
    const matched = this.policy.ask("explorer/matched", JSON.stringify({ patterns, actions }));
    return patterns.map(([effect, pattern], i) => ({ effect, pattern, actions: matched[i].sort() }));
  }

  // Somebody who was granted policies there.
  makeCaller(policies, at) {
    return new Caller(policies, at, this.made);
  }

  // Whether any grant there counts for each of the routes.
  canBeGranted(routes, at) {
    return this.allows(this.makeCaller([makePolicy(["*"])], at), routes);
  }
}

function classify(route, decision) {
  if (decision.reason === "malformed_request") return "malformed";
  if (route.actions.length === 0) return "free";
  if (decision.allow) return "opened";
  if (decision.reason === "explicitly_denied") return "denied";
  if (decision.granted.length > 0 || decision.reason === "enterprise_project_required") return "partly";
  return decision.ineffective.length > 0 ? "vain" : "closed";
}
