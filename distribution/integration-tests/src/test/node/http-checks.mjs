// SPDX-License-Identifier: Apache-2.0
// What the audits of graphql-http do not cover. Each check is [name, function that throws].
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import net from 'node:net';
import { gzipSync } from 'node:zlib';
import { buildClientSchema, buildSchema, getIntrospectionQuery, validateSchema } from 'graphql';

const JSON_TYPE = 'application/json';
const RESPONSE_TYPE = 'application/graphql-response+json';
const LIMIT = 256 * 1024;

/** Sends bytes as they are; answers all that comes back until the server closes or resets the connection. */
function raw(url, parts, { readFirst = true } = {}) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = net.connect(Number(port), hostname);
    let answer = '';
    socket.setTimeout(15_000, () => socket.destroy(new Error('no end within 15 s')));
    const read = () => socket.on('data', (data) => (answer += data));
    if (readFirst) read();
    socket.on('error', (e) => (['EPIPE', 'ECONNRESET'].includes(e.code) ? resolve(answer) : reject(e)));
    socket.on('close', () => resolve(answer));
    (async () => {
      for await (const part of parts) {
        if (socket.destroyed) return;
        if (!socket.write(part)) await new Promise((done) => socket.once('drain', done).once('close', done));
        // As long as the kernel takes everything, nothing else of this loop would ever let an answer in.
        await new Promise((done) => setImmediate(done));
      }
      if (!readFirst) read();
    })().catch(reject);
  });
}

