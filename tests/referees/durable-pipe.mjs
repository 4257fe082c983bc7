// Questions to the worker and its answers: {"question": n, "kind": "turn" | "activity", …} is answered with {"answer": n, "result": …}
// or {"answer": n, "error": "…"}.
export class Pipe {
  #output;
  #waiting = new Map();
  #next = 1;

  constructor(output) {
    this.#output = output;
  }

  send(message) {
    this.#output.write(JSON.stringify(message) + "\n");
  }

  ask(question) {
    const number = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      this.send({ question: number, ...question });
    });
  }

  receive({ answer, result, error }) {
    const { resolve, reject } = this.#waiting.get(answer);
    this.#waiting.delete(answer);
    error === undefined ? resolve(result) : reject(new Error(error));
  }
}
