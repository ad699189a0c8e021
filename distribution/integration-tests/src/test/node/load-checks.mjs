// SPDX-License-Identifier: Apache-2.0
// What many clients, slow clients and hostile clients do to the others, and to the host:
//
//   node load-checks.mjs --url URL --token-file FILE --out DIR --pid PID --jcmd PATH [--long true]
//
// The host must be used by nobody else. Figures are printed; what is asserted does not depend on the speed of the machine.
// Exit code: 0 all passed, 1 something failed, 2 wrong usage.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { parseArgs } from 'node:util';
import WebSocket from 'ws';
import { Suite } from './junit.mjs';

const { values: options } = parseArgs({
  options: Object.fromEntries(['url', 'token-file', 'out', 'pid', 'jcmd', 'long'].map((name) => [name, { type: 'string' }])),
});
for (const name of ['url', 'token-file', 'out', 'pid', 'jcmd']) {
  if (!options[name]) {
    console.error(`--${name} is missing`);
    process.exit(2);
  }
}
const { url } = options;
const long = options.long === 'true';
const { hostname, port } = new URL(url);
const authorization = `Bearer ${fs.readFileSync(options['token-file'], 'utf8').trim()}`;
const DOMAIN = 'load';
const LIMIT = 60_000;
const WATCH = `subscription Watch { domainStatusChanged(domainId: "${DOMAIN}") }`;

/* ---- What every part uses ---- */

