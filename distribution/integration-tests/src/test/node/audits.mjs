// SPDX-License-Identifier: Apache-2.0
// Conformance of a running endpoint:
//
//   node audits.mjs --url http://127.0.0.1:8080/graphql --token-file DIR/secrets/admin.token --out target/extra-results
//
// Writes one JUnit XML report for each suite: the audits of graphql-http, our own checks of HTTP, server-sent events
// seen as bytes, and WebSocket seen by graphql-ws and by raw frames. Exit code: 0 all passed, 1 something failed, 2 wrong usage.
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { serverAudits } from 'graphql-http';
import { httpChecks } from './http-checks.mjs';
import { Suite } from './junit.mjs';
import { multipartChecks } from './multipart-checks.mjs';
import { resumeChecks } from './resume-checks.mjs';
import { sharedStreamChecks } from './shared-stream-checks.mjs';
import { socketChecks } from './socket-checks.mjs';
import { sseChecks } from './sse-checks.mjs';

function usage(problem) {
  console.error(`${problem}\nusage: node audits.mjs --url URL --token-file FILE --out DIR`);
  process.exit(2);
}

let options;
try {
  options = parseArgs({
    options: { url: { type: 'string' }, 'token-file': { type: 'string' }, out: { type: 'string' } },
  }).values;
} catch (e) {
  usage(e.message);
}
if (!options.url || !options['token-file'] || !options.out) usage('an option is missing');
let token;
try {
  token = fs.readFileSync(options['token-file'], 'utf8').trim();
} catch (e) {
  usage(`cannot read the token: ${e.message}`);
}

const { url } = options;
const authorized = (to, init = {}) => {
  const headers = new Headers(init.headers);
  if (!headers.has('authorization')) headers.set('authorization', `Bearer ${token}`);
  return fetch(to, { ...init, headers, redirect: 'manual', signal: AbortSignal.timeout(20_000) });
};

const eventChecks = sseChecks(url, token);

// One by one: the audits' own runner sends all at once and gives up on the first broken connection.
const audits = new Suite('graphql-over-http');
for (const audit of serverAudits({ url, fetchFn: authorized })) {
  await audits.run(`${audit.id} ${audit.name}`, async () => {
    const result = await audit.fn();
    if (result.response?.body && !result.response.bodyUsed) await result.response.body.cancel();
    if (result.status !== 'ok') throw new Error(result.reason);
  });
}

const http = new Suite('graphql-http-own-checks');
for (const [name, check] of httpChecks(url, token, authorized)) await http.run(name, check);

const sockets = new Suite('graphql-websocket');
for (const [name, check] of socketChecks(url, token, authorized)) await sockets.run(name, check);

const events = new Suite('graphql-sse');
for (const [name, check] of eventChecks) await events.run(name, check);

const shared = new Suite('graphql-sse-single-connection');
for (const [name, check] of sharedStreamChecks(url, token)) await shared.run(name, check);

const resumed = new Suite('graphql-sse-resumed');
for (const [name, check] of resumeChecks(url, token)) await resumed.run(name, check);

const parts = new Suite('graphql-multipart');
for (const [name, check] of multipartChecks(url, token)) await parts.run(name, check);

let failed = 0;
for (const suite of [audits, http, sockets, events, shared, resumed, parts]) {
  suite.write(options.out);
  failed += suite.failed;
  console.log(`${suite.name}: ${suite.passed} passed, ${suite.failed} failed`);
}
process.exit(failed === 0 ? 0 : 1);
