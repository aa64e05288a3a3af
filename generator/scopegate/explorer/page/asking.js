// Questions to the worker, which has the policy.

export class Asker {
  #worker;
  #waiting = new Map();
  #count = 0;
  #broken;

  constructor(script) {
    this.#worker = new Worker(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
    this.#worker.onmessage = ({ data }) => this.#receive(data);
    this.#worker.onerror = ({ message }) => {
      this.#broken = new Error(message);
      for (const { reject } of this.#waiting.values()) reject(this.#broken);
      this.#waiting.clear();
    };
  }

  // The answer; undefined where another question of this kind has replaced it. `onpart` is called with what is known
  // before. Rejected where the policy could not be asked.
  ask(kind, asked, onpart) {
    if (this.#broken) return Promise.reject(this.#broken);
    const id = this.#count++;
    return new Promise((resolve, reject) => {
      this.#worker.postMessage({ id, kind, ...asked }); // throws where it can't be sent
      this.#waiting.set(id, { resolve, reject, onpart });
    });
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
