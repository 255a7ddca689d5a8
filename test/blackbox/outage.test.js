// The generator is away, for minutes: its orders wait, nobody's money goes back, and nothing is
// made twice. And a generation that failed is not the end of a video.
'use strict';
const assert = require('node:assert/strict');
const { describe } = require('node:test');
const { secrets } = require('./support/claimcheck.js');
const { eventually } = require('./support/sandbox.js');
const { parallel, shopTest } = require('./support/shop.js');

const submit = 'POST /api/v1/file/generate-video';
const list = 'GET /api/v1/file';
const patience = 240000;  // a submit without a word is left alone for 75 s, then looked up twice
const asked = (shop) => shop.requests('POST', '/api/v1/file/generate-video');
const refunds = async (shop) => (await shop.sandbox.ledger('refunds')).refunds;

async function allMadeOnce(shop, ids) {
  for (const id of ids) await shop.completed(id, patience);
  assert.equal((await shop.generations()).length, ids.length);
  assert.deepEqual(await refunds(shop), []);
}

describe('the generator is away', parallel, () => {
  for (const [what, action] of Object.entries({
    'answers 500': { status: 500 }, 'answers a gateway\'s 503': { status: 503, html: true },
    'answers a web page with 404': { status: 404, html: true },
    'cuts the connection': { drop: true },
  })) {
    shopTest(`D4 it ${what}: all orders wait, few of them ask, each is made once`, {},
      async (shop) => {
        await shop.sandbox.faults({ match: submit, times: 0, action },
          { match: list, times: 0, action });
        const ids = [];
        for (let i = 0; i < 2; ++i) ids.push(await shop.paidOrder());
        await eventually(async () => shop.server.events('generator_away').length === 1);
        const before = (await asked(shop)).length;
        ids.push(...await Promise.all(Array.from({ length: 8 }, () => shop.paidOrder())));
        const seen = await shop.statusWhen(ids[9],
          (one) => one.notice === 'generator_away', patience);
        assert.equal(seen.status, 'processing');
        assert.match(seen.message, /Your order is safe/);
        const waits = Date.parse(seen.waitsUntil) - Date.now();
        assert.ok(waits > 23 * 3600e3 && waits <= 24 * 3600e3, seen.waitsUntil);
        await eventually(async () => (await asked(shop)).length > before, { withinMs: 60000 });
        assert.ok((await asked(shop)).length <= before + 4);
        await shop.sandbox.clearFaults();
        await allMadeOnce(shop, ids);
        assert.ok(shop.server.events('generator_back').length >= 1);
        assert.equal((await shop.status(ids[9])).notice, undefined);
      });
  }

  shopTest('D4 a second process does not ask either', { ownRedis: true }, async (shop) => {
    await shop.sandbox.faults({ match: submit, times: 0, action: { status: 402 } });
    const first = await shop.paidOrder();
    await eventually(async () => shop.server.events('generator_away').length === 1);
    const second = await shop.another();
    try {
      const ids = [first, ...await Promise.all(Array.from({ length: 6 }, () => shop.paidOrder()))];
      await eventually(async () => (await asked(shop)).length >= 3, { withinMs: 60000 });
      assert.equal(second.events('generator_away').length, 0);
      assert.ok((await asked(shop)).length <= 4);
      await shop.sandbox.clearFaults();
      await allMadeOnce(shop, ids);
    } finally {
      await second.stop();
    }
  });

  shopTest('its patience ends: then, and not before, the money goes back',
    { settings: { CLAIMCHECK_GENERATOR_PATIENCE: '1m' } }, async (shop) => {
      await shop.sandbox.faults({ match: submit, times: 0, action: { status: 402 } });
      const id = await shop.paidOrder();
      const seen = await shop.statusWhen(id, (one) => one.status === 'error', patience);
      assert.equal(seen.notice, 'not_made');
      const [refund, ...more] = await refunds(shop);
      assert.deepEqual(more, []);
      const paid = await shop.stripeSession(id);
      assert.equal(refund.payment_intent, paid.payment_intent);
      const lines = await shop.redis('LRANGE', `history:{session:${id}}`, '0', '-1');
      const told = lines.trim().split('\n').map((line) => JSON.parse(line));
      const failed = told.find((line) => line.to === 'video 1 failed');
      assert.equal(failed.why, 'the generator took no order within 1 min');
    });

  shopTest('a person sees how many wait, and may give all of them back', {}, async (shop) => {
    await shop.sandbox.faults({ match: submit, times: 0, action: { status: 402 } });
    const ids = await Promise.all(Array.from({ length: 4 }, () => shop.paidOrder()));
    const headers = { authorization: `Bearer ${secrets.CLAIMCHECK_ADMIN_TOKEN}` };
    const away = async () => (await shop.ask('GET', '/api/ops/stats', { headers }))
      .json.now.generatorAway;
    const told = await eventually(async () => {
      const now = await away();
      return now?.waiting === 4 && now;
    }, { withinMs: 60000 });
    assert.match(told.reason, /cannot take it now \(402\)/);
    assert.ok(Date.parse(told.since) <= Date.now());
    const refuse = await shop.ask('POST', '/api/ops/generator/refund', { body: {} });
    assert.equal(refuse.status, 401);
    let refunded = 0;
    await eventually(async () => {  // one may be on its way to the generator just now
      const { status, json, text } = await shop.ask('POST', '/api/ops/generator/refund',
        { headers, body: { note: 'no end in sight' } });
      assert.equal(status, 200, text);
      refunded += json.refunded;
      return refunded === 4;
    }, { withinMs: 60000 });
    for (const id of ids) await shop.statusWhen(id, (one) => one.status === 'error', patience);
    assert.equal((await refunds(shop)).length, 4);
    assert.equal(await away(), null);
    assert.deepEqual(await shop.generations(), []);
  });

  const again = { settings: { CLAIMCHECK_FURTHER_GENERATIONS: '1' } };  // the default
  shopTest('a generation fails: it is made once more, the buyer is told, and pays once', again,
    async (shop) => {
      await shop.sandbox.faults({ match: submit, action: { task: 'error' } });
      const id = await shop.paidOrder();
      const [file] = (await shop.completed(id)).files;
      const made = await shop.generations();
      assert.deepEqual(made.map((one) => one.state), ['error', 'completed']);
      assert.equal(file.fileId, made[1].id);
      assert.notEqual(made[0].seed, made[1].seed);
      assert.deepEqual(await refunds(shop), []);
      // Its own first job is no other program's.
      assert.deepEqual(shop.server.events('second_fulfiller'), []);
    });

  shopTest('a generation fails twice: the money goes back', again, async (shop) => {
    await shop.sandbox.faults({ match: submit, times: 0, action: { task: 'error' } });
    const id = await shop.paidOrder();
    await shop.statusWhen(id, (one) => one.status === 'error', patience);
    assert.equal((await shop.generations()).length, 2);
    assert.equal((await refunds(shop)).length, 1);
  });

  shopTest('further generations of a day are limited',
    { settings: { ...again.settings, CLAIMCHECK_FURTHER_GENERATIONS_PER_DAY: '1' } },
    async (shop) => {
      await shop.sandbox.faults({ match: submit, times: 0, action: { task: 'error' } });
      const id = await shop.paidOrder({ quantity: 3 });
      await shop.statusWhen(id, (one) => one.status === 'error', patience);
      assert.equal((await shop.generations()).length, 4);
      assert.ok(shop.server.events('no_more_generations').length >= 2);
    });
});
