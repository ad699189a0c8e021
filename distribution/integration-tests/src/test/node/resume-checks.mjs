// SPDX-License-Identifier: Apache-2.0
// Subscriptions to the changes of tasks whose connections break, over server-sent events. Each check is [name, function that throws].
import assert from 'node:assert/strict';
import { Stream } from './sse-checks.mjs';

const DOMAIN = 'ethical-scoring';
const TASKS = 40;
const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);

export function resumeChecks(url, token) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const events = { ...headers, accept: 'text/event-stream' };
  const query = `subscription($after: String) { domainTaskChanges(domainId: "${DOMAIN}", after: $after) { cursor taskId task { status } } }`;
  let state = SEED;
  const random = (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % below;
  };

  async function ask(query, variables) {
    const answer = await Stream.open(url, { body: JSON.stringify({ query, variables }), headers });
    const { data, errors } = JSON.parse(await answer.rest());
    assert.equal(errors, undefined, JSON.stringify(errors));
    return data;
  }
  const asOf = async () => (await ask(`{ tasksConnection(domainId: "${DOMAIN}", first: 1) { asOf } }`)).tasksConnection.asOf;

  /** All that was received, with every connection broken after a few events. */
  const received = [];
  let start;

  return [
    [`changes of tasks are neither missed nor told twice over broken connections (SEED=${SEED})`, async () => {
      start = await asOf();
      const inputs = Array.from({ length: TASKS }, () => ({ domainId: DOMAIN, type: 'COMPUTATION' }));
      const { scheduleTasks } = await ask('mutation($inputs: [TaskInput!]!) { scheduleTasks(inputs: $inputs) { id } }', { inputs });
      const unfinished = new Set(scheduleTasks.map(({ id }) => id));
      let last;
      while (unfinished.size > 0) {
        const resumed = last === undefined ? {} : { 'last-event-id': last };
        const stream = await Stream.open(url, {
          body: JSON.stringify({ query, variables: { after: start } }),
          headers: { ...events, ...resumed },
        });
        for (let left = 1 + random(6); left > 0 && unfinished.size > 0; left--) {
          const { event, id, data } = await stream.event();
          assert.equal(event, 'next', JSON.stringify(data));
          assert.equal(data.errors, undefined, JSON.stringify(data));
          const change = data.data.domainTaskChanges;
          assert.equal(id, change.cursor);
          assert.ok(received.every(({ cursor }) => cursor !== id), 'a change came twice');
          received.push(change);
          last = id;
          if (change.task?.status === 'COMPLETED') unfinished.delete(change.taskId);
        }
        stream.abort();
      }
      const own = new Set(scheduleTasks.map(({ id }) => id));
      const ends = received.filter(({ taskId, task }) => own.has(taskId) && task.status === 'COMPLETED');
      assert.equal(ends.length, TASKS, 'a task ended twice');
    }],
    ['an operation of a shared stream is resumed, too', async () => {
      const reserved = await Stream.open(`${url}/stream`, { method: 'PUT', headers });
      const shared = { 'x-graphql-event-stream-token': await reserved.rest() };
      const reader = await Stream.open(`${url}/stream`, { method: 'GET', headers: { ...events, ...shared } });
      const from = received.length >> 1;
      const begun = await Stream.open(`${url}/stream`, {
        body: JSON.stringify({ query, variables: { after: start }, extensions: { operationId: '1' } }),
        headers: { ...headers, ...shared, 'last-event-id': received[from].cursor },
      });
      assert.equal(begun.status, 202);
      // A task that changed again meanwhile comes once, as it is now.
      const unseen = new Set(received.slice(from + 1).map(({ taskId }) => taskId));
      const before = new Set(received.slice(0, from + 1).map(({ cursor }) => cursor));
      while (unseen.size > 0) {
        const { id, data } = await reader.event();
        const { cursor, taskId } = data.payload.data.domainTaskChanges;
        assert.equal(id, cursor);
        assert.ok(!before.has(cursor), 'a change came again');
        unseen.delete(taskId);
      }
      reader.abort();
    }],
    ['an id that is no cursor is refused as one', async () => {
      const stream = await Stream.open(url, {
        body: JSON.stringify({ query }),
        headers: { ...events, 'last-event-id': 'no cursor' },
      });
      const { data, id } = await stream.event();
      assert.equal(id, undefined);
      assert.match(data.errors[0].extensions.code, /^(BAD_USER_INPUT|CURSOR_EXPIRED)$/, JSON.stringify(data));
      assert.equal((await stream.event()).event, 'complete');
    }],
  ];
}
