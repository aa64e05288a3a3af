// The least policy for some routes: made of what they require, and proved before it is told.

import { AT_ONCE, inParts } from "./opening.js";
import { makePolicy, PLACES } from "./policies.js";

export async function findLeast(opener, keys, at, turn) {
  const asked = keys.map((key) => opener.byKey.get(key)).filter(Boolean);
  const demanding = asked.filter((route) => route.actions.length > 0);
  const grantable = await decideAtRest(demanding, turn, (part) => opener.canBeGranted(part, at));
  const granted = demanding.filter((_, i) => grantable[i]);
  const lost = demanding.filter((_, i) => !grantable[i]);
  const elsewhere = [];
  for (const place of PLACES) {
    elsewhere.push(await decideAtRest(lost, turn, (part) => opener.canBeGranted(part, place)));
  }
  const question = new Question(opener, at, [...new Set(granted.flatMap((route) => route.actions))].sort());
  await dropCovered(question, granted, turn);
  const policies = splitPolicies([...question.kept], opener.limits);
  const caller = opener.makeCaller(policies, at);
  const areOpen = await decideAtRest(granted, turn, (part) => opener.allows(caller, part));
  if (!areOpen.every(Boolean)) throw new Error("the policy that was made does not open all");
  const chosen = new Set(granted);
  const others = opener.routes.filter((route) => !chosen.has(route) && question.speaksOfAll(route));
  const opened = await decideAtRest(others, turn, (part) => question.areOpen(part));
  const keysOf = (routes) => routes.map((route) => route.key);
  return {
    policies,
    granted: keysOf(granted),
    lost: lost.map((route, i) => [route.key, PLACES.find((_, place) => elsewhere[place][i]) ?? null]),
    free: keysOf(asked.filter((route) => route.actions.length === 0)),
    further: keysOf(others.filter((_, i) => opened[i])),
  };
}

async function decideAtRest(routes, turn, decide) {
  const decided = [];
  for (const part of inParts(routes)) {
    decided.push(...decide(part));
    await turn.rest();
  }
  return decided;
}

// Which routes some of the patterns open. The policy is asked with those of them alone that speak of what the routes
// require, as it matches them itself: the others say nothing there, and with hundreds of them each decision takes long.
class Question {
  #speaking;

  constructor(opener, at, patterns) {
    Object.assign(this, { opener, at, kept: new Set(patterns) });
    this.matched = patterns.length > 0 ? opener.matchPatterns([makePolicy(patterns)]) : [];
    this.#speaking = groupBy(
      this.matched.flatMap(({ pattern, actions }) => actions.map((action) => [action, pattern])));
  }

  // The patterns that speak of what a route requires.
  speakingOf(route) {
    return route.actions.flatMap((action) => this.#speaking.get(action) ?? []);
  }

  speaksOfAll(route) {
    return route.actions.length > 0 && route.actions.every((action) => this.#speaking.has(action));
  }

  areOpen(routes, without = new Set()) {
    const patterns = new Set(routes.flatMap((route) => this.speakingOf(route)));
    const others = [...patterns].filter((pattern) => this.kept.has(pattern) && !without.has(pattern));
    const caller = this.opener.makeCaller(others.length > 0 ? [makePolicy(others)] : [], this.at);
    return this.opener.allows(caller, routes);
  }
}

// Leaves out what the others do as well: a required pattern can cover a required action. What stays is needed, each: a
// route is closed without it.
async function dropCovered(question, routes, turn) {
  const requiring = groupBy(routes.flatMap((route) => route.actions.map((action) => [action, route])));
  const doubtful = [];
  for (const part of listParts(question, requiring)) {
    const open = question.areOpen([...part.values()], new Set(part.keys()));
    doubtful.push(...[...part.keys()].filter((_, i) => open[i]));
    await turn.rest();
  }
  const spoken = new Map(question.matched.map(({ pattern, actions }) => [pattern, actions]));
  for (const pattern of doubtful) {
    const concerned = new Set(spoken.get(pattern).flatMap((action) => requiring.get(action) ?? []));
    if (question.areOpen([...concerned], new Set([pattern])).every(Boolean)) question.kept.delete(pattern);
    await turn.rest();
  }
}

// The patterns in parts that can be left out together: each has a route that requires it, and of that route's actions
// no other of its part speaks. Whether the route is open says whether its pattern is needed.
function* listParts(question, requiring) {
  let waiting = [...question.kept];
  while (waiting.length > 0) {
    const part = new Map();
    const concerned = new Set();
    const later = [];
    for (const pattern of waiting) {
      const [route] = requiring.get(pattern);
      const speaking = question.speakingOf(route);
      if (part.size < AT_ONCE && !concerned.has(pattern) && !speaking.some((each) => part.has(each))) {
        part.set(pattern, route);
        for (const each of speaking) concerned.add(each);
      } else {
        later.push(pattern);
      }
    }
    yield part;
    waiting = later;
  }
}

function groupBy(pairs) {
  const groups = new Map();
  for (const [key, value] of pairs) {
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(value);
  }
  return groups;
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
