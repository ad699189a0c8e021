// SPDX-License-Identifier: Apache-2.0
// GraphQL over server-sent events, many operations on one connection, seen as bytes. Each check is [name, function that throws].
import assert from 'node:assert/strict';
import { Stream } from './sse-checks.mjs';

const DOMAIN = 'ethical-scoring';
const TOKEN = 'x-graphql-event-stream-token';

export function sharedStreamChecks(url, token) {
  const to = `${url}/stream`;
  const signedIn = { authorization: `Bearer ${token}` };
  const watch = { query: `subscription { domainStatusChanged(domainId: "${DOMAIN}") }` };
  const typeName = { query: '{ __typename }' };

  async function send(method, { search = '', stream, body, headers = {} } = {}) {
    const answer = await Stream.open(to + search, {
      method,
      body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
      headers: {
        ...signedIn,
        ...(stream ? { [TOKEN]: stream } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
    });
    answer.text = await answer.rest();
    return answer;
  }
  async function reserved() {
    const answer = await send('PUT');
    assert.equal(answer.status, 201, answer.text);
    assert.match(answer.headers['content-type'], /^text\/plain/);
    assert.match(answer.text, /^[\w-]{43}$/);
    return answer.text;
  }
  const read = (stream, headers = {}) =>
    Stream.open(to, { method: 'GET', headers: { ...signedIn, [TOKEN]: stream, accept: 'text/event-stream', ...headers } });
  const begin = (stream, operationId, request, more = {}) =>
    send('POST', { stream, body: { ...request, extensions: { operationId } }, ...more });

  async function connected() {
    const stream = await reserved();
    const reader = await read(stream);
    assert.equal(reader.status, 200);
    assert.match(reader.headers['content-type'], /^text\/event-stream/);
    assert.equal(reader.headers['x-accel-buffering'], 'no');
    assert.equal(reader.headers['content-encoding'], undefined);
    return { stream, reader };
  }
  async function refused(answering, status, code) {
    const answer = await answering;
    assert.equal(answer.status, status, answer.text);
    assert.equal(JSON.parse(answer.text).errors[0].extensions.code, code, answer.text);
  }

  return [
    ['operations interleave on one stream, each with its id', async () => {
      const { stream, reader } = await connected();
      const begun = await begin(stream, 'watch', watch);
      assert.equal(begun.status, 202);
      assert.equal(begun.text, '');
      const first = await reader.event();
      assert.equal(first.event, 'next');
      assert.equal(first.data.id, 'watch');
      assert.match(first.data.payload.data.domainStatusChanged, /^[A-Z]+$/);
      for (const id of ['q', 'q', 'ü\n']) {
        assert.equal((await begin(stream, id, typeName)).status, 202);
        assert.deepEqual(await reader.event(), { event: 'next', data: { id, payload: { data: { __typename: 'Query' } } } });
        assert.deepEqual(await reader.event(), { event: 'complete', data: { id } });
      }
      reader.abort();
    }],
    ['the token may come in the URL, and operations before the reader', async () => {
      const stream = await reserved();
      assert.equal((await begin(stream, 'early', typeName)).status, 202);
      const reader = await Stream.open(`${to}?token=${stream}`, { method: 'GET', headers: { ...signedIn, accept: 'text/event-stream' } });
      assert.equal((await reader.event()).data.id, 'early');
      reader.abort();
    }],
    ['a stopped operation is silent, and its id free', async () => {
      const { stream, reader } = await connected();
      assert.equal((await begin(stream, '1', watch)).status, 202);
      assert.equal((await reader.event()).data.id, '1');
      await refused(begin(stream, '1', typeName), 409, 'CONFLICT');
      const stopped = await send('DELETE', { stream, search: '?operationId=1' });
      assert.equal(stopped.status, 200);
      assert.equal(stopped.text, '');
      assert.equal((await begin(stream, '1', typeName)).status, 202);
      assert.deepEqual((await reader.event()).data, { id: '1', payload: { data: { __typename: 'Query' } } });
      reader.abort();
    }],
    ['a query may come by GET, a mutation may not', async () => {
      const { stream, reader } = await connected();
      const search = (query) => `?query=${encodeURIComponent(query)}&extensions=${encodeURIComponent('{"operationId":"1"}')}`;
      assert.equal((await send('GET', { stream, search: search('{ __typename }') })).status, 202);
      assert.equal((await reader.event()).data.payload.data.__typename, 'Query');
      await refused(send('GET', { stream, search: search('mutation { pauseDomain(domainId: "none") { id } }') }), 405, 'BAD_USER_INPUT');
      reader.abort();
    }],
    ['what is refused has a status, never 202', async () => {
      const stream = await reserved();
      await refused(begin(stream, '1', { query: '{ noSuchField }' }), 400, 'GRAPHQL_VALIDATION_FAILED');
      await refused(begin(stream, '1', { query: '{' }), 400, 'GRAPHQL_PARSE_FAILED');
      await refused(send('POST', { stream, body: typeName }), 400, 'BAD_USER_INPUT');
      await refused(begin(stream, '', typeName), 400, 'BAD_USER_INPUT');
      await refused(begin(stream, 7, typeName), 400, 'BAD_USER_INPUT');
      await refused(begin(stream, 'x'.repeat(257), typeName), 400, 'BAD_USER_INPUT');
      await refused(send('POST', { stream, body: '{' }), 400, 'BAD_USER_INPUT');
      await refused(send('POST', { stream, body: '1', headers: { 'content-type': 'text/plain' } }), 415, 'BAD_USER_INPUT');
      await refused(send('DELETE', { stream }), 400, 'BAD_USER_INPUT');
      await refused(send('PATCH', { stream }), 405, 'BAD_USER_INPUT');
      await refused(begin(stream, '1', typeName, { headers: { accept: 'text/html' } }), 406, 'BAD_USER_INPUT');
      await refused(send('PUT', { headers: { accept: 'application/json' } }), 406, 'BAD_USER_INPUT');
    }],
    ['a stream has one reader, and a token one stream', async () => {
      const { stream, reader } = await connected();
      const second = await read(stream);
      assert.equal(second.status, 409);
      await second.rest();
      await refused(send('PUT', { stream }), 409, 'CONFLICT');
      for (const unknown of [undefined, 'unknown', `${stream}x`]) {
        await refused(begin(unknown, '1', typeName), 404, 'NOT_FOUND');
        await refused(send('DELETE', { stream: unknown, search: '?operationId=1' }), 404, 'NOT_FOUND');
        await refused(send('GET', { stream: unknown, headers: { accept: 'text/event-stream' } }), 404, 'NOT_FOUND');
      }
      reader.abort();
    }],
    ['strangers and foreign pages are refused, in the form of GraphQL', async () => {
      const stream = await reserved();
      for (const [method, more] of [
        ['PUT', {}],
        ['GET', { stream, headers: { accept: 'text/event-stream' } }],
        ['POST', { stream, body: { ...typeName, extensions: { operationId: '1' } } }],
        ['DELETE', { stream, search: '?operationId=1' }],
      ]) {
        const from = (headers) => send(method, { ...more, headers: { ...more.headers, ...headers } });
        await refused(from({ authorization: `Bearer ${token}x` }), 401, 'UNAUTHENTICATED');
        await refused(from({ authorization: '' }), 401, 'UNAUTHENTICATED');
        if (method !== 'GET') await refused(from({ origin: 'https://evil.example' }), 403, 'FORBIDDEN');
      }
    }],
    ['streams whose readers leave make room for others', async () => {
      for (let i = 0; i < 30; i++) {
        const { stream, reader } = await retried(connected);
        assert.equal((await begin(stream, '1', watch)).status, 202);
        assert.equal((await reader.event()).data.id, '1');
        reader.abort();
      }
    }],
    ['the operation above a hundred is refused, the others go on', async () => {
      const { stream, reader } = await retried(connected);
      const ids = Array.from({ length: 100 }, (_, i) => `s${i}`);
      for (const id of ids) assert.equal((await begin(stream, id, watch)).status, 202);
      await refused(begin(stream, 'one more', watch), 429, 'RATE_LIMITED');
      const seen = new Set();
      while (seen.size < ids.length) seen.add((await reader.event()).data.id);
      assert.deepEqual(seen, new Set(ids));
      reader.abort();
    }],
    ['after all this twenty streams may be open', async () => {
      const open = [];
      for (let i = 0; i < 20; i++) open.push((await retried(connected)).reader);
      await refused(send('PUT'), 429, 'RATE_LIMITED');
      for (const reader of open) reader.abort();
      for (let i = 0; i < 20; i++) await retried(reserved);
    }],
  ];
}

/* A reader that left is noticed by what is sent to it; until then its place is taken. */
async function retried(attempt) {
  for (let i = 0; ; i++) {
    try {
      return await attempt();
    } catch (e) {
      if (i >= 60 || !/RATE_LIMITED/.test(e.message)) throw e;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
