// Questions to the worker, which has the policy.

export class Asker {
  #worker;
  #waiting = new Map();
  #count = 0;

  constructor(script) {
    this.#worker = new Worker(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
    this.#worker.onmessage = ({ data }) => this.#receive(data);
    this.#worker.onerror = ({ message }) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(message));
    };
  }

  // The answer; undefined where another question of this kind has replaced it. `onpart` is called with what is known
  // before. Rejected where the policy could not be asked.
  ask(kind, asked, onpart) {
    const id = this.#count++;
    const answer = new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject, onpart }));
    this.#worker.postMessage({ id, kind, ...asked });
    return answer;
  }

  #receive({ id, part, answer, fault }) {
    const { resolve, reject, onpart } = this.#waiting.get(id);
    if (part !== undefined) {
      onpart?.(part);
      return;
    }
    this.#waiting.delete(id);
    if (fault === undefined) resolve(answer);
    else reject(new Error(fault));
  }
}
