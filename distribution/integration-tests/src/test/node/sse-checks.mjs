// SPDX-License-Identifier: Apache-2.0
// GraphQL over server-sent events, one operation to a connection, seen as bytes. Each check is [name, function that throws].
import assert from 'node:assert/strict';
import http from 'node:http';

const DOMAIN = 'ethical-scoring';
const EVENTS = 'text/event-stream';

export function within(promise, problem, milliseconds = 30_000) {
  let timer;
  return Promise.race([
    promise,
    new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(`${problem} within ${milliseconds} ms`)), milliseconds))),
  ]).finally(() => clearTimeout(timer));
}

/** A response that is read as it comes, on a connection of its own; nothing is decoded but the chunks. */
export class Stream {
  #text = '';
  #wake = () => {};

  static async open(url, { method = 'POST', body, headers = {} } = {}) {
    const request = http.request(url, { method, agent: false, headers });
    const stream = new Stream(request);
    request.end(body);
    await within(stream.answered, 'no response');
    return stream;
  }

  constructor(request) {
    this.request = request;
    this.over = new Promise((resolve) => (this.end = resolve));
    this.answered = new Promise((resolve, reject) => {
      request.once('error', (e) => {
        this.end(e.code ?? e.message);
        reject(e);
      });
      request.once('response', (response) => {
        this.status = response.statusCode;
        this.headers = response.headers;
        response.setEncoding('utf8');
        response.on('data', (data) => {
          this.#text += data;
          this.#wake();
        });
        response.on('error', () => {});
        response.on('close', () => {
          this.end(response.complete ? 'ended' : 'broken off');
          this.#wake();
        });
        resolve();
      });
    });
  }