async function until(what, condition) {
  const end = performance.now() + LIMIT;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`${what}: not within ${LIMIT} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Status and body of the answer to any body. */
async function post(body, headers = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
    body,
    duplex: 'half',
  });
  return { status: response.status, body: await response.json() };
}

async function ask(query) {
  const { status, body } = await post(JSON.stringify({ query }));
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(body.errors, undefined, JSON.stringify(body));
  return body.data;
}

let state = 'RUNNING';

/** The domain changes to the other state. */
async function change() {
  const [field, next] = state === 'RUNNING' ? ['pauseDomain', 'PAUSED'] : ['resumeDomain', 'RUNNING'];
  const data = await ask(`mutation { ${field}(domainId: "${DOMAIN}") { status } }`);
  assert.equal(data[field].status, next);
  state = next;
}

/** A socket that is acknowledged. */
function connect(settings = {}) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url.replace(/^http/, 'ws'), 'graphql-transport-ws', { headers: { authorization }, ...settings });
    socket.on('error', reject);
    socket.on('open', () => socket.send('{"type":"connection_init"}'));
    socket.once('message', () => resolve(socket));
  });
}

function subscribe(socket, id, query) {
  socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query } }));
}

/** Heap in use after a collection, in KiB. */
function heap() {
  execFileSync(options.jcmd, [options.pid, 'GC.run']);
  const info = execFileSync(options.jcmd, [options.pid, 'GC.heap_info'], { encoding: 'utf8' });
  const used = [...info.matchAll(/^(?!.*(?:Metaspace|class space)).*\bused (\d+)K/gm)].map((match) => Number(match[1]));
  assert.ok(used.length > 0, info);
  return used.reduce((sum, one) => sum + one, 0);
}

function held() {
  return {
    files: fs.readdirSync(`/proc/${options.pid}/fd`).length,
    threads: threads(),
  };
}

/** The pool of the web server grows and shrinks with the load of the moment, so its threads do not count. */
function threads() {
  return fs.readdirSync(`/proc/${options.pid}/task`).filter((id) => {
    try {
      return !fs.readFileSync(`/proc/${options.pid}/task/${id}/comm`, 'utf8').startsWith('qtp');
    } catch {
      return false; // It has ended since.
    }
  }).length;
}

/** A value of which the part p is not above. */
function quantile(values, p) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))];
}

function told(values) {
  return `p50 ${quantile(values, 0.5).toFixed(1)} ms, p99 ${quantile(values, 0.99).toFixed(1)} ms, of ${values.length}`;
}

const suite = new Suite('graphql-load');

/* ---- Hostile documents ---- */

const directives = Array.from({ length: 10_000 }, () => '@include(if: true)').join(' ');
const chain = (n) => `{ domains { ...F0 } } ${Array.from({ length: n }, (_, i) => `fragment F${i} on DomainRuntime { ...F${i + 1} ...F${i + 1} }`).join(' ')} fragment F${n} on DomainRuntime { id }`;
const query = (text) => () => JSON.stringify({ query: text });

/** A body of 100 MiB, made while it is sent. */
function* endless() {
  const piece = Buffer.alloc(1 << 20, ' ');
  for (let i = 0; i < 100; i++) yield piece;
}

function drainedOrClosed(request) {
  return new Promise((resolve) => {
    const go = () => {
      request.off('drain', go).off('close', go);
      resolve();
    };
    request.on('drain', go).on('close', go);
  });
}

/** Posts a body that is too large; the host need not read it, so the connection may break while it is sent. */
function postHuge() {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method: 'POST', headers: { authorization, 'content-type': 'application/json' } }, (response) => {
      response.resume();
      resolve(response.statusCode);
      request.destroy();
    });
    request.on('error', reject);
    (async () => {
      for (const piece of endless()) {
        if (request.destroyed) return;
        if (!request.write(piece)) await drainedOrClosed(request);
      }
      request.end();
    })();
  });
}

const HOSTILE = [
  ['5 000 levels', query(`${'{ a '.repeat(5000)}${'}'.repeat(5000)}`), 400, 'QUERY_TOO_COMPLEX'],
  ['10 000 aliases', query(`{ ${Array.from({ length: 10_000 }, (_, i) => `a${i}: __typename`).join(' ')} }`), 400, 'QUERY_TOO_COMPLEX'],
  ['fragments that double', query(chain(40)), 400, 'QUERY_TOO_COMPLEX'],
  ['200 fragments', query(chain(200)), 400, 'QUERY_TOO_COMPLEX'],
  ['a circle of fragments', query('{ domains { ...A } } fragment A on DomainRuntime { ...B } fragment B on DomainRuntime { ...A }'), 400, 'GRAPHQL_VALIDATION_FAILED'],
  ['10 000 directives', query(`{ __typename ${directives} }`), 400, 'QUERY_TOO_COMPLEX'],
  ['a batch of 1 000', () => JSON.stringify(Array.from({ length: 1000 }, () => ({ query: '{ __typename }' }))), 400, 'BAD_USER_INPUT'],
  ['JSON 100 000 deep', () => `{"query":"{ __typename }","variables":{"a":${'['.repeat(100_000)}}}`, 400, 'BAD_USER_INPUT'],
  ['bytes that are no text', () => Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), 400, 'BAD_USER_INPUT'],
  ['variables of 1 MiB', () => JSON.stringify({ query: '{ __typename }', variables: { a: 'x'.repeat(1 << 20) } }), 413, undefined],
];

/** Sockets that send half a body and wait. */
function halfBodies(count) {
  return Array.from({ length: count }, () => {
    const socket = net.connect(Number(port), hostname);
    socket.on('error', () => {});
    socket.write(`POST /graphql HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: ${authorization}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"query`);
    return socket;
  });
}

async function hostile(rounds, refused) {
  for (let round = 0; round < rounds; round++) {
    for (const [name, body, status, code] of HOSTILE) {
      const answer = await post(body());
      assert.equal(answer.status, status, `${name}: ${JSON.stringify(answer.body).slice(0, 300)}`);
      const codes = answer.body.errors.map((error) => error.extensions.code);
      if (code) assert.ok(codes.includes(code), `${name}: ${codes}`);
      assert.equal(answer.body.data, undefined, name);
      refused.count++;
    }
    const status = await postHuge().catch((e) => e.code);
    // The host closes a connection on which it does not want to read on; the client may notice before the answer.
    assert.ok([413, 'EPIPE', 'ECONNRESET'].includes(status), `100 MiB: ${status}`);
    refused.count++;
  }
}

