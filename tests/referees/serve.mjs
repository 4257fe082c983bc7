// A referee's loop: {"op":…,…} in, {"value":…} or {"error":{status,code,message}} out, one line each. A null means that nothing is said.
import { createInterface } from 'node:readline';

export const serve = async ops => {
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line, (_, value) => value ?? undefined);
    let answer;
    try {
      answer = { value: await ops[request.op](request) ?? null };
    } catch (error) {
      answer = { error: { status: error.statusCode ?? 0, code: error.code ?? error.details?.odataError?.code ?? null, message: error.message } };
    }
    process.stdout.write(JSON.stringify(answer) + '\n');
  }
};

export const names = async items => {
  const found = [];
  for await (const item of items) found.push(item.name);
  return found;
};
