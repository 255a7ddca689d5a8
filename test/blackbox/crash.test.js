// kill -9 at every step of an order. A claimcheck with a failpoint kills itself exactly there; one
// without goes on. However it died, the buyer gets what was paid for, and the ledger shows no
// generation more. Needs a build with failpoints (presets dev and asan).
'use strict';
const assert = require('node:assert/strict');
const { describe } = require('node:test');
const { eventually } = require('./support/sandbox.js');
const { parallel, shopTest } = require('./support/shop.js');

const videos = 2;
const patience = 200000;  // an unclear submit is left alone for 75 s, then looked up twice

async function finishes(shop, id) {
  const seen = await shop.completed(id, patience);
  const made = await shop.generations();
  assert.equal(made.length, videos);
  assert.deepEqual(seen.files.map((one) => one.fileId).sort(), made.map((one) => one.id).sort());
  for (const file of seen.files) assert.equal((await fetch(file.url)).status, 200);
}

// Stops the healthy claimcheck and starts one that dies at that point.
async function arm(shop, point) {
  await shop.server.stop();
  await shop.start({ CLAIMCHECK_FAIL: `${point}:kill` });
}

// At once, instead of half a minute after its taker died.
async function leaseRunsOut(shop, id) {
  const [due, taken] = ['claimcheck:{p00}:due', 'claimcheck:{p00}:taken'];
  const [, lapses] = (await shop.redis('HGET', taken, id)).split(' ');
  await shop.redis('ZADD', due, '1000000', id);
  await shop.redis('HSET', taken, id, `1000000 ${lapses}`);
}

describe('kill -9', parallel, () => {
  for (const point of ['checkout.before_store', 'checkout.after_store']) {
    shopTest(`at ${point}: the buyer's repeated call finds the same session`, {
      settings: { CLAIMCHECK_PUBLIC_URL: 'https://shop.example' },  // a new port is a new order
    }, async (shop) => {
      await arm(shop, point);
      const key = { 'idempotency-key': 'one' };
      await assert.rejects(shop.checkout({ quantity: videos }, key));
      await shop.server.died();
      await shop.start();
      const id = await shop.order({ quantity: videos }, key);
      const { sessions } = await shop.sandbox.ledger('sessions');
      assert.deepEqual(sessions.map((one) => one.id), [id]);
      await shop.sandbox.pay(id);
      await finishes(shop, id);
    });
  }

  for (const point of ['webhook.before_wake', 'webhook.after_wake', 'work.taken',
    'submit.before_call', 'submit.after_call', 'job.owned', 'poll.after_call',
    'register.before_call', 'register.after_call',
    'view.before_commit', 'view.after_commit', 'settle.before']) {
    shopTest(`at ${point}: the next start finishes the order`, {}, async (shop) => {
      const id = await shop.order({ quantity: videos });
      await arm(shop, point);
      await shop.sandbox.pay(id);
      await shop.server.died();
      await shop.start();
      await finishes(shop, id);
    });
  }

  for (const point of ['register.before_call', 'register.after_call', 'refund.before_call',
    'refund.after_call']) {
    shopTest(`at ${point} of a video that failed: its price goes back once`, {}, async (shop) => {
      await shop.sandbox.faults({
        match: 'POST /api/v1/file/generate-video', times: 0, action: { task: 'error' } });
      const id = await shop.order({ quantity: videos });
      await arm(shop, point);
      await shop.sandbox.pay(id);
      await shop.server.died();
      await shop.start();
      const seen = await shop.statusWhen(id, (one) => one.status === 'error', patience);
      assert.deepEqual(seen.refund, { status: 'refunded', amount: 200, currency: 'usd' });
      const { refunds } = await shop.sandbox.ledger('refunds');
      assert.deepEqual(refunds.map((one) => one.amount), [100, 100]);
    });
  }

  shopTest('again and again: twelve lives, one order of each kind', {}, async (shop) => {
    const ids = [];
    for (let life = 0; life < 12; ++life) {
      ids.push(await shop.paidOrder({ quantity: 1, prompt: `zebrafinch ${life}` }));
      await shop.server.kill();
      await shop.start();
    }
    for (const id of ids) await shop.completed(id, patience);
    const made = (await shop.generations()).map((one) => one.prompt).sort();
    assert.deepEqual(made, ids.map((_, life) => `zebrafinch ${life}`).sort());
  });

  shopTest('A14: an order that kills its worker each time is held, the others are made', {
    ownRedis: true,
  }, async (shop) => {
    const poison = await shop.order();
    const others = [await shop.order(), await shop.order()];
    await arm(shop, `work.taken@${poison}`);
    for (const id of [poison, ...others]) await shop.sandbox.pay(id);
    await shop.server.died();
    for (let life = 0; life < 5; ++life) {
      await leaseRunsOut(shop, poison);
      await shop.start({ CLAIMCHECK_FAIL: `work.taken@${poison}:kill` });
      await shop.server.died();
    }
    await leaseRunsOut(shop, poison);
    await shop.start();
    await eventually(async () =>
      await shop.redis('HGET', `claim:{session:${poison}}`, 'state') === 'held');
    for (const id of others) await shop.completed(id, patience);
    assert.equal((await shop.generations()).length, others.length);
    assert.match(await shop.redis('HGET', `claim:{session:${poison}}`, 'reason'), /workers died/);
  });
});