/** One who queries, changes and watches until the others are done; answers how long each took. */
async function normal(over) {
  const times = { query: [], event: [] };
  const socket = await connect();
  let seen;
  let other = 0;
  const ends = [];
  socket.on('close', (code) => ends.push(`closed ${code}`));
  socket.on('message', (text) => {
    const frame = JSON.parse(text);
    if (frame.type === 'next') {
      if (frame.payload.errors) ends.push(JSON.stringify(frame.payload.errors));
      seen = frame.payload.data?.domainStatusChanged;
    } else if (frame.type === 'ping') socket.send('{"type":"pong"}');
    else other++;
  });
  subscribe(socket, 'watch', WATCH);
  while (!over() || times.event.length < 20) {
    let began = performance.now();
    await ask('{ domains { id status } }');
    times.query.push(performance.now() - began);
    began = performance.now();
    await change();
    await until('the event', () => seen === state || ends.length > 0);
    times.event.push(performance.now() - began);
    assert.deepEqual(ends, []);
  }
  assert.equal(other, 0);
  socket.removeAllListeners('close');
  socket.close();
  return times;
}

async function hostileBesideNormal() {
  const alone = await normal(() => true);
  let working = true;
  const refused = { count: 0 };
  const halves = halfBodies(60);
  const attack = Promise.all(Array.from({ length: 4 }, () => hostile(long ? 20 : 2, refused))).finally(() => (working = false));
  const [beside, attacked] = await Promise.allSettled([normal(() => !working), attack]);
  halves.forEach((socket) => socket.destroy());
  for (const { reason } of [beside, attacked]) if (reason) throw reason;
  console.log(`      alone: queries ${told(alone.query)}; changes seen ${told(alone.event)}`);
  console.log(`      beside ${refused.count} hostile requests and 60 half bodies: queries ${told(beside.value.query)}; changes seen ${told(beside.value.event)}`);
}

/* ---- Many streams, ten of them with readers that do not read ---- */

const FAST = 10;
const SLOW = 10;
const PER_SOCKET = long ? 100 : 30;

/** A socket with streams whose newest event counts. */
async function fastReader(name) {
  const socket = await connect();
  const newest = new Map();
  const ends = [];
  socket.on('message', (text) => {
    const frame = JSON.parse(text);
    if (frame.type === 'ping') return socket.send('{"type":"pong"}');
    if (frame.type !== 'next' || frame.payload.errors) ends.push(String(text));
    else newest.set(frame.id, { state: frame.payload.data.domainStatusChanged, at: performance.now() });
  });
  socket.on('close', (code) => ends.push(`${name} closed ${code}`));
  for (let i = 0; i < PER_SOCKET; i++) subscribe(socket, String(i), WATCH);
  return { socket, newest, ends };
}

/** A socket that asks for some ten megabytes and does not read them. */
async function slowReader() {
  const socket = await connect({ perMessageDeflate: false });
  const reader = { socket, frames: 0, code: undefined };
  socket.on('message', () => reader.frames++);
  socket.on('close', (code) => (reader.code = code));
  socket.on('error', () => {});
  socket._socket.pause();
  for (let i = 0; i < 100; i++) subscribe(socket, String(i), 'subscription { schemaChanged { sdl } }');
  return reader;
}

