// Redis forgets: one record, an older state, or everything. What Stripe and the generator know
// brings an order back without making or refunding anything twice; what nobody knows is held.
'use strict';
const assert = require('node:assert/strict');
const { describe } = require('node:test');
const { run } = require('./support/claimcheck.js');
const { eventually } = require('./support/sandbox.js');
const { parallel, shopTest } = require('./support/shop.js');

async function knock(shop, id) {
  const { events } = await shop.sandbox.ledger('events');
  const paid = events.find((one) =>
    one.session === id && one.type === 'checkout.session.completed');
  await shop.sandbox.resend(paid.id);
}
// An order of the same second as the first use of Redis counts as older: it takes no chances.
async function aSecondLater(shop) {
  const born = Number(await shop.redis('HGET', 'claimcheck:meta', 'born_s'));
  await eventually(() => Date.now() / 1000 > born + 1, { what: 'the next second' });
}
const claimKey = (id) => `claim:{session:${id}}`;

describe('Redis forgets', parallel, () => {
  shopTest('the claim of a delivered order: found again, not made again', {},
    async (shop) => {
      await aSecondLater(shop);
      const id = await shop.paidOrder({ quantity: 2 });
      const before = await shop.completed(id);
      await shop.redis('DEL', claimKey(id));
      await knock(shop, id);
      await eventually(async () =>
        await shop.redis('HGET', claimKey(id), 'state') === 'done', { withinMs: 60000 });
      const after = await shop.completed(id);
      assert.deepEqual(after.files.map((one) => one.fileId),
        before.files.map((one) => one.fileId));
      assert.equal((await shop.generations()).length, 2);
      assert.deepEqual((await shop.sandbox.ledger('refunds')).refunds, []);
    });

  shopTest('the claim of a paid order that is not begun: made once', { webhooks: false },
    async (shop) => {
      await aSecondLater(shop);
      const id = await shop.paidOrder();
      await shop.redis('DEL', claimKey(id));
      await shop.redis('ZADD', 'claimcheck:{p00}:due', '1', id);
      await shop.completed(id);
      assert.equal((await shop.generations()).length, 1);
    });

  shopTest('B26 claim and index entry, after its event was read: the next hourly look finds it',
    { webhooks: false }, async (shop) => {
      await aSecondLater(shop);
      const id = await shop.paidOrder();
      await shop.redis('DEL', claimKey(id));
      await shop.redis('ZREM', 'claimcheck:{p00}:due', id);
      await shop.redis('HSET', 'claimcheck:meta', 'reconciled_s', String(Date.now() / 1000 | 0));
      await shop.server.stop();
      await shop.start();  // a start looks like the hour does
      await shop.completed(id);
      assert.equal((await shop.generations()).length, 1);
    });

  shopTest('a claim older than claims are kept: over if Stripe knows all, else for a person',
    { webhooks: false, settings: { CLAIMCHECK_SESSION_TTL: '1h' } }, async (shop) => {
      await shop.redis('HSET', 'claimcheck:meta', 'born_s', '1');
      await shop.sandbox.advance(-2 * 3600);
      const whole = await shop.paidOrder();
      await shop.completed(whole);
      await shop.sandbox.faults({
        match: 'POST /api/v1/file/generate-video', action: { task: 'never' } });
      const half = await shop.paidOrder();
      await shop.statusWhen(half, (one) => one.fileId);
      for (const id of [whole, half]) {
        await shop.redis('DEL', claimKey(id));
        await shop.redis('ZADD', 'claimcheck:{p00}:due', '1', id);
      }
      await eventually(async () => await shop.redis('HGET', claimKey(half), 'state') === 'held');
      assert.equal((await shop.server.event('order_over')).session, whole);
      assert.match((await shop.server.event('order_held')).why, /longer ago than claims are kept/);
      assert.equal((await shop.generations()).length, 2);
      assert.deepEqual((await shop.sandbox.ledger('refunds')).refunds, []);
    });

  shopTest('B26 the index of the work: the next knock finds the order', { webhooks: false },
    async (shop) => {
      const id = await shop.paidOrder();
      await shop.redis('DEL', 'claimcheck:{p00}:due');
      await shop.completed(id);  // whoever asks is a visit, and after 5 s one of them knocks
    });

  shopTest('B16 everything: nothing is made or refunded, a person gets the list', {},
    async (shop) => {
      await shop.sandbox.faults({
        match: 'POST /api/v1/file/generate-video', action: { task: 'never' } });
      const id = await shop.paidOrder();
      await shop.statusWhen(id, (one) => one.fileId);
      await shop.redis('FLUSHALL');
      await eventually(() => shop.redis('EXISTS', 'claimcheck:meta').then((n) => n === '1'));
      await knock(shop, id);
      await eventually(async () => await shop.redis('HGET', claimKey(id), 'state') === 'held');
      assert.equal((await shop.generations()).length, 1);
      assert.deepEqual((await shop.sandbox.ledger('refunds')).refunds, []);
      const listed = await run(['session', 'list'], shop.server.settings);
      assert.match(listed.stdout, new RegExp(`held.*${id}`));
      const told = await run(['session', 'show', id], shop.server.settings);
      assert.match(told.stdout, /paid before this Redis was first used/);
      // New orders go on as if nothing had been.
      await shop.completed(await shop.paidOrder());
    });
});
