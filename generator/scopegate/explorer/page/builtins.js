// The built-ins that OPA leaves to the host of a policy in WebAssembly, as far as scopegate's rules use them. Each does
// what OPA's own does, which tests ask a live OPA; what it does not know it refuses.

import { isNumber, spellNumber } from "./exact_json.js";
import { matchSchema } from "./match_schema.js";

export const builtins = {
  "json.match_schema": matchSchema,
  "regex.replace": replaceMatches,
  sprintf,
  "urlquery.decode": decodeQueryText,
  "urlquery.decode_object": decodeQuery,
};

function sprintf(format, values) {
  let next = 0;
  const text = format.replace(/%(.?)/gs, (verb, letter) => {
    if (letter === "%") return "%";
    const value = values[next++];
    if (letter === "s" && typeof value === "string") return value;
    if (letter === "d" && typeof value === "number" && Number.isSafeInteger(value)) return String(value);
    if (letter === "v" && Array.isArray(value)) return spell(value);
    throw new Error(`sprintf: ${verb} of ${typeof value} is not known here`);
  });
  if (next < values.length) throw new Error("sprintf: more values than verbs are not known here");
  return text;
}

// A value as OPA spells it: members in the order of code points, `, ` and `: ` between.
function spell(value) {
  if (typeof value === "string") return quote(value);
  if (Array.isArray(value)) return `[${value.map(spell).join(", ")}]`;
  if (isNumber(value)) return spellNumber(value);
  if (value === null || typeof value === "boolean") return String(value);
  const members = Object.keys(value).sort(compareCodePoints).map((name) => `${quote(name)}: ${spell(value[name])}`);
  return `{${members.join(", ")}}`;
}

function compareCodePoints(one, other) {
  const [ours, theirs] = [[...one], [...other]];
  const at = ours.findIndex((letter, i) => letter !== theirs[i]);
  if (at < 0) return ours.length - theirs.length;
  return theirs[at] === undefined ? 1 : ours[at].codePointAt(0) - theirs[at].codePointAt(0);
}

const SHORT_ESCAPES = {
  "\x07": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v", "\\": "\\\\", '"': '\\"',
};

// As Go quotes: what is not printable is escaped. Of the newest letters Go and a browser may know different ones.
function quote(text) {
  const escaped = text.replace(/[\\"]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, (letter) => {
    const code = letter.codePointAt(0);
    const digits = (count) => code.toString(16).padStart(count, "0");
    if (letter in SHORT_ESCAPES) return SHORT_ESCAPES[letter];
    if (code < 0x20 || code === 0x7f) return `\\x${digits(2)}`;
    return code < 0x10000 ? `\\u${digits(4)}` : `\\U${digits(8)}`;
  });
  return `"${escaped}"`;
}

// Go's syntax is JavaScript's as far as the rules use it, but for `.`, which stands for one more character here. After a
// match that is empty the two go on at different places.
function replaceMatches(text, pattern, replacement) {
  const unknown = /\\[^dw.*+?()[\]{}|^$\\/-]|\(\?|\[\[/.exec(pattern);
  if (unknown) throw new Error(`regex.replace: ${unknown[0]} is not known here`);
  const spelt = pattern.replace(/\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\./gs, (part) => (part === "." ? "[^\\n]" : part));
  return text.replaceAll(new RegExp(spelt, "gu"), (match, ...found) => {
    if (match === "") throw new Error("regex.replace: an empty match is not known here");
    // Beside the groups there are the place of the match and the text.
    const groups = [match, ...found.slice(0, -2)];
    return replacement.replace(/\$(?:(\w+)|\{(\w+)\}|(\$))/g, (_, bare, braced, dollar) =>
      dollar ?? groups[Number(bare ?? braced)] ?? "");
  });
}

// Undefined where a percent sign is not followed by two digits. Bytes that are no UTF-8 have no place in a string.
function decodeQueryText(text) {
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) return undefined;
  const bytes = new TextEncoder().encode(text.replaceAll("+", " "));
  const decoded = [];
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] === 0x25) {
      decoded.push(parseInt(String.fromCharCode(bytes[i + 1], bytes[i + 2]), 16));
      i += 2;
    } else {
      decoded.push(bytes[i]);
    }
  }
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(new Uint8Array(decoded));
}

const MOST_PARTS = 10000;

// Undefined where a part is not in order, or holds a `;`, and where there are too many.
function decodeQuery(text) {
  const values = new Map();
  const parts = text.split("&");
  if (parts.length > MOST_PARTS) return undefined;
  for (const part of parts) {
    if (part === "") continue;
    const [name, value] = /^([^=]*)=?(.*)$/s.exec(part).slice(1).map(decodeQueryText);
    if (part.includes(";") || name === undefined || value === undefined) return undefined;
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  return Object.fromEntries(values);
}
