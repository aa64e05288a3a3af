// What takes time is done beside the page, which goes on answering: the policy is asked here.

import { loadPolicy } from "./policy.js";

let policy;

const ANSWERS = {
  async load({ module, data }) {
    policy = await loadPolicy(Uint8Array.from(atob(module), (letter) => letter.charCodeAt(0)), data);
  },
  decide({ inputs }) {
    return inputs.map((text) => policy.ask("scopegate/decision", text));
  },
  examine({ input }) {
    return {
      decision: policy.ask("scopegate/decision", input),
      speaking: policy.ask("explorer/speaking", input),
    };
  },
};

let ready = Promise.resolve();

self.onmessage = async ({ data: { id, kind, ...asked } }) => {
  try {
    const answer = ready.then(() => ANSWERS[kind](asked));
    if (kind === "load") ready = answer;
    self.postMessage({ id, answer: await answer });
  } catch (error) {
    self.postMessage({ id, fault: String(error.message ?? error) });
  }
};
