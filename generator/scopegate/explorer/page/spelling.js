// A question as others ask it: for a shell, and for `opa test`.

const quote = (text) => `'${text.replaceAll("'", "'\\''")}'`;

export function spellCurl(input) {
  const url = "http://127.0.0.1:8181/v1/data/scopegate/decision";
  return `curl --json ${quote(JSON.stringify({ input }))} ${url}`;
}

export function spellCommand(input) {
  return `scopegate decide --input - <<'EOF'\n${JSON.stringify(input, null, 2)}\nEOF`;
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
    `question := ${JSON.stringify(input, null, "\t")}`,
    "",
  ].join("\n");
}
