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

  for (const [fault, point] of [
    ['A1', 'webhook.before_wake'], ['A2', 'webhook.after_wake'], ['A4', 'work.taken'],
    ['A5', 'submit.before_call'], ['A7', 'submit.after_call'], ['A7', 'job.owned'],
    ['A8', 'poll.after_call'], ['A9', 'register.before_call'], ['A9', 'register.after_call'],
    ['A9', 'view.before_commit'], ['A11', 'view.after_commit'], ['A11', 'settle.before']]) {
    shopTest(`${fault} at ${point}: the next start finishes the order`, {}, async (shop) => {
      const id = await shop.order({ quantity: videos });
      await arm(shop, point);
      await shop.sandbox.pay(id);
      await shop.server.died();
      await shop.start();
      await finishes(shop, id);
    });
  }

  shopTest('A3 right after the 200: the next start finishes the order', {}, async (shop) => {
    const id = await shop.order({ quantity: videos });
    await shop.sandbox.faults({  // nothing has been made by then
      match: 'POST /api/v1/file/generate-video', times: 0, action: { status: 429 } });
    await shop.sandbox.pay(id);
    await eventually(async () => (await shop.deliveries(id)).some((one) => one.status === 200),
      { everyMs: 1 });
    await shop.server.kill();
    await shop.sandbox.clearFaults();
    await shop.start();
    await finishes(shop, id);
  });

  shopTest('A6 while the generator has taken it and not answered yet: found by its seed', {},
    async (shop) => {
      await shop.sandbox.faults({ match: 'POST /api/v1/file/generate-video',
        action: { execute: true, answer_delay_ms: 20000 } });
      const id = await shop.paidOrder({ quantity: videos });
      await eventually(async () => (await shop.generations()).length === 1);
      await shop.server.kill();
      await shop.start();
      await finishes(shop, id);
    });

  for (const point of ['register.before_call', 'register.after_call', 'refund.before_call',
    'refund.after_call']) {
    const name = `A10 at ${point} of a video that failed: its price goes back once`;
    shopTest(name, {}, async (shop) => {
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

  shopTest('before a held order is listed: the next start lists it', {
    ownRedis: true, settings: { CLAIMCHECK_REFUNDS: 'manual' } }, async (shop) => {
    await shop.sandbox.faults({
      match: 'POST /api/v1/file/generate-video', times: 0, action: { task: 'error' } });
    const id = await shop.order();
    await arm(shop, 'held.before_list');
    await shop.sandbox.pay(id);
    await shop.server.died();
    assert.equal(await shop.redis('ZCARD', 'claimcheck:{p00}:held'), '0');
    await leaseRunsOut(shop, id);
    await shop.start();
    await eventually(async () =>
      await shop.redis('ZRANGE', 'claimcheck:{p00}:held', '0', '-1') === id);
  });

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

  shopTest('A14 an order that kills its worker each time is held, the others are made', {
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
