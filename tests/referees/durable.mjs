// Runs the in-memory engine of @microsoft/durabletask-js over a worker that is on the other end of the pipe, and does to its
// instances what the lines on standard input ask for. Every line is one JSON document; what each may be is below.
import { createInterface } from "node:readline";
import durabletask from "@microsoft/durabletask-js";
import { fly } from "./durable-clock.mjs";
import { Pipe } from "./durable-pipe.mjs";
import { describe, hasStatus } from "./durable-state.mjs";
import { RemoteWorker } from "./durable-worker.mjs";

const pipe = new Pipe(process.stdout);
const backend = new durabletask.InMemoryOrchestrationBackend();
const worker = new RemoteWorker(backend, pipe);

// {"ask": n, "do": one of these, …} is answered with {"reply": n, "state": …} or {"reply": n, "error": "…"}.
const commands = {
  start: ({ id, name, input }) => backend.createInstance(id, name, input),
  raise: ({ id, name, input }) => backend.raiseEvent(id, name, input),
  suspend: ({ id }) => backend.suspend(id),
  resume: ({ id }) => backend.resume(id),
  terminate: ({ id, reason }) => backend.terminate(id, reason),
  lose: ({ name }) => worker.mishaps.lose(name),
  double: () => worker.mishaps.doubleEnds(),
  state: () => {},
  fly,
  until: ({ id, status, customStatus }) =>
    backend.waitForState(id, (instance) => hasStatus(instance, status, customStatus), 0),
};

async function obey(command) {
  try {
    await commands[command.do](command);
    pipe.send({ reply: command.ask, state: command.id && describe(backend.getInstance(command.id)) });
  } catch (error) {
    pipe.send({ reply: command.ask, error: error.message });
  }
}

await worker.start();
for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (message.ask === undefined) {
    pipe.receive(message);
  } else {
    obey(message);
  }
}

process.exit(0);
