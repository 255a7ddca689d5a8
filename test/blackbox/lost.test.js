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
  await shop.afterBirth();
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

  // Redis is as new, and no webhook comes any more: only its buyer knows of the order.
  async function loseEverything(shop) {
    await shop.settled();
    await shop.redis('FLUSHALL');
    await eventually(() => shop.redis('EXISTS', 'claimcheck:meta').then((n) => n === '1'));
  }
  const filesOf = ({ files }) => files.map(({ fileId, url, status }) => ({ fileId, url, status }));

  shopTest('B16 everything, of a delivered order: its buyer sees his videos again', {},
    async (shop) => {
      await aSecondLater(shop);
      const id = await shop.paidOrder({ quantity: 2 });
      const before = await shop.completed(id);
      await loseEverything(shop);
      assert.equal((await shop.ask('GET', `/api/webhook-status/${id}`)).status, 404);
      const after = await shop.completed(id);
      assert.deepEqual(filesOf(after), filesOf(before));
      assert.equal(JSON.parse(await shop.redis('GET', `session:${id}`)).prompt, '');
      await eventually(async () => await shop.redis('HGET', claimKey(id), 'state') === 'done');
      assert.equal(await shop.redis('HGET', claimKey(id), 'told'),
        'delivered.1 failed.1 refunded.1');
      assert.equal((await shop.generations()).length, 2);
      assert.deepEqual((await shop.sandbox.ledger('refunds')).refunds, []);
    });

  shopTest('B16 likewise, of a refunded one: its refund is found, not made again', {},
    async (shop) => {
      await aSecondLater(shop);
      await shop.sandbox.faults({
        match: 'POST /api/v1/file/generate-video', action: { status: 422 } });
      const id = await shop.paidOrder();
      await shop.statusWhen(id, (seen) => seen.refund?.status === 'refunded');
      await loseEverything(shop);
      const after = await shop.statusWhen(id, (seen) => seen.refund?.status === 'refunded');
      assert.equal(after.notice, 'not_made');
      assert.equal((await shop.sandbox.ledger('refunds')).refunds.length, 1);
      assert.deepEqual(await shop.generations(), []);
    });

  shopTest('B16 likewise, and the generator knows the video no more: that is said', {},
    async (shop) => {
      await aSecondLater(shop);
      const id = await shop.paidOrder();
      await shop.completed(id);
      await loseEverything(shop);
      const none = { items: [], total: 0, limit: 50, offset: 0 };
      await shop.sandbox.faults({
        match: 'GET /api/v1/file', times: 0, action: { status: 200, body: none } });
      const after = await shop.statusWhen(id, (seen) => seen.status === 'error' &&
        seen.notice, 120000);
      assert.equal(after.notice, 'link_lost');
      const today = new Date().toISOString().slice(0, 10);
      assert.match(after.error, new RegExp(`^Your order of ${today} was delivered, but its link`));
      assert.equal((await shop.generations()).length, 1);
      assert.deepEqual((await shop.sandbox.ledger('refunds')).refunds, []);
    });

  shopTest('the session value of a delivered order: its buyer brings it back', {}, async (shop) => {
    const id = await shop.paidOrder();
    const before = await shop.completed(id);
    await shop.settled();
    await shop.redis('DEL', `session:${id}`);
    assert.equal((await shop.ask('GET', `/api/webhook-status/${id}`)).status, 404);
    assert.deepEqual(filesOf(await shop.completed(id)), filesOf(before));
  });

  shopTest('and strangers ask for orders that never were: Stripe is asked of 60 an hour', {},
    async (shop) => {
      for (let i = 0; i < 70; ++i) {
        const { status } = await shop.ask('GET', `/api/webhook-status/cs_test_stranger${i}`);
        assert.equal(status, 404);
      }
      await shop.ask('GET', '/api/webhook-status/cs_live_stranger');
      await shop.settled();
      const asked = await shop.requests('GET', '/v1/checkout/sessions/cs_test_stranger');
      assert.equal(asked.length, 60);
      assert.deepEqual(await shop.requests('GET', '/v1/checkout/sessions/cs_live_'), []);
    });
});