async function manyStreams() {
  const before = heap();
  const slow = await Promise.all(Array.from({ length: SLOW }, slowReader));
  const fast = await Promise.all(Array.from({ length: FAST }, (_, i) => fastReader(`fast ${i}`)));
  const all = (wanted) => fast.every(({ newest, ends }) => ends.length > 0 || (newest.size === PER_SOCKET && [...newest.values()].every((one) => one.state === wanted)));
  await until('the first states', () => all(state));
  const deliveries = [];
  for (let i = 0; i < (long ? 100 : 20); i++) {
    const began = performance.now();
    await change();
    await until('every stream sees the change', () => all(state));
    for (const { newest, ends } of fast) {
      assert.deepEqual(ends, []);
      for (const one of newest.values()) deliveries.push(one.at - began);
    }
  }
  const during = heap();
  for (const one of slow) assert.equal(one.frames, 0, 'a slow reader has read');
  console.log(`      ${FAST * PER_SOCKET} streams beside ${SLOW} sockets that read nothing: a change is seen after ${told(deliveries)}`);
  if (long) {
    // The host closes with 1013 what was stuck for 30 s, and breaks the connection when that is stuck as well.
    await new Promise((resolve) => setTimeout(resolve, 45_000));
    for (const one of slow) one.socket._socket.resume();
    await until('the slow ones are closed', () => slow.every((one) => one.code !== undefined));
    for (const one of slow) assert.ok([1013, 1006].includes(one.code), `closed with ${one.code}`);
    console.log(`      the slow ones were closed with ${[...new Set(slow.map((one) => one.code))]}, after ${slow.map((one) => one.frames)} frames`);
    for (const { ends } of fast) assert.deepEqual(ends, []);
  }
  for (const { socket } of fast) socket.removeAllListeners('close').terminate();
  for (const { socket } of slow) socket.terminate();
  let after;
  await until('the memory of the streams is free', () => (after = heap()) < before + 16 * 1024);
  console.log(`      heap in KiB: ${before} before, ${during} with the streams, ${after} after`);
  // The slow ones asked for 1 000 copies of the schema; one rendering serves them all.
  assert.ok(during - before < 96 * 1024, `${during - before} KiB`);
}

/* ---- Open, subscribe, drop ---- */

async function dropSocket() {
  const socket = await connect();
  await new Promise((resolve, reject) => {
    socket.on('close', (code) => reject(new Error(`closed ${code}`)));
    socket.on('message', (text) => (text.includes('"next"') ? resolve() : reject(new Error(String(text)))));
    subscribe(socket, 'one', WATCH);
  });
  socket.removeAllListeners('close');
  socket.terminate();
}

function dropEvents() {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method: 'POST', headers: { authorization, 'content-type': 'application/json', accept: 'text/event-stream' } }, (response) => {
      response.on('data', (bytes) => {
        if (!bytes.includes('event: next')) return;
        resolve();
        request.destroy();
      });
      response.on('error', () => {});
      if (response.statusCode !== 200) reject(new Error(`status ${response.statusCode}`));
    });
    request.on('error', reject);
    request.end(JSON.stringify({ query: WATCH }));
  });
}

async function drops(count) {
  let left = count;
  const workers = Array.from({ length: 8 }, async () => {
    while (left-- > 0) await (left % 2 ? dropSocket() : dropEvents());
  });
  await Promise.all(workers);
}

async function droppedClients() {
  // What is made once (threads of pools, caches) is there afterwards.
  await drops(50);
  await until('the first ones are gone', () => held().files < 1000);
  const before = { heap: heap(), ...held() };
  await drops(long ? 1000 : 200);
  let after;
  await until('files and threads are given back', () => {
    after = held();
    return after.files <= before.files + 4 && after.threads <= before.threads + 4;
  });
  await until('memory is given back', () => (after.heap = heap()) < before.heap + 4 * 1024);
  console.log(`      before ${JSON.stringify(before)}, after ${JSON.stringify(after)}`);
}

try {
  await ask(`mutation { createDomain(input: {id: "${DOMAIN}"}) { id } }`);
  await suite.run('hostile requests are refused, and a normal client sees no change', hostileBesideNormal);
  await suite.run('readers that do not read hold up nobody', manyStreams);
  await suite.run('clients that open, subscribe and drop leave nothing behind', droppedClients);
} finally {
  await ask(`mutation { deleteDomain(domainId: "${DOMAIN}", force: true) { domainId } }`).catch((e) => console.error(e));
  suite.write(options.out);
}
console.log(`${suite.name}: ${suite.passed} passed, ${suite.failed} failed`);
process.exit(suite.failed === 0 ? 0 : 1);