export function httpChecks(url, token, authorized) {
  const post = (body, headers = {}) =>
    authorized(url, {
      method: 'POST',
      headers: { 'content-type': JSON_TYPE, accept: RESPONSE_TYPE, ...headers },
      body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
    });
  const get = (parameters, headers = {}) => {
    const to = new URL(url);
    for (const [name, value] of Object.entries(parameters)) to.searchParams.set(name, value);
    return authorized(to, { headers: { accept: RESPONSE_TYPE, ...headers } });
  };
  const path = new URL(url).pathname;
  const host = new URL(url).host;
  const head = (more) =>
    `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\nContent-Type: ${JSON_TYPE}\r\n${more}\r\n\r\n`;
  const withoutInternals = (text) => assert.doesNotMatch(text, /\bat [\w.$]+\(|Exception|graphql\.|org\.spicetime/);
  const typeName = { query: '{ __typename }' };

  async function refused(response, status, code) {
    const text = await response.text();
    assert.equal(response.status, status, text);
    const body = JSON.parse(text);
    assert.ok(Array.isArray(body.errors) && body.errors.length > 0, text);
    assert.ok(!('data' in body), text);
    withoutInternals(text);
    for (const error of body.errors) {
      assert.equal(typeof error.message, 'string');
      assert.equal(typeof error.extensions?.code, 'string', text);
      assert.equal(typeof error.extensions?.requestId, 'string', text);
    }
    if (code) assert.equal(body.errors[0].extensions.code, code, text);
    return body;
  }

  return [
    ['a stranger is refused with 401 and told how to sign in', async () => {
      for (const accept of [JSON_TYPE, RESPONSE_TYPE]) {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': JSON_TYPE, accept },
          body: JSON.stringify(typeName),
        });
        assert.match(response.headers.get('www-authenticate') ?? '', /^Bearer/);
        assert.match(response.headers.get('content-type'), new RegExp(accept.replace('+', '\\+')));
        await refused(response, 401, 'UNAUTHENTICATED');
      }
    }],
    ['a stranger gets no schema', async () => {
      const response = await fetch(new URL('/schema.graphqls', url));
      assert.equal(response.status, 401);
      assert.doesNotMatch(await response.text(), /type Query/);
    }],
    ['a wrong token is refused with 401', async () => {
      await refused(await post(typeName, { authorization: `Bearer ${token}x` }), 401, 'UNAUTHENTICATED');
      await refused(await post(typeName, { authorization: `Bearer drt_${'A'.repeat(43)}` }), 401, 'UNAUTHENTICATED');
    }],
    ['another host name is refused with 403', async () => {
      const answer = await raw(url, [
        `GET ${path}?query=%7B__typename%7D HTTP/1.1\r\nHost: evil.example\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`,
      ]);
      assert.match(answer, /^HTTP\/1\.1 403 /);
    }],
    ['a foreign Origin is refused with 403', async () => {
      await refused(await post(typeName, { origin: 'https://evil.example' }), 403, 'FORBIDDEN');
      await refused(await post(typeName, { origin: 'null' }), 403, 'FORBIDDEN');
    }],
    ['our own Origin is accepted', async () => {
      assert.equal((await post(typeName, { origin: new URL(url).origin })).status, 200);
    }],
    ['a mutation by GET is 405 with Allow: POST', async () => {
      const response = await get({ query: 'mutation { __typename }' });
      assert.equal(response.headers.get('allow'), 'POST');
      await refused(response, 405);
    }],
    ['PUT, DELETE and PATCH are 405 with Allow', async () => {
      for (const method of ['PUT', 'DELETE', 'PATCH']) {
        const response = await authorized(url, { method, headers: { 'content-type': JSON_TYPE }, body: '{}' });
        assert.match(response.headers.get('allow') ?? '', /GET.*POST/);
        await refused(response, 405);
      }
    }],
    ['OPTIONS names the methods and grants no other origin anything', async () => {
      const response = await authorized(url, { method: 'OPTIONS' });
      assert.equal(response.status, 204);
      assert.match(response.headers.get('allow') ?? '', /GET.*POST/);
      assert.equal(response.headers.get('access-control-allow-origin'), null);
    }],
    ['HEAD is GET without a body', async () => {
      const to = `${url}?query=${encodeURIComponent('{__typename}')}`;
      const response = await authorized(to, { method: 'HEAD' });
      assert.equal(response.status, 200);
      assert.equal(await response.text(), '');
    }],
    ['unknown media types are 415', async () => {
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/graphql', 'application/json; charset=iso-8859-1']) {
        await refused(await post('{"query":"{__typename}"}', { 'content-type': type }), 415);
      }
    }],
    ['nothing acceptable is 406', async () => {
      for (const accept of ['image/png', 'text/html', 'application/json;q=0', 'multipart/mixed']) {
        await refused(await post(typeName, { accept }), 406);
      }
    }],
    ['q values and exactness decide the media type', async () => {
      for (const [accept, expected] of [
        [`${JSON_TYPE};q=0.1, ${RESPONSE_TYPE};q=0.9`, RESPONSE_TYPE],
        [`${JSON_TYPE};q=0.9, ${RESPONSE_TYPE};q=0.1`, JSON_TYPE],
        [`${RESPONSE_TYPE}, ${JSON_TYPE}`, RESPONSE_TYPE],
        [`${JSON_TYPE}, ${RESPONSE_TYPE}`, JSON_TYPE],
        [`${RESPONSE_TYPE},${JSON_TYPE};q=0.9`, RESPONSE_TYPE],
        [`${RESPONSE_TYPE};charset=utf-8`, RESPONSE_TYPE],
        ['application/*', JSON_TYPE],
        ['text/html, */*;q=0.1', JSON_TYPE],
      ]) {
        const response = await post(typeName, { accept });
        assert.equal(response.status, 200, accept);
        assert.equal(response.headers.get('content-type')?.toLowerCase(), `${expected};charset=utf-8`, accept);
      }
    }],
    ['documents that do not run are 400 in one media type and 200 in the other', async () => {
      for (const body of [
        { query: '{' },
        { query: '{ noSuchField }' },
        { query: 'query A { __typename }', operationName: 'B' },
        { query: 'query A { __typename } query B { __typename }' },
        { query: 'query($a: Int!) { __typename @include(if: true) }', variables: { a: 'x' } },
      ]) {
        await refused(await post(body), 400);
        await refused(await post(body, { accept: JSON_TYPE }), 200);
      }
    }],
    ['operationName selects', async () => {
      const body = await (await post({ query: 'query A { a: __typename } query B { b: __typename }', operationName: 'B' })).json();
      assert.deepEqual(body, { data: { b: 'Query' } });
    }],
    ['an unknown object is NOT_FOUND with data: null and 200', async () => {
      const response = await post({ query: '{ domain(id: "no-such-domain") { id } }' });
      assert.equal(response.status, 200);
      const body = await response.json();
      assert.equal(body.data, null);
      assert.equal(body.errors[0].extensions.code, 'NOT_FOUND');
      assert.deepEqual(body.errors[0].path, ['domain']);
    }],
    ['batches are refused and none of them runs', async () => {
      await refused(await post(Array.from({ length: 1000 }, () => ({ query: 'mutation { __typename }' }))), 400);
    }],
    ['JSON that is not strict is 400', async () => {
      const prefix = '{"query":"{__typename}"';
      const bodies = [
        '\uFEFF{"query":"{__typename}"}',
        `${prefix},"query":"{__typename}"}`,
        `${prefix},"variables":{"a":1,"a":2}}`,
        `${prefix}} {}`,
        `${prefix},"variables":{"a":NaN}}`,
        `${prefix},"variables":{"a":${'['.repeat(100_000)}`,
        `${prefix},"variables":{"a":"\\ud800"}}`,
        `${prefix},"variables":{"a":${'9'.repeat(5000)}}}`,
        "{'query':'{__typename}'}",
        'null',
        '7',
      ];
      for (const body of bodies) {
        for (const accept of [JSON_TYPE, RESPONSE_TYPE]) await refused(await post(body, { accept }), 400);
      }
      const invalid = Buffer.concat([Buffer.from('{"query":"{__typename}","variables":{"a":"'), Buffer.from([0xc0, 0x80]), Buffer.from('"}}')]);
      await refused(await post(invalid), 400);
    }],
    ['a huge exponent is an error of the variable and takes no time', async () => {
      const began = performance.now();
      const response = await post('{"query":"query($a:Float!){__typename @include(if:true) __type(name:\\"Task\\"){name}}","variables":{"a":1e999999999}}');
      assert.ok(response.status === 400, `status ${response.status}`);
      withoutInternals(await response.text());
      assert.ok(performance.now() - began < 5000);
    }],
    ['a body above the limit is 413 and the connection ends', async () => {
      const answer = await raw(url, [head(`Content-Length: ${100 * 1024 * 1024}`), 'x'.repeat(1000)]);
      assert.match(answer, /^HTTP\/1\.1 413 /);
      assert.match(answer, /connection: close/i);
    }],
    ['a chunked body above the limit is 413 and is not read to its end', async () => {
      let sent = 0;
      async function* chunks() {
        yield head('Transfer-Encoding: chunked');
        for (let i = 0; i < 1600; i++) {
          sent += 65536;
          yield `10000\r\n${'x'.repeat(65536)}\r\n`;
        }
        yield '0\r\n\r\n';
      }
      const answer = await raw(url, chunks());
      assert.ok(sent < 64 * 1024 * 1024, `${sent} bytes were taken`);
      assert.match(answer, /^HTTP\/1\.1 413 /);
    }],
    ['a client that sends megabytes before it reads gets its 413 all the same', async () => {
      for (let i = 0; i < 5; i++) {
        const answer = await raw(url, [head(`Content-Length: ${100 * 1024 * 1024}`), 'x'.repeat(4 * 1024 * 1024)], { readFirst: false });
        assert.match(answer, /^HTTP\/1\.1 413 /);
        assert.match(answer, /connection: close/i);
      }
    }],
    ['a body of exactly the limit is read', async () => {
      const frame = JSON.stringify({ query: '{__typename}', extensions: { pad: '' } });
      const body = JSON.stringify({ query: '{__typename}', extensions: { pad: 'x'.repeat(LIMIT - frame.length) } });
      assert.equal(body.length, LIMIT);
      assert.equal((await post(body)).status, 200);
      await refused(await post(`${body} `), 413);
    }],
    ['deep, wide and repetitive documents are refused in bounded time', async () => {
      const bombs = {
        depth: `{__schema{types{${'fields{type{'.repeat(1000)}name${'}}'.repeat(1000)}}}}`,
        braces: '{'.repeat(5000),
        aliases: `{${Array.from({ length: 10_000 }, (_, i) => `a${i}:__typename`).join(' ')}}`,
        directives: `{__typename${' @x'.repeat(20_000)}}`,
        cycle: 'query{...A} fragment A on Query{...B} fragment B on Query{...A}',
        fragments: `{...F0}${Array.from({ length: 40 }, (_, i) => ` fragment F${i} on Query{...F${i + 1} ...F${i + 1}}`).join('')} fragment F40 on Query{__typename}`,
      };
      for (const [name, query] of Object.entries(bombs)) {
        const began = performance.now();
        const response = await post({ query });
        assert.equal(response.status, 400, `${name}: status ${response.status}`);
        withoutInternals(await response.text());
        assert.ok(performance.now() - began < 5000, `${name}: ${Math.round(performance.now() - began)} ms`);
      }
    }],
    ['text beyond the basic plane comes back as it was', async () => {
      const name = 'no-😀-é-中';
      const response = await post({ query: 'query($id: ID!) { domain(id: $id) { id } }', variables: { id: name } });
      assert.equal(response.status, 200);
      assert.ok((await response.json()).errors.length === 1);
      assert.equal((await post({ query: '{ __type(name: "Run🏃") { name } }' })).status, 200);
    }],
    ['introspection builds a valid client schema', async () => {
      const body = await (await post({ query: getIntrospectionQuery({ specifiedByUrl: true, inputValueDeprecation: true }) })).json();
      assert.equal(body.errors, undefined, JSON.stringify(body.errors));
      assert.deepEqual(validateSchema(buildClientSchema(body.data)), []);
    }],
    ['the schema is served as text, with a tag', async () => {
      const to = new URL('/schema.graphqls', url);
      const response = await authorized(to);
      assert.equal(response.status, 200);
      const tag = response.headers.get('etag');
      assert.match(tag ?? '', /^W\/"/);
      assert.deepEqual(validateSchema(buildSchema(await response.text())), []);
      assert.equal((await authorized(to, { headers: { 'if-none-match': tag } })).status, 304);
    }],
    ['GET answers carry a weak tag and are not sent twice', async () => {
      const parameters = { query: 'query A($n: String!) { __type(name: $n) { name } }', operationName: 'A', variables: '{"n":"Task"}' };
      const response = await get(parameters);
      assert.equal(response.status, 200);
      assert.match(response.headers.get('cache-control'), /private/);
      const tag = response.headers.get('etag');
      assert.match(tag ?? '', /^W\/"/);
      assert.deepEqual(await response.json(), { data: { __type: { name: 'Task' } } });
      const again = await get(parameters, { 'if-none-match': tag });
      assert.equal(again.status, 304);
      assert.equal(await again.text(), '');
    }],
    ['long answers are compressed for whoever takes it, requests are not inflated', async () => {
      const body = { query: getIntrospectionQuery() };
      const compressed = await post(body, { 'accept-encoding': 'gzip' });
      assert.equal(compressed.headers.get('content-encoding'), 'gzip');
      for (const name of ['Accept', 'Accept-Encoding']) {
        assert.ok(compressed.headers.get('vary').split(/, */).includes(name), compressed.headers.get('vary'));
      }
      const plain = await post(body, { 'accept-encoding': 'identity' });
      assert.equal(plain.headers.get('content-encoding'), null);
      assert.deepEqual(await compressed.json(), await plain.json());
      const short = await post(typeName, { 'accept-encoding': 'gzip' });
      assert.equal(short.headers.get('content-encoding'), null);
      await refused(await post(gzipSync(JSON.stringify(typeName)), { 'content-encoding': 'gzip' }), 415);
    }],
    ['a hundred clients that stop half-way through their bodies hold nobody up', async () => {
      const { hostname, port } = new URL(url);
      const slow = Array.from({ length: 100 }, () => {
        const socket = net.connect(Number(port), hostname);
        socket.on('error', () => {});
        socket.write(`${head('Content-Length: 1000')}{"query":`);
        return socket;
      });
      try {
        await Promise.all(slow.map((socket) => (socket.connecting ? new Promise((done) => socket.once('connect', done)) : null)));
        for (let i = 0; i < 20; i++) assert.equal((await post(typeName)).status, 200);
      } finally {
        slow.forEach((socket) => socket.destroy());
      }
    }],
    ['a persisted query is unknown, then told with its text, then known by its hash', async () => {
      const query = `query Persisted { p${process.pid}_${Date.now()}: __typename }`;
      const extensions = { persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') } };
      const inUrl = { extensions: JSON.stringify(extensions) };
      await refused(await post({ extensions }), 400, 'PERSISTED_QUERY_NOT_FOUND');
      await refused(await get(inUrl), 400, 'PERSISTED_QUERY_NOT_FOUND');
      const told = await post({ query, extensions });
      assert.equal(told.status, 200);
      const text = await told.text();
      for (const known of [await post({ extensions }), await get(inUrl), await get({ query, ...inUrl })]) {
        assert.equal(known.status, 200);
        assert.equal(await known.text(), text);
      }
    }],
    ['a persisted query is told by GET as well, and a mutation is not', async () => {
      const asked = (query) => ({
        query,
        extensions: JSON.stringify({ persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') } }),
      });
      const query = asked(`query Told { t${process.pid}_${Date.now()}: __typename }`);
      assert.equal((await get(query)).status, 200);
      assert.equal((await get({ extensions: query.extensions })).status, 200);
      const mutation = asked('mutation { pauseDomain(domainId: "nowhere") { id } }');
      const response = await get(mutation);
      assert.equal(response.headers.get('allow'), 'POST');
      await refused(response, 405);
    }],
    ['a hash of another text, and one that is none, are refused', async () => {
      const sha256Hash = createHash('sha256').update('{ another: __typename }').digest('hex');
      await refused(await post({ ...typeName, extensions: { persistedQuery: { version: 1, sha256Hash } } }), 400, 'BAD_USER_INPUT');
      await refused(await post({ extensions: { persistedQuery: { version: 1, sha256Hash } } }), 400, 'PERSISTED_QUERY_NOT_FOUND');
      for (const persistedQuery of ['text', null, 7, [], {}, { version: 2, sha256Hash }, { version: 1 }, { version: 1, sha256Hash: 'zz' }, { version: 1, sha256Hash: 7 }]) {
        await refused(await post({ extensions: { persistedQuery } }), 400);
        await refused(await get({ extensions: JSON.stringify({ persistedQuery }) }), 400);
      }
    }],
    ['malformed parameters of a URL are 400', async () => {
      for (const query of ['query=%7B__typename%7D&variables=%7B', 'query=%7B__typename%7D&query=x', 'query=%ff', 'query=%7', 'query=%7B__typename%7D&variables=[]', '']) {
        await refused(await authorized(`${url}?${query}`, { headers: { accept: JSON_TYPE } }), 400);
      }
    }],
    ['a subscription by POST or GET is refused with 400', async () => {
      const query = 'subscription { domainStatusChanged(domainId: "ethical-scoring") }';
      await refused(await post({ query }), 400);
      await refused(await get({ query }), 400);
    }],
    ['two hundred requests in a row are answered alike', async () => {
      for (let i = 0; i < 200; i++) {
        const response = await post({ query: `query Q${i % 7} { a${i}: __typename }` });
        assert.equal(response.status, 200);
        assert.deepEqual(await response.json(), { data: { [`a${i}`]: 'Query' } });
      }
    }],
  ];
}
