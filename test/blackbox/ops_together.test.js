// One decision about many held orders: each is decided by itself, by what the person saw of it.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { secrets } = require('./support/claimcheck.js');
const { eventually } = require('./support/sandbox.js');
const { Shop } = require('./support/shop.js');

const bearer = { authorization: `Bearer ${secrets.CLAIMCHECK_ADMIN_TOKEN}` };
const submit = 'POST /api/v1/file/generate-video';
const cause = 'the generator reported an error';

describe('a decision about many held orders', () => {
  let shop;
  before(async () => {
    shop = await Shop.open({ settings: { CLAIMCHECK_REFUNDS: 'manual' } });
  });
  after(() => shop?.close());

  const held = async () => (await shop.ask('GET', '/api/ops/sessions?filter=held',
    { headers: bearer })).json.orders;
  const decide = (body) => shop.ask('POST', '/api/ops/held/decide', { body, headers: bearer });
  const shown = (orders) => orders.map(({ id, version }) => ({ id, version }));

  async function hold(quantities) {
    await shop.sandbox.faults({ match: submit, times: 0, action: { task: 'error' } });
    const known = (await held()).length;
    for (const quantity of quantities) await shop.paidOrder({ quantity });
    // Each video is held by itself: the row counts them.
    await eventually(async () => {
      const orders = await held();
      return orders.length === known + quantities.length && orders.every(({ units }) =>
        units.every((unit) => unit === 'held'));
    });
    await shop.sandbox.clearFaults();
    return (await held()).slice(known);
  }

  test('rows say what can be decided together, and about how much money', async () => {
    const orders = await hold([1, 2]);
    assert.deepEqual(orders.map(({ heldAmount }) => heldAmount), [100, 200]);
    for (const { heldActions, reason } of orders) {
      assert.deepEqual(heldActions, ['resubmit', 'retry', 'refund']);
      assert.equal(reason, cause);
    }
  });

  test('all are made anew, each by its own command, and once only', async () => {
    const orders = shown(await held());
    assert.equal(orders.length, 2);
    const body = { action: 'resubmit', cause, note: 'the generator is well again', orders };
    const { status, json } = await decide(body);
    assert.equal(status, 200);
    assert.deepEqual(json.results, orders.map(({ id }) => ({ id, done: true, code: '', why: '' })));
    assert.deepEqual([json.done, json.refused], [2, 0]);
    const again = (await decide(body)).json;
    assert.deepEqual(again.results.map(({ done, code }) => [done, code]),
      [[false, 'changed'], [false, 'changed']]);
    for (const { id } of orders) {
      const told = await shop.completed(id);
      assert.equal(told.status, 'completed');
      const { json: order } = await shop.ask('GET', `/api/ops/sessions/${id}`, { headers: bearer });
      // One generation more for each video, and none by the second request.
      const noted = order.records.history.filter(({ why }) => /well again/.test(why));
      assert.equal(noted.length, order.units.length);
      for (const unit of order.units) assert.equal(unit.attempt, 2);
    }
    assert.deepEqual(await held(), []);
  });

  test('what is not as it was shown is refused by itself, with its reason', async () => {
    const orders = await hold([1, 1, 1]);
    const [first, second, third] = shown(orders);
    const { json } = await decide({ action: 'refund', cause, orders: [
      { ...first, version: first.version - 1 }, second, { id: 'cs_test_unknown', version: 1 }] });
    assert.deepEqual(json.results.map(({ done, code }) => [done, code]),
      [[false, 'changed'], [true, ''], [false, 'not_found']]);
    await eventually(async () => (await shop.status(second.id)).refund?.status === 'refunded');
    const other = (await decide({ action: 'refund', cause: 'another', orders: [third] })).json;
    assert.equal(other.results[0].code, 'other_cause');
    assert.equal((await held()).length, 2);
    // An order twice in one request is decided once.
    const twice = (await decide({ action: 'refund', cause, orders: [third, third] })).json;
    assert.deepEqual(twice.results.map(({ done }) => done), [true, false]);
  });

  test('what is wrong with a decision is said, and nothing is done', async () => {
    const [one] = shown(await held());
    const many = Array.from({ length: 101 }, (_, i) => ({ id: `cs_test_${i}`, version: 1 }));
    for (const [body, param] of [[{ action: 'erase', cause, orders: [one] }, 'action'],
      [{ action: 'look', cause, orders: [one] }, 'action'],
      [{ action: 'odd', cause, orders: [one] }, 'action'],
      [{ action: 'retry', orders: [one] }, 'cause'],
      [{ action: 'retry', cause, orders: [] }, 'orders'],
      [{ action: 'retry', cause, orders: many }, 'orders'],
      [{ action: 'retry', cause, orders: [{ id: one.id }] }, 'orders'],
      [{ action: 'retry', cause, orders: [{ id: 'x', version: 1 }] }, 'orders'],
      [{ action: 'retry', cause, note: 'two\nlines', orders: [one] }, 'note']]) {
      const { status, json } = await decide(body);
      assert.deepEqual([status, json.param], [400, param], JSON.stringify(body).slice(0, 90));
    }
    assert.equal((await held()).length, 1);
    const closed = await shop.ask('POST', '/api/ops/held/decide', { body: {} });
    assert.equal(closed.status, 401);
  });
});