  /** The next block of lines, up to an empty line: an event or a comment. */
  async block() {
    for (;;) {
      const end = this.#text.indexOf('\n\n');
      if (end >= 0) {
        const block = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 2);
        return block;
      }
      const grown = new Promise((resolve) => (this.#wake = () => resolve('grown')));
      const first = await within(Promise.race([grown, this.over]), 'nothing came');
      if (first !== 'grown' && this.#text.indexOf('\n\n') < 0) throw new Error(`the stream ${first} after ${JSON.stringify(this.#text)}`);
    }
  }

  /** The next event, its data parsed. */
  async event() {
    let block;
    do block = await this.block();
    while (block.startsWith(':'));
    const fields = {};
    for (const line of block.split('\n')) {
      const colon = line.indexOf(':');
      const name = line.slice(0, colon);
      assert.ok(['event', 'data', 'id'].includes(name) && !(name in fields), `a line of an event: ${line}`);
      fields[name] = line.slice(colon + 1).replace(/^ /, '');
    }
    if (fields.data) fields.data = JSON.parse(fields.data);
    return fields;
  }

  /** Everything, to the end. */
  async rest() {
    await within(this.over, 'no end');
    const text = this.#text;
    this.#text = '';
    return text;
  }

  abort() {
    this.request.destroy();
  }
}

export function sseChecks(url, token) {
  const signedIn = { authorization: `Bearer ${token}` };
  const json = { 'content-type': 'application/json' };
  const post = (body, headers = {}) =>
    Stream.open(url, {
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { ...signedIn, ...json, accept: EVENTS, ...headers },
    });
  const get = (parameters, headers = {}) => {
    const to = new URL(url);
    for (const [name, value] of Object.entries(parameters)) to.searchParams.set(name, value);
    return Stream.open(to, { method: 'GET', headers: { ...signedIn, accept: EVENTS, ...headers } });
  };
  const typeName = { query: '{ __typename }' };
  const watch = { query: `subscription { domainStatusChanged(domainId: "${DOMAIN}") }` };
  const mutation = { query: `mutation { scheduleTask(input: { domainId: "${DOMAIN}", type: COMPUTATION }) { id } }` };
  const complete = { event: 'complete', data: '' };

  async function endsWith(stream, last) {
    assert.deepEqual(await stream.event(), last);
    assert.equal(await stream.rest(), '');
    assert.equal(await stream.over, 'ended');
  }
  // Opened now, read last: the pause before a second comment is spent on other checks.
  const quiet = post({ query: 'subscription { schemaChanged { generation } }' });
  quiet.catch(() => {});

  return [
    ['a query by POST or GET is one event and its end', async () => {
      for (const stream of [await post(typeName), await get(typeName)]) {
        assert.equal(stream.status, 200);
        assert.match(stream.headers['content-type'], /^text\/event-stream; ?charset=utf-8$/i);
        assert.equal(stream.headers['cache-control'], 'no-store');
        assert.equal(stream.headers['x-accel-buffering'], 'no');
        assert.match(stream.headers.vary, /accept/i);
        assert.ok(stream.headers['x-request-id']);
        assert.equal(stream.headers['content-length'], undefined);
        assert.deepEqual(await stream.event(), { event: 'next', data: { data: { __typename: 'Query' } } });
        await endsWith(stream, complete);
      }
    }],
    ['a mutation by POST is one event and its end', async () => {
      const stream = await post(mutation);
      const answer = await stream.event();
      assert.equal(answer.event, 'next');
      assert.ok(answer.data.data.scheduleTask.id, JSON.stringify(answer.data));
      await endsWith(stream, complete);
    }],
    ['a mutation by GET is 405', async () => {
      const stream = await get(mutation);
      assert.equal(stream.status, 405);
      assert.equal(stream.headers.allow, 'POST');
      assert.match(stream.headers['content-type'], /json/);
    }],
    ['a task is watched from its admission to its end, by GET', async () => {
      const admitted = await (await post(mutation)).event();
      const stream = await get({
        query: 'subscription Watch($id: ID!) { taskUpdated(taskId: $id) { status } }',
        operationName: 'Watch',
        variables: JSON.stringify({ id: admitted.data.data.scheduleTask.id }),
      });
      let last;
      for (let event = await stream.event(); event.event !== 'complete'; event = await stream.event()) {
        assert.equal(event.data.errors, undefined, JSON.stringify(event.data));
        last = event.data.data.taskUpdated.status;
      }
      assert.equal(last, 'COMPLETED');
      assert.equal(await stream.rest(), '');
    }],
    ['a state is told at once, and a client may leave at any time', async () => {
      for (let i = 0; i < 50; i++) {
        const stream = await post(watch);
        const first = await stream.event();
        assert.equal(first.event, 'next');
        assert.match(first.data.data.domainStatusChanged, /^[A-Z]+$/);
        stream.abort();
        await stream.over;
      }
      await endsWith(await skip(await post(typeName), 1), complete);
    }],
    ['what is refused before it runs is an event, too', async () => {
      const refused = [
        [{ query: '{ noSuchField }' }, 'GRAPHQL_VALIDATION_FAILED'],
        [{ query: 'subscription { noSuchField }' }, 'GRAPHQL_VALIDATION_FAILED'],
        [{ query: '{' }, 'GRAPHQL_PARSE_FAILED'],
        [{ query: 'query A { __typename } query B { __typename }' }, 'BAD_USER_INPUT'],
        [{ query: 'subscription($id: ID!) { taskUpdated(taskId: $id) { id } }' }, 'BAD_USER_INPUT'],
        [{ query: `{ ${'domains { name } '.repeat(21)} }` }, null],
      ];
      for (const [body, code] of refused) {
        for (const stream of [await post(body), await get(body)]) {
          assert.equal(stream.status, 200, body.query);
          const { event, data } = await stream.event();
          assert.equal(event, 'next');
          if (code) {
            assert.ok(!('data' in data), JSON.stringify(data));
            assert.equal(data.errors[0].extensions.code, code, JSON.stringify(data));
            assert.equal(data.errors[0].extensions.requestId, stream.headers['x-request-id']);
          }
          await endsWith(stream, complete);
        }
      }
    }],
    ['an unknown task is told as a failure, then the end', async () => {
      const stream = await post({ query: 'subscription { taskUpdated(taskId: "none") { id } }' });
      const { data } = await stream.event();
      assert.equal(data.errors[0].extensions.code, 'NOT_FOUND', JSON.stringify(data));
      await endsWith(stream, complete);
    }],
    ['what is no request has a status', async () => {
      const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
      for (const [opening, status] of [
        [post('{'), 400],
        [post([typeName]), 400],
        [post({}), 400],
        [get({}), 400],
        [post('query={__typename}', { 'content-type': 'text/plain' }), 415],
        [post(typeName, { 'content-encoding': 'gzip' }), 415],
        [post('x'.repeat(300 * 1024)), 413],
        [post(typeName, { authorization: '' }), 401],
        [post(typeName, { authorization: `Bearer ${token}x` }), 401],
        [post(typeName, foreign), 403],
      ]) {
        const stream = await opening;
        assert.equal(stream.status, status);
        const { errors } = JSON.parse(await stream.rest());
        assert.equal(typeof errors[0].extensions.code, 'string');
      }
    }],
    ['media types that are not served are 406, others are as the client prefers', async () => {
      for (const accept of ['text/html', 'text/event-stream;q=0', 'text/plain, image/*', 'text/event-stream;charset=utf-16']) {
        assert.equal((await post(typeName, { accept })).status, 406, accept);
      }
      for (const [accept, type] of [
        ['text/event-stream, application/json;q=0.5', EVENTS],
        ['text/event-stream;q=0.5, application/json', 'application/json'],
        ['application/graphql-response+json, text/event-stream', 'application/graphql-response+json'],
        ['text/*', EVENTS],
        ['*/*', 'application/json'],
      ]) {
        const stream = await post(typeName, { accept });
        assert.equal(stream.headers['content-type'].split(';')[0], type, accept);
        stream.abort();
      }
    }],
    ['events are never compressed', async () => {
      const stream = await post(
        { query: '{ __schema { types { name fields { name } } } }' },
        { 'accept-encoding': 'gzip, deflate, br' },
      );
      assert.equal(stream.headers['content-encoding'], undefined);
      const { data } = await stream.event();
      assert.ok(data.data.__schema.types.length > 100);
      await endsWith(stream, complete);
    }],
    ['HEAD has the head alone', async () => {
      const to = new URL(url);
      to.searchParams.set('query', watch.query);
      const stream = await Stream.open(to, { method: 'HEAD', headers: { ...signedIn, accept: EVENTS } });
      assert.equal(stream.status, 200);
      assert.equal(await stream.rest(), '');
    }],
    ['comments keep a quiet stream alive', async () => {
      const stream = await quiet;
      let comments = 0;
      for (let events = 0; comments < 2; ) {
        const block = await stream.block();
        if (/^:/.test(block)) comments++;
        else assert.ok(++events < 50, block);
      }
      stream.abort();
    }],
  ];
}

async function skip(stream, events) {
  for (let i = 0; i < events; i++) await stream.event();
  return stream;
}
