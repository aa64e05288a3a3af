// A question as others ask it: for a shell, and for `opa test`.

import { exactJson } from "./exact_json.js";

const quote = (text) => `'${text.replaceAll("'", "'\\''")}'`;

export function spellCurl(input) {
  const url = "http://127.0.0.1:8181/v1/data/scopegate/decision";
  return `curl --json ${quote(exactJson.stringify({ input }))} ${url}`;
}

export function spellCommand(input) {
  return `scopegate decide --input - <<'EOF'\n${exactJson.stringify(input, 2)}\nEOF`;
}

// `opa test BUNDLE FILE` runs it.
export function spellTest(input, decision) {
  const expected = JSON.stringify({ allow: decision.allow, reason: decision.reason });
  return [
    "package scopegate_cases_test",
    "",
    `test_${decision.reason} if {`,
    "\tdecision := data.scopegate.decision with input as question",
    `\tobject.subset(decision, ${expected})`,
    "}",
    "",
    `question := ${exactJson.stringify(input, "\t")}`,
    "",
  ].join("\n");
}
