// claimcheck audit: the same books twice; a difference is found, named, and told by the exit code.
'use strict';
const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { run, defaults } = require('./support/claimcheck.js');
const { parallel, shopTest } = require('./support/shop.js');

function audit(shop, words = [], settings = {}) {
  return run(['audit', ...words], {
    ...defaults, ...shop.settings, STRIPE_API_URL: shop.sandbox.url, ...settings });
}
const claimKey = (id) => `claim:{session:${id}}`;

// One order delivered, one of which a third went back, one refunded whole.
async function threeOrders(shop) {
  const delivered = await shop.paidOrder({ quantity: 2 });
  await shop.completed(delivered);
  const submit = { match: 'POST /api/v1/file/generate-video' };
  await shop.sandbox.faults({ ...submit, times: 1, action: { status: 422 } });
  const partly = await shop.paidOrder({ quantity: 3 });
  await shop.statusWhen(partly, (seen) => seen.refund?.status === 'refunded' &&
    seen.files.filter((file) => file.url).length === 2);
  await shop.sandbox.faults({ ...submit, times: 1, action: { status: 422 } });
  const refunded = await shop.paidOrder();
  await shop.statusWhen(refunded, (seen) => seen.refund?.status === 'refunded');
  return { delivered, partly, refunded };
}

describe('audit', parallel, () => {
  shopTest('equal books: the sums of both sides, and 0', { ownRedis: true }, async (shop) => {
    await threeOrders(shop);
    await shop.order();  // not paid: in no book
    const { code, stdout, stderr } = await audit(shop);
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /^3 orders paid in 30 days/);
    assert.match(stdout, /usd +paid +delivered +refunded +open +held/);
    assert.match(stdout, /Redis +600 +400 +200 +0 +0/);
    assert.match(stdout, /Stripe +600 +400 +200 +0 +-/);
    assert.match(stdout, /^0 differences$/m);
  });

  shopTest('each difference is named with its session, and 1', { ownRedis: true }, async (shop) => {
    const ids = await threeOrders(shop);
    await shop.server.stop();
    await shop.redis('HSET', claimKey(ids.delivered), 'u0.state', 'ready');
    await shop.redis('HSET', claimKey(ids.partly), 'amount_minor', '200');
    await shop.redis('DEL', claimKey(ids.refunded));  // over: no difference
    const { code, stdout } = await audit(shop);
    assert.equal(code, 1, stdout);
    const less = 'delivered: 100 in Redis, 200 at Stripe';
    assert.match(stdout, new RegExp(`^${ids.delivered}  ${less}$`, 'm'));
    assert.match(stdout, new RegExp(`^${ids.partly}  paid: 200 in Redis, 300 at Stripe$`, 'm'));
    assert.match(stdout, /^1 orders are over at Stripe and no longer in Redis\.$/m);
    assert.ok(!stdout.includes(ids.refunded));
    await shop.start();
  });

  shopTest('a paid order that Redis does not have, or has not seen paid', {
    ownRedis: true, webhooks: false,
  }, async (shop) => {
    const [lost, unseen] = [await shop.order(), await shop.order()];
    await shop.server.stop();
    for (const id of [lost, unseen]) await shop.sandbox.pay(id);
    await shop.redis('DEL', claimKey(lost));
    const { code, stdout } = await audit(shop);
    assert.equal(code, 1, stdout);
    assert.match(stdout, new RegExp(`^${lost}  not in Redis$`, 'm'));
    assert.match(stdout, new RegExp(`^${unseen}  not paid in Redis$`, 'm'));
    await shop.start();
  });

  shopTest('nothing is said when Stripe or Redis is away', { ownRedis: true }, async (shop) => {
    const nobody = 'http://127.0.0.1:1';
    const stripe = await audit(shop, [], { STRIPE_API_URL: nobody });
    assert.equal(stripe.code, 4);
    assert.match(stripe.stderr, /^claimcheck: /);
    assert.equal(stripe.stdout, '');
    const redis = await audit(shop, [], { REDIS_URL: 'redis://127.0.0.1:1' });
    assert.equal(redis.code, 4);
    assert.equal(redis.stdout, '');
  });

  test('what it cannot take is named', async () => {
    const days = await run(['audit', '--days', '0'], defaults);
    assert.equal(days.code, 2);
    assert.match(days.stderr, /--days/);
    const key = await run(['audit'], { ...defaults, STRIPE_SECRET_KEY: '' });
    assert.equal(key.code, 2);
    assert.match(key.stderr, /STRIPE_SECRET_KEY/);
  });
});
