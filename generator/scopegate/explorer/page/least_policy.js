// The least policy for some routes: made of what they require, and proved before it is told.

import { makePolicy, PLACES } from "./policies.js";

export async function findLeast(opener, keys, at, turn) {
  const asked = keys.map((key) => opener.byKey.get(key)).filter(Boolean);
  const demanding = asked.filter((route) => route.actions.length > 0);
  const grantable = opener.canBeGranted(demanding, at);
  const granted = demanding.filter((_, i) => grantable[i]);
  const lost = demanding.filter((_, i) => !grantable[i]);
  await turn.rest();
  const actions = await dropCovered(opener, granted, at, turn);
  const policies = splitPolicies(actions, opener.limits);
  const caller = opener.makeCaller(policies, at);
  const chosen = new Set(granted);
  if (!opener.allows(caller, granted).every(Boolean)) throw new Error("the policy that was made does not open all");
  const others = opener.routes.filter((route) => route.actions.length > 0 && !chosen.has(route));
  const further = [];
  for (let from = 0; from < others.length && policies.length > 0; from += 100) {
    const part = others.slice(from, from + 100);
    const allowed = opener.allows(caller, part);
    further.push(...part.filter((_, i) => allowed[i]));
    await turn.rest();
  }
  const keysOf = (routes) => routes.map((route) => route.key);
  return {
    policies,
    granted: keysOf(granted),
    lost: lost.map((route) => [route.key, PLACES.find((place) => opener.canBeGranted([route], place)[0]) ?? null]),
    free: keysOf(asked.filter((route) => route.actions.length === 0)),
    further: keysOf(further),
  };
}

// Leaves out what the others do as well: a required pattern can cover a required action. What stays is needed, each: a
// route is closed without it.
async function dropCovered(opener, routes, at, turn) {
  let kept = [...new Set(routes.flatMap((route) => route.actions))].sort();
  const concerned = new Map();
  const matched = opener.matchPatterns([makePolicy(kept)]);
  for (const { pattern, actions } of matched) {
    const spoken = new Set(actions);
    concerned.set(pattern, routes.filter((route) => route.actions.some((action) => spoken.has(action))));
  }
  for (const pattern of [...kept]) {
    const others = kept.filter((each) => each !== pattern);
    const caller = opener.makeCaller(others.length > 0 ? [makePolicy(others)] : [], at);
    if (opener.allows(caller, concerned.get(pattern)).every(Boolean)) kept = others;
    await turn.rest();
  }
  return kept;
}

// As few documents as the vendor's limits let the actions be in.
function splitPolicies(actions, limits) {
  const policies = [];
  for (const action of actions) {
    const last = policies.at(-1);
    const longer = last && add(last, action, limits);
    if (longer && fits(longer, limits)) policies[policies.length - 1] = longer;
    else policies.push(makePolicy([action]));
  }
  return policies;
}

function add(policy, action, limits) {
  const statements = structuredClone(policy.Statement);
  if (statements.at(-1).Action.length < limits.actions) statements.at(-1).Action.push(action);
  else statements.push({ Effect: "Allow", Action: [action] });
  return { ...policy, Statement: statements };
}

const fits = (policy, limits) =>
  policy.Statement.length <= limits.statements && JSON.stringify(policy).length <= limits.characters;
