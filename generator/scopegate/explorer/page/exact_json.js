// JSON in which every number keeps its digits: OPA's numbers are decimals of any length, and JavaScript's are not.
//
// A number that JavaScript would spell otherwise is an object of JSON.rawJSON; a browser without that has a plain
// number for it, and then only the messages about numbers of many digits differ.

const HAS_RAW = "rawJSON" in JSON;
const MAY_BE_INEXACT = /\d{16}|\d[eE.]|-0/;

export const exactJson = {
  parse(text) {
    if (!HAS_RAW || !MAY_BE_INEXACT.test(text)) return JSON.parse(text);
    return JSON.parse(text, (_, value, { source }) =>
      typeof value === "number" && String(value) !== source ? JSON.rawJSON(source) : value);
  },
  stringify: (value, indent) => JSON.stringify(value, null, indent),
};

export const isNumber = (value) => typeof value === "number" || (HAS_RAW && JSON.isRawJSON(value));

export const spellNumber = (value) => (typeof value === "number" ? String(value) : value.rawJSON);

export function isInteger(value) {
  const [, whole, fraction, exponent] = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(spellNumber(value));
  const digits = whole + (fraction ?? "");
  const zeros = digits.length - digits.replace(/0+$/, "").length;
  return zeros === digits.length || Number(exponent ?? 0) - (fraction ?? "").length + zeros >= 0;
}
