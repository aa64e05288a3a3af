// Policies as documents, and where they are granted.

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
  return listPolicies(JSON.parse(text)).map(({ document, role: { catalog, display_name } }) =>
    ({ ...document, ...(catalog && { catalog }), ...(display_name && { display_name }) }));
}

// Each document, and the role that it is of: itself where it stands alone.
export function listPolicies(read) {
  const listed = Array.isArray(read) ? read : read?.roles ?? [read?.role ?? read];
  const isObject = (value) => typeof value === "object" && value !== null;
  if (!Array.isArray(listed) || !listed.every(isObject)) throw new TypeError();
  return listed.map((role) => ({ document: isObject(role.policy) ? role.policy : role, role }));
}
