// What the operator's page costs: counts in Redis are bounded and survive its absence, and no
// question reads more than its share of a million orders.
'use strict';
const assert = require('node:assert/strict');
const { describe } = require('node:test');
const { secrets } = require('./support/claimcheck.js');
const { eventually } = require('./support/sandbox.js');
const { parallel, shopTest } = require('./support/shop.js');

const headers = { authorization: `Bearer ${secrets.CLAIMCHECK_ADMIN_TOKEN}` };
const total = (series) => series.reduce((sum, one) => sum + one, 0);
const patience = 30000;

// Calls of a command so far, as Redis counts them.
async function calls(shop, command) {
  const line = new RegExp(`cmdstat_${command}:calls=(\\d+)`);
  return Number((line.exec(await shop.redis('INFO', 'commandstats')) || [0, 0])[1]);
}

describe('the cost of the operator\'s page', parallel, () => {
  shopTest('what a process has counted is in Redis soon, in each range, and after its end', {
    ownRedis: true }, async (shop) => {
    await shop.completed(await shop.paidOrder({ quantity: 2 }));
    await shop.server.stop();
    await shop.start();
    for (const range of ['hour', 'day', 'month']) {
      const { json } = await shop.ask('GET', `/api/ops/stats?range=${range}`, { headers });
      assert.equal(json.range, range);
      assert.equal(json.series.paid.length, { hour: 60, day: 288, month: 720 }[range]);
      assert.equal(total(json.series.created), 1, range);
      assert.equal(total(json.series.paid), 1, range);
      assert.equal(total(json.series.delivered), 2, range);
      assert.equal(total(json.series.deliveries), 1, range);
      assert.ok(total(json.series.delivery_ms) > 0);
      assert.ok(total(json.series.webhooks) > 0);
      assert.equal(total(json.series.lags), total(json.series.webhooks));
      assert.ok(total(json.series.stripe_ok) > 0);
    }
    for (const key of (await shop.redis('KEYS', 'claimcheck:stats:*')).split('\n')) {
      assert.ok(Number(await shop.redis('TTL', key)) > 0, key);
    }
  });

  shopTest('what was counted while Redis was away is added when it is back, once', {
    ownRedis: true }, async (shop) => {
    await shop.ownRedis.end();
    for (let i = 0; i < 3; ++i) {
      const { status } = await shop.ask('POST', '/api/webhooks/stripe', { body: { odd: 1 } });
      assert.equal(status, 400);
    }
    assert.equal((await shop.ask('GET', '/api/ops/stats', { headers })).status, 503);
    await shop.ownRedis.begin();
    const refused = async () => {
      const { status, json } = await shop.ask('GET', '/api/ops/stats', { headers });
      return status === 200 && total(json.series.webhooks_refused);
    };
    assert.equal(await eventually(refused, { withinMs: patience, what: 'the count' }), 3);
  });

  shopTest('buyers are told how long an order takes, once three are known', {}, async (shop) => {
    const first = await shop.order();
    assert.equal((await shop.status(first)).expectedSeconds, undefined);
    for (let i = 0; i < 3; ++i) await shop.completed(await shop.paidOrder());
    const told = await shop.statusWhen(first, (seen) => seen.expectedSeconds, patience);
    assert.ok(Number.isInteger(told.expectedSeconds) && told.expectedSeconds >= 1);
  });

  shopTest('10,000 orders: a question reads 500 claims, looks at no key by chance', {
    ownRedis: true }, async (shop) => {
    const now = Date.now() * 1000;
    for (let from = 0; from < 10000; from += 2500) {
      const places = Array.from({ length: 2500 }, (_, i) => [now - (from + i) * 1000,
        `cs_test_${String(from + i).padStart(20, '0')}`]);
      await shop.redis('ZADD', 'claimcheck:{p00}:recent', ...places.flat().map(String));
    }
    // The walk of the start looks at all keys, as that of each hour.
    await eventually(() => calls(shop, 'scan'), { withinMs: patience, what: 'the first walk' });
    const before = { reads: await calls(shop, 'hgetall'), scans: await calls(shop, 'scan') };
    const ask = async (cursor) => (await shop.ask('POST', '/api/ops/search',
      { body: { q: 'some error', before: cursor }, headers })).json;
    const first = await ask('');
    assert.equal(first.searched, 500);
    assert.ok(await calls(shop, 'hgetall') - before.reads < 600);
    const second = await ask(first.next);
    assert.equal(second.searched, 500);
    assert.notEqual(second.next, first.next);
    const list = await shop.ask('GET', '/api/ops/sessions?filter=held', { headers });
    assert.equal(list.json.searched, 0);
    let looked = first.searched + second.searched;
    for (let { next } = second; next;) {
      const page = await ask(next);
      looked += page.searched;
      next = page.next;
    }
    assert.equal(looked, 10000);
    assert.equal(await calls(shop, 'scan'), before.scans);
    assert.equal(await calls(shop, 'keys'), 0);
  });
});
