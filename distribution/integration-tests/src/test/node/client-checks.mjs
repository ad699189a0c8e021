// SPDX-License-Identifier: Apache-2.0
// The clients that people use, while a bundle comes and goes and the schema of the host with it:
//
//   node client-checks.mjs --url URL --token-file FILE --out DIR --deploy DATA/deploy --policy kit/keyedpolicy.jar
//
// Each client queries, changes and watches one domain before, during and after the deployment of the policy
// EXAMPLE_WSJF. No request may fail, no stream may end, and no client connects for its stream again: it opens one
// socket, or one response of server-sent events.
// Exit code: 0 all passed, 1 something failed, 2 wrong usage.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client/core';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { createClient as createEventClient } from 'graphql-sse';
import { createClient } from 'graphql-ws';
import { onEnd, pipe, subscribe } from 'wonka';
import WebSocket from 'ws';
import { Suite } from './junit.mjs';

const { values: options } = parseArgs({
  options: Object.fromEntries(['url', 'token-file', 'out', 'deploy', 'policy'].map((name) => [name, { type: 'string' }])),
});
for (const name of ['url', 'token-file', 'out', 'deploy', 'policy']) {
  if (!options[name]) {
    console.error(`--${name} is missing`);
    process.exit(2);
  }
}
const { url } = options;
const token = fs.readFileSync(options['token-file'], 'utf8').trim();
const headers = { authorization: `Bearer ${token}` };
const DOMAIN = 'real-clients';
const LIMIT = 60_000;

const POLICIES = '{ schedulingPolicies { policy } }';
const PAUSE = 'mutation Pause($id: ID!) { pauseDomain(domainId: $id) { id status } }';
const RESUME = 'mutation Resume($id: ID!) { resumeDomain(domainId: $id) { id status } }';
const WATCH = 'subscription Watch($id: ID!) { domainStatusChanged(domainId: $id) }';
const domain = { id: DOMAIN };

