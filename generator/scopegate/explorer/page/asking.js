// Questions to the worker, which has the policy.

export class Asker {
  #worker;
  #waiting = new Map();
  #count = 0;

  constructor(script) {
    const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    this.#worker = new Worker(url);
    this.#worker.onerror = (event) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(event.message));
    };
    this.#worker.onmessage = ({ data: { id, answer, fault } }) => {
      const { resolve, reject } = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (fault === undefined) resolve(answer);
      else reject(new Error(fault));
    };
  }

  ask(kind, asked) {
    const id = this.#count++;
    const answer = new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#worker.postMessage({ id, kind, ...asked });
    return answer;
  }
}
