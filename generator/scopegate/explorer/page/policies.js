// Policies as documents, and where they are granted.

import { exactJson } from "./exact_json.js";

export const EXAMPLE_POLICY = '{"Version": "1.1", "Statement": […]}';

export const PLACES = ["iam_project", "enterprise_project", "domain", "all_resources"];

export function makePolicy(actions) {
  return { Version: "1.1", Statement: [{ Effect: "Allow", Action: actions }] };
}

export const spellPolicy = (actions) => (actions.length > 0 ? JSON.stringify(makePolicy(actions), null, 2) : "");

export const spellScope = (kind, id) => ({ [kind]: kind === "all_resources" ? true : id });

// The policies in a text: a document, a list of them, or what the vendor's API answers with (`role`, `roles`). Whether
// they are in order the policy of the page says. Throws what is wrong with the text.
export function readPolicies(text) {
  if (text.trim() === "") return [];
  const read = exactJson.parse(text);
  refuseTwice(text);
  return listPolicies(read).map(({ document, role: { catalog, display_name } }) =>
    ({ ...document, ...(catalog && { catalog }), ...(display_name && { display_name }) }));
}

// A member that is there twice: readers differ in which one they take. `text` is JSON.
function refuseTwice(text) {
  const open = [];
  for (const [token, name] of text.matchAll(/("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[{}]/g)) {
    if (token === "{") open.push(new Set());
    else if (token === "}") open.pop();
    else if (name !== undefined) {
      const spelt = JSON.parse(name);
      if (open.at(-1).has(spelt)) throw new SyntaxError(`${name} twice in an object`);
      open.at(-1).add(spelt);
    }
  }
}

// Each document, and the role that it is of: itself where it stands alone.
export function listPolicies(read) {
  const listed = Array.isArray(read) ? read : read?.roles ?? [read?.role ?? read];
  const isObject = (value) => typeof value === "object" && value !== null;
  if (!Array.isArray(listed) || !listed.every(isObject)) throw new TypeError();
  return listed.map((role) => ({ document: isObject(role.policy) ? role.policy : role, role }));
}