/** Polls: there is nothing that tells when a file was noticed, and a state may come before it is asked for. */
async function until(what, condition) {
  const end = performance.now() + LIMIT;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`${what}: not within ${LIMIT} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A client of graphql-ws whose sockets are counted. */
function counted(name, sockets) {
  sockets[name] = { opened: 0, closed: 0 };
  return createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { token },
    lazy: true,
    lazyCloseTimeout: LIMIT,
    retryAttempts: 0,
    on: {
      connected: () => sockets[name].opened++,
      closed: () => sockets[name].closed++,
    },
  });
}

/* Each client: run(document, variables) answers data or throws; watch(document, variables, observer); end(). */

/** A client of graphql-ws or graphql-sse as one of ours. */
function plain(name, client) {
  const start = (query, variables, observer) =>
    client.subscribe(
      { query, variables },
      {
        next: (result) => (result.errors ? observer.error(new Error(JSON.stringify(result.errors))) : observer.next(result.data)),
        error: observer.error,
        complete: observer.complete,
      },
    );
  return {
    name,
    run: (query, variables) =>
      new Promise((resolve, reject) => {
        let data;
        start(query, variables, { next: (item) => (data = item), error: reject, complete: () => resolve(data) });
      }),
    watch: start,
    end: () => client.dispose(),
  };
}

function graphqlWs(sockets) {
  return plain('graphql-ws', counted('graphql-ws', sockets));
}

/** A client of graphql-sse whose subscriptions are counted; queries have responses of their own. */
function events(name, opened) {
  opened[name] = { opened: 0, closed: 0 };
  return createEventClient({
    url,
    headers,
    retryAttempts: 0,
    fetchFn: async (to, init) => {
      const response = await fetch(to, init);
      if (!init.body?.includes('"subscription ')) return response;
      opened[name].opened++;
      return response;
    },
  });
}

function graphqlSse(sockets) {
  return plain('graphql-sse', events('graphql-sse', sockets));
}

/** graphql-sse with one response for everything. */
function graphqlSseSingle(sockets) {
  const name = 'graphql-sse-single';
  sockets[name] = { opened: 0, closed: 0 };
  return plain(
    name,
    createEventClient({
      url: `${url}/stream`,
      singleConnection: true,
      lazyCloseTimeout: LIMIT,
      headers,
      retryAttempts: 0,
      fetchFn: async (to, init) => {
        const response = await fetch(to, init);
        if ((init.method ?? 'GET') === 'GET') sockets[name].opened++;
        return response;
      },
    }),
  );
}

function apollo(name, link, end) {
  const client = new ApolloClient({
    link,
    cache: new InMemoryCache(),
    defaultOptions: { query: { fetchPolicy: 'no-cache' }, mutate: { fetchPolicy: 'no-cache' } },
  });
  return {
    name,
    run: async (text, variables) => {
      const document = gql(text);
      const mutation = document.definitions[0].operation === 'mutation';
      const result = await (mutation ? client.mutate({ mutation: document, variables }) : client.query({ query: document, variables }));
      if (result.error) throw result.error;
      return result.data;
    },
    watch: (text, variables, observer) =>
      client.subscribe({ query: gql(text), variables, fetchPolicy: 'no-cache' }).subscribe({
        next: (result) => (result.error ? observer.error(result.error) : observer.next(result.data)),
        error: observer.error,
        complete: observer.complete,
      }),
    end: async () => {
      client.stop();
      await end();
    },
  };
}

function apolloOverWebSocket(sockets) {
  const client = counted('apollo-ws', sockets);
  return apollo('apollo-ws', new GraphQLWsLink(client), () => client.dispose());
}

function apolloOverHttp() {
  const { watch, ...rest } = apollo('apollo-http', new HttpLink({ uri: url, headers }), () => {});
  return rest;
}

function urql(name, socket, opened) {
  const client = new Client({
    url,
    preferGetMethod: false,
    fetchOptions: { headers },
    fetchSubscriptions: socket === undefined,
    fetch: async (to, init) => {
      if (opened && init.body?.includes('"subscription ')) opened[name].opened++;
      return fetch(to, init);
    },
    requestPolicy: 'network-only',
    exchanges: [
      ...(socket
        ? [
            subscriptionExchange({
              forwardSubscription: (request) => ({
                subscribe: (sink) => ({ unsubscribe: socket.subscribe({ ...request, query: request.query ?? '' }, sink) }),
              }),
            }),
          ]
        : []),
      fetchExchange,
    ],
  });
  return {
    name,
    run: async (text, variables = {}) => {
      const result = await (text.startsWith('mutation') ? client.mutation(text, variables) : client.query(text, variables)).toPromise();
      if (result.error) throw result.error;
      return result.data;
    },
    watch: (text, variables, observer) =>
      pipe(
        client.subscription(text, variables),
        onEnd(observer.complete),
        subscribe((result) => (result.error ? observer.error(result.error) : observer.next(result.data))),
      ).unsubscribe,
    end: () => socket?.dispose(),
  };
}

/** urql's own server-sent events. */
function urqlAlone(opened) {
  opened['urql-fetch'] = { opened: 0, closed: 0 };
  return urql('urql-fetch', undefined, opened);
}

const suite = new Suite('graphql-clients');
const sockets = {};
const clients = [
  graphqlWs(sockets),
  graphqlSse(sockets),
  graphqlSseSingle(sockets),
  apolloOverWebSocket(sockets),
  apolloOverHttp(),
  urql('urql', counted('urql', sockets)),
  urql('urql-sse', events('urql-sse', sockets)),
  urqlAlone(sockets),
];
const states = new Map();
const problems = [];
const answered = {};
const [admin] = clients;
const deployed = path.join(options.deploy, 'real-clients.jar');

async function has(client, policy) {
  return (await client.run(POLICIES)).schedulingPolicies.some((one) => one.policy === policy);
}

/** Every client changes the domain once and back, and every stream sees each change. */
async function everyoneAtWork() {
  for (const client of clients) {
    for (const [mutation, field, state] of [[PAUSE, 'pauseDomain', 'PAUSED'], [RESUME, 'resumeDomain', 'RUNNING']]) {
      const data = await client.run(mutation, domain);
      assert.equal(data[field].status, state);
      for (const [name, seen] of states) await until(`${name} sees ${state}`, () => seen.at(-1) === state);
    }
  }
  assert.deepEqual(problems, []);
}

/** Queries of every client without a pause, as long as a change takes. */
async function during(change) {
  let over = false;
  const load = clients.map(async (client) => {
    while (!over) {
      await has(client, 'EDF');
      answered[client.name] = (answered[client.name] ?? 0) + 1;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  });
  try {
    // A client that fails ends the wait at once.
    await Promise.race([change(), Promise.all(load)]);
  } finally {
    over = true;
  }
  await Promise.all(load);
}

try {
  await suite.run('every client queries, changes and watches', async () => {
    await admin.run(`mutation { createDomain(input: {id: "${DOMAIN}"}) { id } }`);
    for (const client of clients.filter((one) => one.watch)) {
      const seen = [];
      states.set(client.name, seen);
      client.watch(WATCH, domain, {
        next: (data) => seen.push(data.domainStatusChanged),
        error: (e) => problems.push(`${client.name}: ${e.message ?? JSON.stringify(e)}`),
        complete: () => problems.push(`${client.name}: the stream ended`),
      });
      await until(`${client.name} sees the state`, () => seen.at(-1) === 'RUNNING' || problems.length > 0);
    }
    await everyoneAtWork();
  });
  await suite.run('a policy that is deployed is served to every client, and no stream notices', async () => {
    assert.equal(await has(admin, 'EXAMPLE_WSJF'), false);
    const copy = path.join(path.dirname(options.deploy), 'real-clients.jar.part');
    await during(async () => {
      fs.copyFileSync(options.policy, copy);
      fs.renameSync(copy, deployed);
      for (const client of clients) await until(`${client.name} is told of the policy`, () => has(client, 'EXAMPLE_WSJF'));
    });
    await everyoneAtWork();
  });
  await suite.run('a policy that goes is gone for every client, and no stream notices', async () => {
    await during(async () => {
      fs.rmSync(deployed);
      for (const client of clients) await until(`${client.name} sees it go`, async () => !(await has(client, 'EXAMPLE_WSJF')));
    });
    await everyoneAtWork();
  });
  await suite.run('no client had to connect again for its stream', () => {
    for (const [name, count] of Object.entries(sockets)) assert.deepEqual(count, { opened: 1, closed: 0 }, name);
    assert.deepEqual(problems, []);
  });
} finally {
  fs.rmSync(deployed, { force: true });
  await admin.run(`mutation { deleteDomain(domainId: "${DOMAIN}", force: true) { domainId } }`).catch((e) => console.error(e));
}
for (const client of clients) await client.end();
suite.write(options.out);
console.log(`${suite.name}: ${suite.passed} passed, ${suite.failed} failed`);
console.log(`queries answered while the schema changed: ${JSON.stringify(answered)}; sockets: ${JSON.stringify(sockets)}`);
process.exit(suite.failed === 0 ? 0 : 1);
