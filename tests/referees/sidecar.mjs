// Calls a sidecar with the client of @microsoft/durabletask-js, in node over @grpc/grpc-js. Its address is the argument; with a second
// one the calls name that task hub. Every line is one JSON document: {"ask": n, "do": one of these, …} is answered with
// {"reply": n, "result": …} or {"reply": n, "error": "…", "code": the gRPC status, where the client keeps it}.
import { createInterface } from "node:readline";
import durabletask from "@microsoft/durabletask-js";
import grpc from "@grpc/grpc-js";

const { TaskHubGrpcClient, NoOpLogger, OrchestrationStatus, PurgeInstanceCriteria, EntityInstanceId } = durabletask;
const [hostAddress, hub] = process.argv.slice(2);
const client = new TaskHubGrpcClient({
  hostAddress,
  logger: new NoOpLogger(),
  metadataGenerator: hub && (async () => {
    const metadata = new grpc.Metadata();
    metadata.set("Durable-TaskHub", hub);
    return metadata;
  }),
});

const date = (text) => (text === undefined ? undefined : new Date(text));
const named = (state) => state && { ...state, runtimeStatus: OrchestrationStatus[state.runtimeStatus] };
const entity = new EntityInstanceId("counter", "one");

async function collect(pages, take) {
  const all = [];
  for await (const page of pages) {
    all.push(page.values.map(take));
  }

  return all;
}

const commands = {
  schedule: ({ name, input, options }) => client.scheduleNewOrchestration(name, input, { ...options, startAt: date(options?.startAt) }),
  state: async ({ id, payloads }) => named(await client.getOrchestrationState(id, payloads)),
  waitForStart: async ({ id, seconds }) => named(await client.waitForOrchestrationStart(id, false, seconds)),
  waitForCompletion: async ({ id, seconds }) => named(await client.waitForOrchestrationCompletion(id, true, seconds)),
  raise: ({ id, name, data }) => client.raiseOrchestrationEvent(id, name, data),
  terminate: ({ id, output }) => client.terminateOrchestration(id, output),
  terminateChildren: ({ id, output }) => client.terminateOrchestration(id, durabletask.terminateOptions({ output, recursive: true })),
  suspend: ({ id }) => client.suspendOrchestration(id),
  resume: ({ id }) => client.resumeOrchestration(id),
  rewind: ({ id }) => client.rewindInstance(id, "for a test"),
  restart: ({ id, anew }) => client.restartOrchestration(id, anew),
  purge: ({ id }) => client.purgeOrchestration(id),
  purgeWhere: ({ from, to, statuses }) => {
    const criteria = new PurgeInstanceCriteria();
    criteria.setCreatedTimeFrom(date(from));
    criteria.setCreatedTimeTo(date(to));
    criteria.setRuntimeStatusList(statuses.map((status) => OrchestrationStatus[status]));
    return client.purgeOrchestration(criteria);
  },
  list: ({ prefix, statuses, from, pageSize, payloads }) => collect(client.getAllInstances({
    instanceIdPrefix: prefix,
    statuses: statuses?.map((status) => OrchestrationStatus[status]),
    createdFrom: date(from),
    pageSize,
    fetchInputsAndOutputs: payloads,
  }).asPages(), named),
  listIds: () => client.listInstanceIds(),
  history: ({ id }) => client.getOrchestrationHistory(id),
  signalEntity: () => client.signalEntity(entity, "add", 1),
  getEntity: () => client.getEntity(entity),
  getEntities: () => collect(client.getEntities().asPages(), (one) => one),
  cleanEntities: () => client.cleanEntityStorage(),
};

async function obey(command) {
  try {
    const result = await commands[command.do](command);
    console.log(JSON.stringify({ reply: command.ask, result: result ?? null }));
  } catch (error) {
    console.log(JSON.stringify({ reply: command.ask, error: error.message, code: error.code ?? error.cause?.code }));
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  obey(JSON.parse(line));
}
