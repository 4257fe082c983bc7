import durabletask from "@microsoft/durabletask-js";
import pb from "@microsoft/durabletask-js/dist/proto/orchestrator_service_pb.js";
import events from "@microsoft/durabletask-js/dist/utils/pb-helper.util.js";
import { jump } from "./durable-clock.mjs";
import { Mishaps } from "./durable-mishaps.mjs";

const { COMPLETED, CONTINUED_AS_NEW, FAILED, SUSPENDED, TERMINATED } = Object.fromEntries(
  Object.entries(pb.OrchestrationStatus).map(([name, value]) => [name.replace("ORCHESTRATION_STATUS_", ""), value]));

const isOver = (instance) => [COMPLETED, FAILED, TERMINATED].includes(instance.status);

// What the host makes of a turn whose call did not come back.
function failedWithoutDetails() {
  const response = new pb.OrchestratorResponse();
  response.setActionsList([events.newCompleteOrchestrationAction(-1, FAILED)]);
  return response;
}

// The engine's own worker, but every turn and every activity is executed at the other end of the pipe.
export class RemoteWorker extends durabletask.TestOrchestrationWorker {
  #pipe;
  mishaps = new Mishaps();

  constructor(backend, pipe) {
    super(backend);
    this.#pipe = pipe;
  }

  async processOrchestration(instance) {
    const turn = this.mishaps.befall(instance, instance.pendingEvents);
    instance.pendingEvents = [];
    if (isOver(instance)) {
      return;
    }

    // This engine begins only an execution's first turn with it; the real ones begin every turn so.
    if (!turn[0].hasOrchestratorstarted()) {
      turn.unshift(events.newOrchestratorStartedEvent(new Date()));
    }

    const response = await this.#execute(instance, turn);

    // What came while the turn was under way belongs to the next one.
    const late = instance.pendingEvents;
    instance.pendingEvents = turn;
    this.backend.completeOrchestration(
      instance.instanceId, instance.completionToken, response.getActionsList(), response.getCustomstatus()?.getValue());

    // Events name no execution here, so a timer of the one that is over would end a step of the next.
    if (response.getActionsList().at(-1)?.getCompleteorchestration()?.getOrchestrationstatus() === CONTINUED_AS_NEW) {
      this.backend.cancelInstanceTimers(instance.instanceId);
    }

    if (late.length > 0) {
      instance.pendingEvents.push(...late);
      this.#keepSuspended(instance, late);
      this.backend.enqueueOrchestration(instance.instanceId);
    }
  }

  // The host prints bare JSON anew, on the way to an activity and back; what an activity returns is a string to it.
  async processActivity({ instanceId, name, taskId, input }) {
    try {
      const reprinted = input === undefined ? undefined : JSON.stringify(JSON.parse(input));
      const result = await this.#pipe.ask({ kind: "activity", instanceId, name, input: reprinted });
      this.backend.completeActivity(instanceId, taskId, JSON.stringify(result));
    } catch (error) {
      this.backend.completeActivity(instanceId, taskId, undefined, error);
    }
  }

  // Comes when there is nothing to do. The engine's own way spins.
  async yieldToEventLoop() {
    if (!jump()) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  // To continue as new makes an instance pending, even if it was suspended meanwhile; the engine then would not resume it.
  #keepSuspended(instance, late) {
    const last = late.findLast((event) => event.hasExecutionsuspended() || event.hasExecutionresumed());
    if (last?.hasExecutionsuspended() && !isOver(instance)) {
      instance.status = SUSPENDED;
    }
  }

  async #execute(instance, turn) {
    if (this.mishaps.loses(instance)) {
      return failedWithoutDetails();
    }

    const request = new pb.OrchestratorRequest();
    request.setInstanceid(instance.instanceId);
    request.setPasteventsList(instance.history);
    request.setNeweventsList(turn);
    const answer = await this.#pipe.ask({ kind: "turn", request: Buffer.from(request.serializeBinary()).toString("base64") });
    const bytes = Buffer.from(answer, "base64");
    const response = pb.OrchestratorResponse.deserializeBinary(bytes);

    // A field that this package's protocol does not know, or knows otherwise, is gone or changed when it is written again.
    if (Buffer.compare(bytes, Buffer.from(response.serializeBinary())) !== 0) {
      throw new Error(`The answer does not survive the published protocol: ${answer}`);
    }

    if (response.getInstanceid() !== instance.instanceId) {
      throw new Error(`The answer is of instance '${response.getInstanceid()}'.`);
    }

    return response;
  }
}
