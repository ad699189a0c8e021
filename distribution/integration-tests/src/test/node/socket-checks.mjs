// SPDX-License-Identifier: Apache-2.0
// GraphQL over WebSocket, by the client of graphql-ws and by raw frames. Each check is [name, function that throws].
import assert from 'node:assert/strict';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const PROTOCOL = 'graphql-transport-ws';
const DOMAIN = 'ethical-scoring';

/** A socket whose frames can be awaited one by one. */
class Raw {
  #frames = [];
  #waiting = [];

  constructor(url, protocol = PROTOCOL, options = {}) {
    this.socket = new WebSocket(url, protocol ? [protocol] : [], options);
    this.opened = new Promise((resolve, reject) => {
      this.socket.once('open', resolve);
      this.socket.once('unexpected-response', (_, response) => {
        response.destroy();
        reject(new Error(`status ${response.statusCode}`));
      });
      this.socket.once('error', reject);
    });
    this.opened.catch(() => {});
    this.closed = new Promise((resolve) =>
      this.socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() })),
    );
    this.socket.on('message', (data) => {
      const frame = JSON.parse(data.toString());
      const waiting = this.#waiting.shift();
      if (waiting) waiting(frame);
      else this.#frames.push(frame);
    });
  }

  send(frame) {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  next() {
    const frame = this.#frames.shift();
    return frame ? Promise.resolve(frame) : within(new Promise((resolve) => this.#waiting.push(resolve)), 'no frame');
  }

  async closesWith(code) {
    const end = await within(this.closed, `no close, ${code} expected`);
    assert.equal(end.code, code, `closed with ${end.code} ${end.reason}`);
    assert.ok(Buffer.byteLength(end.reason) <= 123);
  }

  end() {
    this.socket.terminate();
  }
}

function within(promise, problem, milliseconds = 15_000) {
  let timer;
  return Promise.race([
    promise,
    new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(`${problem} within ${milliseconds} ms`)), milliseconds))),
  ]).finally(() => clearTimeout(timer));
}

