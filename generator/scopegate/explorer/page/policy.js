// The policy, run by OPA's own SDK.

import { opa } from "./opa_wasm.js";

const PAGE_BYTES = 65_536;

// The memory has to have room for all that the module brings with it, else it is refused: a bundle of thousands of
// routes brings more than the SDK thinks of. It grows by itself.
export async function loadPolicy(module, data) {
  const loaded = await opa.loadPolicy(module, { initial: 5 + Math.ceil(module.length / PAGE_BYTES) });
  loaded.setData(new TextEncoder().encode(data).buffer);
  return new Policy(loaded);
}

class Policy {
  #loaded;

  constructor(loaded) {
    this.#loaded = loaded;
  }

  // The value of an entry point for an input, which is the text of any JSON; of other texts it throws what is wrong. The
  // SDK takes null, false, 0 and "" for no input at all, but not their bytes.
  ask(entryPoint, text) {
    const input = text === undefined ? undefined : new TextEncoder().encode(spellPlainly(text)).buffer;
    return this.#loaded.evaluate(input, entryPoint)[0]?.result;
  }
}

const ESCAPES = /(\\[^u])|(?:\\u[dD][89a-fA-F]..)+/g;
const LONG_EXPONENT = /[eE][+-]?0*[1-9]\d{4}/;
const MOST_EXPONENT = 30000; // Somewhat beyond, at a power of two, OPA refuses to read a number.

// What the parser of a module reads as OPA's own does. It makes something of texts that are no JSON, and takes the
// escapes of characters beyond U+FFFF for others; half of such a character is U+FFFD to OPA, as it is where it is encoded.
function spellPlainly(text) {
  JSON.parse(text, LONG_EXPONENT.test(text) ? refuseLongExponent : undefined);
  return text.replace(ESCAPES, (escapes, other) => other ?? JSON.parse(`"${escapes}"`));
}

function refuseLongExponent(_, value, { source } = {}) {
  if (typeof value === "number" && Math.abs(Number(source.split(/e/i)[1] ?? 0)) > MOST_EXPONENT) {
    throw new RangeError(`${source} is too big a number`);
  }
  return value;
}
