// SPDX-License-Identifier: Apache-2.0
// Subscriptions as parts of a multipart response, as the HTTP link of Apollo asks for them. Each check is [name, function that throws].
import assert from 'node:assert/strict';
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client/core';
import { Stream, within } from './sse-checks.mjs';

const DOMAIN = 'ethical-scoring';
const ACCEPT = 'multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json';

export function multipartChecks(url, token) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: ACCEPT };
  const watch = `subscription { domainStatusChanged(domainId: "${DOMAIN}") }`;
  const post = (query, variables) => Stream.open(url, { body: JSON.stringify({ query, variables }), headers });
  const schedule = `mutation { scheduleTask(input: { domainId: "${DOMAIN}", type: COMPUTATION }) { id } }`;
  const watchTask = 'subscription Watch($id: ID!) { taskUpdated(taskId: $id) { status } }';
  const scheduled = async () => JSON.parse(await (await post(schedule)).rest()).data.scheduleTask.id;

  return [
    ['a subscription is parts, each whole at once, and an end', async () => {
      const stream = await post(watchTask, { id: await scheduled() });
      assert.equal(stream.status, 200);
      assert.match(stream.headers['content-type'], /^multipart\/mixed; ?boundary="graphql"; ?subscriptionSpec=1\.0$/);
      assert.equal(stream.headers['content-encoding'], undefined);
      const parts = (await stream.rest()).split('\r\n--graphql');
      assert.equal(parts.shift(), '');
      assert.equal(parts.pop(), '--\r\n');
      const payloads = parts.map((part) => {
        const [, body] = part.match(/^\r\nContent-Type: application\/json\r\n\r\n(.*)$/s);
        return JSON.parse(body).payload;
      });
      assert.equal(payloads.at(-1).data.taskUpdated.status, 'COMPLETED');
    }],
    ['queries and refusals are one document', async () => {
      for (const [query, member] of [['{ __typename }', 'data'], ['subscription { noSuchField }', 'errors']]) {
        const stream = await post(query);
        assert.match(stream.headers['content-type'], /^application\/json/);
        assert.ok(JSON.parse(await stream.rest())[member]);
      }
    }],
    ['other multipart protocols are not served', async () => {
      const stream = await Stream.open(url, {
        body: JSON.stringify({ query: watch }),
        headers: { ...headers, accept: 'multipart/mixed;deferSpec=20220824' },
      });
      assert.equal(stream.status, 406);
    }],
    ['the HTTP link of Apollo subscribes', async () => {
      const client = new ApolloClient({
        link: new HttpLink({ uri: url, headers: { authorization: headers.authorization } }),
        cache: new InMemoryCache(),
      });
      const statuses = [];
      const id = await scheduled();
      await within(
        new Promise((resolve, reject) =>
          client.subscribe({ query: gql(watchTask), variables: { id }, fetchPolicy: 'no-cache' }).subscribe({
            next: (result) => (result.error ? reject(result.error) : statuses.push(result.data.taskUpdated.status)),
            error: reject,
            complete: resolve,
          }),
        ),
        'no end',
      );
      assert.equal(statuses.at(-1), 'COMPLETED');
      const refused = await within(
        new Promise((resolve) =>
          client.subscribe({ query: gql('subscription { noSuchField }'), fetchPolicy: 'no-cache' }).subscribe({
            next: (result) => resolve(result.error),
            error: resolve,
          }),
        ),
        'no refusal',
      );
      assert.match(String(refused?.message), /noSuchField/);
      client.stop();
    }],
  ];
}
