// SPDX-License-Identifier: Apache-2.0
// The bundle of the endpoint is stopped, and updated, while streams of every protocol are open:
//
//   node redeploy-checks.mjs --url URL --token-file FILE --out DIR
//
// Sockets close with 1001 and nothing else, responses end without a last event, and afterwards all works again.
// Exit code: 0 all passed, 1 something failed, 2 wrong usage.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import WebSocket from 'ws';
import { Suite } from './junit.mjs';
import { Stream, within } from './sse-checks.mjs';

const { values: options } = parseArgs({
  options: Object.fromEntries(['url', 'token-file', 'out'].map((name) => [name, { type: 'string' }])),
});
for (const name of ['url', 'token-file', 'out']) {
  if (!options[name]) {
    console.error(`--${name} is missing`);
    process.exit(2);
  }
}
const { url } = options;
const token = fs.readFileSync(options['token-file'], 'utf8').trim();
const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
const watch = { query: 'subscription { domainStatusChanged(domainId: "ethical-scoring") }' };
const LIMIT = 60_000;

/** A stream of each protocol, open and with its first response. */
async function open() {
  const events = await Stream.open(url, { body: JSON.stringify(watch), headers: { ...headers, accept: 'text/event-stream' } });
  assert.equal((await events.event()).event, 'next');

  const reserved = await Stream.open(`${url}/stream`, { method: 'PUT', headers });
  const shared = { ...headers, 'x-graphql-event-stream-token': await reserved.rest() };
  const stream = await Stream.open(`${url}/stream`, { method: 'GET', headers: { ...shared, accept: 'text/event-stream' } });
  const begun = await Stream.open(`${url}/stream`, {
    body: JSON.stringify({ ...watch, extensions: { operationId: '1' } }),
    headers: shared,
  });
  assert.equal(begun.status, 202);
  assert.equal((await stream.event()).data.id, '1');

  const parts = await Stream.open(url, {
    body: JSON.stringify(watch),
    headers: { ...headers, accept: 'multipart/mixed;subscriptionSpec=1.0' },
  });
  assert.equal(parts.status, 200);

  const socket = new WebSocket(url.replace(/^http/, 'ws'), 'graphql-transport-ws');
  const frames = [];
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await within(
    new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.once('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { token } })));
      socket.on('message', (data) => {
        const frame = JSON.parse(data.toString());
        if (frame.type === 'connection_ack') socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: watch }));
        else if (frame.type === 'next') resolve();
        frames.push(frame.type);
      });
    }),
    'no first response',
  );
  return { responses: { events, stream, parts }, frames, closed };
}

async function ends({ responses, frames, closed }) {
  assert.equal(await within(closed, 'the socket did not close', LIMIT), 1001);
  assert.deepEqual(frames, ['connection_ack', 'next']);
  for (const [name, response] of Object.entries(responses)) {
    await within(response.over, `${name} did not end`, LIMIT);
    assert.doesNotMatch(await response.rest(), /complete|--graphql--/, name);
  }
}

/** Asks the web console for a change of the bundle; its credentials are those of a browser. */
async function bundle(action) {
  const { origin } = new URL(url);
  const answer = await Stream.open(`${origin}/system/console/bundles/org.spicetime.runtime.graphql`, {
    body: `action=${action}`,
    headers: {
      authorization: `Basic ${Buffer.from(`admin:${token}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
      origin,
    },
  });
  const text = await answer.rest();
  assert.equal(answer.status, 200, text);
}

/** Polls: nothing tells when a bundle is there again. */
async function until(what, condition) {
  const end = performance.now() + LIMIT;
  while (!(await condition().catch(() => false))) {
    if (performance.now() > end) throw new Error(`${what}: not within ${LIMIT} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
const works = async () => {
  const answer = await Stream.open(url, { body: '{"query":"{ __typename }"}', headers });
  return (await answer.rest()) === '{"data":{"__typename":"Query"}}';
};
const absent = async () => (await Stream.open(url, { body: '{"query":"{ __typename }"}', headers })).status === 404;

const suite = new Suite('graphql-redeployed');
await suite.run('a bundle that stops ends its streams so that clients connect again', async () => {
  const streams = await open();
  try {
    await bundle('stop');
    await ends(streams);
    await until('the endpoint is gone', absent);
  } finally {
    await bundle('start');
    await until('the endpoint is there', works);
  }
});
await suite.run('a bundle that is updated does so too, and all is as before', async () => {
  const streams = await open();
  await bundle('update');
  await ends(streams);
  await until('the endpoint is there', works);
  for (const response of Object.values((await open()).responses)) response.abort();
});
suite.write(options.out);
process.exit(suite.failed === 0 ? 0 : 1);
