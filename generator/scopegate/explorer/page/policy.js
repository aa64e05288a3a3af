// The policy, run by OPA's own SDK.

import { opa } from "./opa_wasm.js";

export async function loadPolicy(module, data) {
  const loaded = await opa.loadPolicy(module);
  loaded.setData(new TextEncoder().encode(data).buffer);
  return new Policy(loaded);
}

class Policy {
  #loaded;

  constructor(loaded) {
    this.#loaded = loaded;
  }

  // The value of an entry point for an input, which is the text of any JSON. The SDK takes null, false, 0 and "" for no
  // input at all, but not their bytes.
  ask(entryPoint, text) {
    const input = text === undefined ? undefined : new TextEncoder().encode(text).buffer;
    return this.#loaded.evaluate(input, entryPoint)[0]?.result;
  }
}
