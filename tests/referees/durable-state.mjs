import pb from "@microsoft/durabletask-js/dist/proto/orchestrator_service_pb.js";

const nameOf = (names, value) => Object.keys(names).find((name) => names[name] === value);

const statusOf = (instance) => nameOf(pb.OrchestrationStatus, instance.status).replace("ORCHESTRATION_STATUS_", "");

const numberOf = (event) =>
  event.getEventid() >= 0 ? event.getEventid() : undefined;

export const hasStatus = (instance, status, customStatus) =>
  (status === undefined || statusOf(instance) === status) && (customStatus === undefined || instance.customStatus === customStatus);

// An instance as the engine holds it.
export const describe = (instance) => ({
  status: statusOf(instance),
  input: instance.input,
  output: instance.output,
  customStatus: instance.customStatus,
  execution: instance.executionId,
  failureType: instance.failureDetails?.getErrortype(),
  failureMessage: instance.failureDetails?.getErrormessage(),
  history: instance.history.map((event) => ({
    kind: nameOf(pb.HistoryEvent.EventtypeCase, event.getEventtypeCase()),
    number: numberOf(event),
    at: event.getTimestamp()?.toDate().toISOString(),
    name: event.getEventraised()?.getName(),
    child: event.getSuborchestrationinstancecreated()?.getInstanceid(),
    fireAt: event.getTimercreated()?.getFireat().toDate().toISOString(),
  })),
});
