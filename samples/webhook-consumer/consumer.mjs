// A verified webhook consumer: the logic of the webhook guide's Node + Express example, on node:http so that it runs with
// nothing installed. With Express, keep verifySignature and receive, and take the raw body with
// express.raw({ type: 'application/json' }): the signature is over the bytes as they came, not over re-serialised JSON.
//
//   VOREL_WEBHOOK_SECRET=whsec_… PORT=8080 node consumer.mjs
//
// PORT=0 takes a free port. FAIL_FIRST=n answers 500 to the first n verified events, to see the retry ladder at work.
// Prints one JSON line at start, {"listening":port}, and one per request: its verdict and event id, never its body.

import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const secret = process.env.VOREL_WEBHOOK_SECRET;
if (!secret) {
  console.error('VOREL_WEBHOOK_SECRET is not set: it is the whole secret shown when the subscription was made, whsec_ included.');
  process.exit(2);
}

const maxBody = 1024 * 1024;
const seen = new Set(); // In production: a table with a unique index on the id, kept for longer than the ladder's 15 hours.
let failuresLeft = Number(process.env.FAIL_FIRST ?? 0);

function verifySignature(rawBody, header) {
  const expected = createHmac('sha256', secret).update(rawBody).digest('hex');
  // timingSafeEqual wants equal lengths; the hex digest always has 64 characters. Compared as text, because
  // Buffer.from(…, 'hex') stops silently at the first character that is no hex digit.
  if (typeof header !== 'string' || header.length !== expected.length) return false;
  const given = Buffer.from(header, 'utf8');
  return given.length === expected.length && timingSafeEqual(given, Buffer.from(expected, 'utf8'));
}

async function handleEvent(envelope) {
  if (failuresLeft > 0) {
    failuresLeft -= 1;
    throw new Error('asked to fail');
  }
  switch (envelope.event) {
    case 'lead.created':
      // await onLeadCreated(envelope.tenant_id, envelope.data);
      break;
    case 'lead.qualified':
      // await onLeadQualified(envelope.tenant_id, envelope.data);
      break;
    // … the other event types your subscription cares about
  }
}

async function receive(rawBody, header) {
  // Verify before parsing: until then these are anybody's bytes.
  if (!verifySignature(rawBody, header)) return { status: 401, verdict: 'invalid_signature' };

  let envelope;
  try {
    envelope = JSON.parse(rawBody.toString('utf8'));
  } catch {
    return { status: 400, verdict: 'invalid_json' };
  }

  const id = envelope.id;
  if (seen.has(id)) return { status: 200, verdict: 'duplicate', id };

  try {
    await handleEvent(envelope);
  } catch {
    // A 5xx is retried. Answer a 4xx only for what a retry cannot mend: it ends the delivery for good.
    return { status: 500, verdict: 'failed', id };
  }

  // Marked as seen AFTER success, unlike the guide's printed example, which marks it before: there, the retry that follows
  // this consumer's own 500 would be taken for a duplicate and the event lost. The price is that two deliveries of one
  // event at the same moment are both processed; where that matters, insert the id in the transaction of your own work.
  seen.add(id);
  return { status: 200, verdict: 'processed', id };
}

async function readBody(request) {
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > maxBody) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const server = createServer(async (request, response) => {
  let outcome;
  try {
    const rawBody = request.method === 'POST' ? await readBody(request) : undefined;
    if (rawBody === undefined) outcome = { status: 405, verdict: 'not_a_post' };
    else if (rawBody === null) outcome = { status: 413, verdict: 'too_large' };
    else outcome = await receive(rawBody, request.headers['x-webhook-signature']);
  } catch {
    outcome = { status: 400, verdict: 'broken_request' }; // The sender hung up in the middle of the body.
  }
  const { status, ...line } = outcome;
  console.log(JSON.stringify({ ...line, status }));
  response.writeHead(status, { 'Content-Type': 'text/plain' }).end(outcome.verdict);
});

server.listen(Number(process.env.PORT ?? 8080), process.env.HOST ?? '127.0.0.1', () => {
  console.log(JSON.stringify({ listening: server.address().port }));
});

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    server.close(() => process.exit(0));
    server.closeAllConnections();
  });
}
