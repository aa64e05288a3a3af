// What takes time is done beside the page, which goes on answering: the policy is asked here. Of the questions that are
// replaced by each other, as text is typed, the last one alone is answered to its end.

import { exactJson } from "./exact_json.js";
import { findLeast } from "./least_policy.js";
import { Opener } from "./opening.js";
import { loadPolicy } from "./policy.js";

let policy;
let opener;
const latest = {};

const ANSWERS = {
  async load({ module, data, facts }) {
    policy = await loadPolicy(Uint8Array.from(atob(module), (letter) => letter.charCodeAt(0)), data);
    opener = new Opener(policy, facts);
  },

  decide: ({ inputs }) => inputs.map((text) => policy.ask("scopegate/decision", text)),

  decide_routes: ({ requirements, question }) =>
    policy.ask("explorer/decisions", JSON.stringify({ requirements, question })),

  examine: ({ input }) => ({
    decision: policy.ask("scopegate/decision", input),
    speaking: policy.ask("explorer/speaking", input),
  }),

  // Route by route, of the text of a list of policies; `fault` where they are none.
  async open({ text, at }, turn) {
    const policies = exactJson.parse(text);
    for (const part of opener.decideAll(opener.makeCaller(policies, at))) {
      if (part[0].kind === "malformed") return { fault: part[0].message };
      turn.tell(part);
      await turn.rest();
    }
    return { patterns: opener.matchPatterns(policies) };
  },

  least: ({ keys, at }, turn) => findLeast(opener, keys, at, turn),
};

class Replaced extends Error {}

const resting = [];
const bell = new MessageChannel();
bell.port1.onmessage = () => resting.shift()();

// One question being answered, in parts with rests between them, in which the next one comes in.
class Turn {
  constructor(id, kind) {
    Object.assign(this, { id, kind });
    latest[kind] = id;
  }

  tell(part) {
    self.postMessage({ id: this.id, part });
  }

  // By a message: timers that follow each other are held up for four milliseconds each.
  async rest() {
    await new Promise((resolve) => {
      resting.push(resolve);
      bell.port2.postMessage(null);
    });
    if (latest[this.kind] !== this.id) throw new Replaced();
  }
}

let ready = Promise.resolve();

self.onmessage = async ({ data: { id, kind, ...asked } }) => {
  const turn = new Turn(id, kind);
  try {
    const answer = ready.then(() => ANSWERS[kind](asked, turn));
    if (kind === "load") ready = answer;
    self.postMessage({ id, answer: await answer });
  } catch (error) {
    self.postMessage(error instanceof Replaced ? { id, replaced: true } : { id, fault: String(error?.message ?? error) });
  }
};
