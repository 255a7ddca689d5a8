// Two processes on one Redis: they race for every step, one freezes in the middle of a call and
// wakes up when the other one has gone on. What is made and shown is made and shown once.
'use strict';
const assert = require('node:assert/strict');
const { describe } = require('node:test');
const { secrets } = require('./support/claimcheck.js');
const { eventually } = require('./support/sandbox.js');
const { parallel, shopTest } = require('./support/shop.js');

const patience = 200000;  // an unclear submit is left alone for 75 s, then looked up twice

// Runs `use` with a second process; both end cleanly.
async function withSecond(shop, settings, use) {
  const second = await shop.another(settings);
  try {
    await use(second);
  } finally {
    await second.stop();
  }
}
async function refunds(shop) { return (await shop.sandbox.ledger('refunds')).refunds; }

describe('ten processes', parallel, () => {
  shopTest('started at once on a fresh Redis, all of them serve', { ownRedis: true },
    async (shop) => {
      await shop.server.stop();
      for (let round = 0; round < 3; ++round) {
        await shop.redis('FLUSHALL');
        const started = await Promise.allSettled(Array.from({ length: 10 }, () => shop.another()));
        const servers = started.flatMap((one) => one.value ?? []);
        for (const server of servers) await server.stop();
        assert.deepEqual(started.filter((one) => one.reason).map((one) => one.reason.message), []);
        assert.deepEqual((await shop.redis('HKEYS', 'claimcheck:meta')).split('\n').slice(0, 4),
          ['schema', 'partitions', 'epoch', 'born_s']);
      }
    });
});

describe('two processes', parallel, () => {
  shopTest('E8 C1 each event comes to both, many orders at once: each video is made once',
    { ownRedis: true }, (shop) => withSecond(shop, {}, async (second) => {
      const ids = [];
      for (let i = 0; i < 12; ++i) ids.push(await shop.order({ quantity: 1 + i % 3 }));
      await Promise.all(ids.map((id) => shop.sandbox.pay(id)));
      await shop.sandbox.webhook(`${second.url}/api/webhooks/stripe`,
        secrets.STRIPE_WEBHOOK_SECRET);
      const { events } = await shop.sandbox.ledger('events');
      const paid = events.filter((one) => one.type === 'checkout.session.completed');
      await Promise.all(paid.map((one) => shop.sandbox.resend(one.id, 20)));
      for (const id of ids) await shop.completed(id, patience);
      assert.equal((await shop.generations()).length, 24);
      assert.deepEqual(await refunds(shop), []);
      assert.ok(second.events('webhook_received').length > 0);
    }));

  for (const point of ['submit.before_call', 'register.before_call', 'view.before_commit']) {
    shopTest(`A15 one freezes at ${point}, the other goes on, the first one wakes up`,
      { ownRedis: true }, async (shop) => {
        const id = await shop.order();
        await shop.server.stop();
        await shop.start({ CLAIMCHECK_FAIL: `${point}:stop` });
        const frozen = shop.server;
        await shop.sandbox.pay(id);
        await eventually(() => frozen.isStopped());
        await withSecond(shop, {}, async (second) => {
          const first = shop.server;
          shop.server = second;
          const { files: before } = await shop.completed(id, patience);
          first.resume();
          await eventually(async () => (await shop.redis('HGET', `claim:{session:${id}}`,
            'state')) === 'done');
          shop.server = first;
          await shop.ready();
          const { files: after } = await shop.completed(id);
          assert.equal(after[0].fileId, before[0].fileId);
          assert.ok((await shop.generations()).length <= 2, 'more than one extra generation');
          assert.deepEqual(await refunds(shop), []);
        });
      });
  }

  shopTest('A15 one freezes before a refund, the other makes it, the first wakes up: one refund',
    { ownRedis: true }, async (shop) => {
      await shop.sandbox.faults({
        match: 'POST /api/v1/file/generate-video', times: 0, action: { task: 'error' } });
      const id = await shop.order();
      await shop.server.stop();
      await shop.start({ CLAIMCHECK_FAIL: 'refund.before_call:stop' });
      const first = shop.server;
      await shop.sandbox.pay(id);
      await eventually(() => first.isStopped());
      await withSecond(shop, {}, async (second) => {
        shop.server = second;
        await shop.statusWhen(id, (one) => one.refund?.status === 'refunded', patience);
        first.resume();
        shop.server = first;
        await shop.ready();
        await shop.statusWhen(id, (one) => one.refund?.status === 'refunded');
        assert.equal((await refunds(shop)).length, 1);
      });
    });
});