export function socketChecks(url, token, authorized) {
  const socketUrl = url.replace(/^http/, 'ws');
  const init = { type: 'connection_init', payload: { token } };

  async function open(protocol, options) {
    const raw = new Raw(socketUrl, protocol, options);
    await within(raw.opened, 'not open');
    return raw;
  }
  async function ready() {
    const raw = await open();
    raw.send(init);
    assert.deepEqual(await raw.next(), { type: 'connection_ack' });
    return raw;
  }
  const client = (more = {}) =>
    createClient({ url: socketUrl, webSocketImpl: WebSocket, connectionParams: { token }, retryAttempts: 0, lazy: true, ...more });
  const closesWith = (name, code, frames, start = ready) => [
    name,
    async () => {
      const raw = await start();
      for (const frame of frames) raw.send(frame);
      await raw.closesWith(code);
    },
  ];
  const forever = { query: `subscription { domainStatusChanged(domainId: "${DOMAIN}") }` };
  const subscribe = (id, payload = forever) => ({ id, type: 'subscribe', payload });

  async function collect(iterable, limit = 1000) {
    const items = [];
    for await (const item of iterable) {
      items.push(item);
      if (items.length >= limit) break;
    }
    return items;
  }

  return [
    ['the client of graphql-ws runs a query', async () => {
      const it = client();
      try {
        assert.deepEqual(await within(collect(it.iterate({ query: '{ __typename }' })), 'no end'), [{ data: { __typename: 'Query' } }]);
      } finally {
        await it.dispose();
      }
    }],
    ['the client of graphql-ws sees a state at once and can leave', async () => {
      const it = client();
      try {
        const [first] = await within(collect(it.iterate(forever), 1), 'nothing came');
        assert.equal(first.errors, undefined, JSON.stringify(first.errors));
        assert.match(first.data.domainStatusChanged, /^[A-Z]+$/);
      } finally {
        await it.dispose();
      }
    }],
    ['a task is watched from its admission to its end', async () => {
      const response = await authorized(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          query: 'mutation($input: TaskInput!) { scheduleTask(input: $input) { id } }',
          variables: { input: { domainId: DOMAIN, type: 'COMPUTATION' } },
        }),
      });
      const body = await response.json();
      assert.equal(body.errors, undefined, JSON.stringify(body.errors));
      const it = client();
      try {
        const query =
          'subscription WatchTask($taskId: ID!) { taskUpdated(taskId: $taskId) { status metrics { duration cpuTime memoryPeak } } }';
        const states = await within(
          collect(it.iterate({ query, variables: { taskId: body.data.scheduleTask.id } })),
          'the stream did not end',
          60_000,
        );
        assert.ok(states.length >= 1);
        for (const state of states) assert.equal(state.errors, undefined, JSON.stringify(state.errors));
        assert.equal(states.at(-1).data.taskUpdated.status, 'COMPLETED');
      } finally {
        await it.dispose();
      }
    }],
    ['the Authorization header of the upgrade signs in', async () => {
      const raw = await open(PROTOCOL, { headers: { authorization: `Bearer ${token}` } });
      raw.send({ type: 'connection_init' });
      assert.deepEqual(await raw.next(), { type: 'connection_ack' });
      raw.end();
    }],
    ['a wrong token in the upgrade is 401', async () => {
      await assert.rejects(open(PROTOCOL, { headers: { authorization: `Bearer ${token}x` } }), /status 401/);
    }],
    ['a foreign Origin is 403 before the upgrade', async () => {
      for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:1']) {
        await assert.rejects(open(PROTOCOL, { headers: { origin } }), /status 403/);
      }
    }],
    ['our own Origin is accepted', async () => {
      (await open(PROTOCOL, { headers: { origin: new URL(url).origin } })).end();
    }],
    ['a ping is answered at once, also before the acknowledgement', async () => {
      const raw = await open();
      raw.send({ type: 'ping' });
      raw.send({ type: 'ping', payload: { a: [1, null, '😀'] } });
      raw.send({ type: 'pong', payload: { b: 1 } });
      assert.deepEqual(await raw.next(), { type: 'pong' });
      assert.deepEqual(await raw.next(), { type: 'pong', payload: { a: [1, null, '😀'] } });
      raw.end();
    }],
    ['a request that does not validate is an error without complete', async () => {
      const raw = await ready();
      raw.send(subscribe('1', { query: 'subscription { noSuchField }' }));
      const error = await raw.next();
      assert.equal(error.type, 'error');
      assert.equal(error.id, '1');
      assert.equal(typeof error.payload[0].message, 'string');
      raw.send({ type: 'ping' });
      assert.deepEqual(await raw.next(), { type: 'pong' });
      raw.end();
    }],
    ['an id can be used again after complete, and operations interleave', async () => {
      const raw = await ready();
      raw.send(subscribe('s'));
      assert.equal((await raw.next()).id, 's');
      for (let i = 0; i < 3; i++) {
        raw.send(subscribe('q', { query: '{ __typename }', variables: null, operationName: null, extensions: null }));
        assert.deepEqual(await raw.next(), { id: 'q', type: 'next', payload: { data: { __typename: 'Query' } } });
        assert.deepEqual(await raw.next(), { id: 'q', type: 'complete' });
      }
      raw.send({ id: 's', type: 'complete' });
      raw.send({ id: 'never', type: 'complete' });
      raw.send(subscribe('s', { query: '{ __typename }' }));
      assert.equal((await raw.next()).type, 'next');
      raw.end();
    }],
    ['the operation above a hundred is refused, the others go on', async () => {
      const raw = await ready();
      for (let i = 0; i < 100; i++) {
        raw.send(subscribe(`s${i}`));
        assert.equal((await raw.next()).type, 'next');
      }
      raw.send(subscribe('one more'));
      const refused = await raw.next();
      assert.equal(refused.type, 'error');
      assert.equal(refused.payload[0].extensions.code, 'RATE_LIMITED');
      raw.end();
    }],
    ['two hundred sockets, opened, subscribed and dropped, leave room for more', async () => {
      for (let i = 0; i < 200; i++) {
        const raw = await ready();
        raw.send(subscribe('1'));
        assert.equal((await raw.next()).type, 'next');
        if (i % 2) raw.end();
        else raw.socket.close(1000);
        await within(raw.closed, 'not closed');
      }
    }],
    closesWith('subscribing before the acknowledgement is 4401', 4401, [subscribe('1')], open),
    closesWith('a wrong token in the first message is 4403', 4403, [{ type: 'connection_init', payload: { token: `${token}x` } }], open),
    closesWith('no token is 4403', 4403, [{ type: 'connection_init' }], open),
    closesWith('no first message within three seconds is 4408', 4408, [], open),
    closesWith('two first messages are 4429', 4429, [init, init], open),
    closesWith('an id in use is 4409', 4409, [subscribe('1'), subscribe('1')]),
    closesWith('invalid JSON is 4400', 4400, ['{']),
    closesWith('an unknown type is 4400', 4400, [{ type: 'start', id: '1' }]),
    closesWith('a subscribe without id is 4400', 4400, [{ type: 'subscribe', payload: forever }]),
    closesWith('a subscribe without payload is 4400', 4400, [{ type: 'subscribe', id: '1' }]),
    closesWith('a query that is no string is 4400', 4400, [subscribe('1', { query: 7 })]),
    closesWith('a frame above 64 KiB is 1009', 1009, [{ type: 'ping', payload: { x: 'x'.repeat(10 * 1024 * 1024) } }]),
    ['a binary frame is 4400', async () => {
      const raw = await ready();
      raw.socket.send(Buffer.from('{"type":"ping"}'), { binary: true });
      await raw.closesWith(4400);
    }],
    ['no sub-protocol is 4406', async () => {
      await (await open(null)).closesWith(4406);
    }],
    ['the old sub-protocol graphql-ws is 4406', async () => {
      await (await open('graphql-ws')).closesWith(4406);
    }],
  ];
}
