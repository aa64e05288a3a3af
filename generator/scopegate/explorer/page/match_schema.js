// json.match_schema: the keywords of rego/schemas/*.json, with the words and the choice of errors of OPA's validator.
//
// Of schemas none of which fits, that validator tells the errors of the one with the most points. So points are
// counted where it does: one for whatever was looked at, less two for an error.

import { isInteger, isNumber, spellNumber } from "./exact_json.js";

export const KEYWORDS = new Set([
  ...["$schema", "title", "description", "definitions", "limits", "characters", "evaluated"], // say nothing here
  ...["$ref", "type", "enum", "anyOf", "oneOf", "required", "properties", "additionalProperties"],
  ...["items", "minItems", "maxItems", "minLength"],
]);

class Findings {
  errors = [];
  score = 0;

  add(path, type, desc) {
    const field = path.length > 1 ? path.slice(1).join(".") : path[0];
    this.errors.push({ error: `${field}: ${desc}`, type, field, desc });
    this.score -= 2;
  }

  merge(other) {
    this.errors.push(...other.errors);
    this.score += other.score;
  }

  get isEmpty() {
    return this.errors.length === 0;
  }
}

// OPA takes a string for the text of a document, and looks at nothing that is not at least a list.
export function matchSchema(document, schema) {
  if (typeof document === "string") throw new Error("json.match_schema: the text of a document is not known here");
  if (!["array", "object"].includes(typeOf(document))) return undefined;
  const findings = new Findings();
  validate(schema, document, ["(Root)"], findings, schema);
  return [findings.isEmpty, findings.errors];
}

function validate(schema, value, path, findings, root) {
  for (const keyword of Object.keys(schema)) {
    if (!KEYWORDS.has(keyword)) throw new Error(`json.match_schema: keyword ${keyword} is not known here`);
  }
  if (typeof (schema.type ?? "") !== "string") throw new Error("json.match_schema: several types are not known here");
  if ("$ref" in schema) {
    const definition = root.definitions[schema.$ref.replace("#/definitions/", "")];
    validate(definition, value, path, findings, root);
    return;
  }
  const type = typeOf(value);
  if ("type" in schema && schema.type !== type && !(schema.type === "number" && type === "integer")) {
    findings.add(path, "invalid_type", `Invalid type. Expected: ${schema.type}, given: ${type}`);
    return;
  }
  validateAlternatives(schema, value, path, findings, root);
  if (type === "array") validateArray(schema, value, path, findings, root);
  if (type === "object") validateObject(schema, value, path, findings, root);
  validateEnum(schema, value, path, findings);
  if (type === "object") {
    for (const [name, each] of Object.entries(schema.properties ?? {})) {
      if (Object.hasOwn(value, name)) validate(each, value[name], [...path, name], findings, root);
    }
  }
  if (type === "string") {
    if ([...value].length < (schema.minLength ?? 0)) {
      findings.add(path, "string_gte", `String length must be greater than or equal to ${schema.minLength}`);
    }
    findings.score += 1;
  }
  if (type === "number" || type === "integer") findings.score += 1;
  findings.score += 1;
}

function typeOf(value) {
  if (value === null) return "null";
  if (isNumber(value)) return isInteger(value) ? "integer" : "number";
  return Array.isArray(value) ? "array" : typeof value;
}

function validateAlternatives(schema, value, path, findings, root) {
  for (const [keyword, type, desc] of [
    ["anyOf", "number_any_of", "Must validate at least one schema (anyOf)"],
    ["oneOf", "number_one_of", "Must validate one and only one schema (oneOf)"],
  ]) {
    const tried = (schema[keyword] ?? []).map((each) => validateApart(each, value, path, root));
    const valid = tried.filter((each) => each.isEmpty).length;
    if (tried.length > 0 && (keyword === "anyOf" ? valid === 0 : valid !== 1)) {
      findings.add(path, type, desc);
      if (valid === 0) findings.merge(tried.reduce((best, each) => (each.score > best.score ? each : best)));
    }
  }
  findings.score += 1;
}

function validateApart(schema, value, path, root) {
  const findings = new Findings();
  validate(schema, value, path, findings, root);
  return findings;
}

function validateArray(schema, value, path, findings, root) {
  if ("items" in schema) {
    value.forEach((each, i) => findings.merge(validateApart(schema.items, each, [...path, i], root)));
  }
  if (value.length < (schema.minItems ?? 0)) {
    findings.add(path, "array_min_items", `Array must have at least ${schema.minItems} items`);
  }
  if (value.length > (schema.maxItems ?? Infinity)) {
    findings.add(path, "array_max_items", `Array must have at most ${schema.maxItems} items`);
  }
  findings.score += 1;
}

function validateObject(schema, value, path, findings, root) {
  for (const name of schema.required ?? []) {
    if (Object.hasOwn(value, name)) findings.score += 1;
    else findings.add(path, "required", `${name} is required`);
  }
  const further = schema.additionalProperties ?? true;
  for (const name of Object.keys(value)) {
    if (further === true || Object.hasOwn(schema.properties ?? {}, name)) continue;
    if (further === false) {
      findings.add(path, "additional_property_not_allowed", `Additional property ${name} is not allowed`);
    } else {
      findings.merge(validateApart(further, value[name], [...path, name], root));
    }
  }
  findings.score += 1;
}

// Of strings and booleans alone: other values are spelt by their digits and order of members.
function validateEnum(schema, value, path, findings) {
  const unknown = schema.enum?.find((each) => typeof each !== "string" && typeof each !== "boolean");
  if (unknown !== undefined) throw new Error(`json.match_schema: ${typeof unknown} in enum is not known here`);
  const allowed = schema.enum?.map((each) => JSON.stringify(each));
  const found = isNumber(value) ? spellNumber(value) : JSON.stringify(value);
  if (allowed && !allowed.includes(found)) {
    const field = path.length > 1 ? path.slice(1).join(".") : path[0];
    findings.add(path, "enum", `${field} must be one of the following: ${allowed.join(", ")}`);
  }
  findings.score += 1;
}
