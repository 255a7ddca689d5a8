// claimcheck audit: the same books twice; a difference is found, named, and told by the exit code.
'use strict';
const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const Stripe = require('stripe');
const { run, defaults } = require('./support/claimcheck.js');
const { eventually } = require('./support/sandbox.js');
const { parallel, shopTest } = require('./support/shop.js');

function audit(shop, words = [], settings = {}) {
  return run(['audit', ...words], {
    ...defaults, ...shop.settings, STRIPE_API_URL: shop.sandbox.url, ...settings });
}
// By a person in Stripe's Dashboard.
function refundByHand(shop, payment, amount) {
  const person = new Stripe('sk_test_person', {
    host: '127.0.0.1', port: new URL(shop.sandbox.url).port, protocol: 'http' });
  return person.refunds.create({ payment_intent: payment, amount });
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
    assert.match(stdout, /usd +paid +delivered +refunded +open +held +disputed/);
    assert.match(stdout, /Redis +6\.00 +4\.00 +2\.00 +0\.00 +0\.00/);
    assert.match(stdout, /Stripe +6\.00 +4\.00 +2\.00 +0\.00 +-/);
    assert.match(stdout, /^0 differences$/m);
  });

  shopTest('each difference is named with its session, and 1', { ownRedis: true }, async (shop) => {
    const ids = await threeOrders(shop);
    await shop.server.stop();
    await shop.redis('HSET', claimKey(ids.delivered), 'u0.state', 'ready');
    await shop.redis('HSET', claimKey(ids.partly), 'amount_minor', '200');
    await shop.redis('DEL', claimKey(ids.refunded));
    const { code, stdout } = await audit(shop);
    assert.equal(code, 1, stdout);
    const less = 'delivered: 100 in Redis, 200 at Stripe';
    assert.match(stdout, new RegExp(`^${ids.delivered}  ${less}$`, 'm'));
    assert.match(stdout, new RegExp(`^${ids.partly}  paid: 200 in Redis, 300 at Stripe$`, 'm'));
    assert.match(stdout, new RegExp(`^${ids.refunded}  lost by Redis, over at Stripe$`, 'm'));
    await shop.start();
  });

  shopTest('an order that Redis has kept long enough and no longer has is no difference', {
    ownRedis: true,
  }, async (shop) => {
    const id = await shop.paidOrder();
    await shop.completed(id);
    await shop.server.stop();
    await shop.redis('DEL', claimKey(id));
    const aDay = 86400;
    const old = Math.floor(Date.now() / 1000) - 8 * aDay;
    await shop.sandbox.changeSession(id, { created: old });
    const kept = await audit(shop, [], { CLAIMCHECK_SESSION_TTL: '9d' });
    assert.match(kept.stdout, new RegExp(`^${id}  lost by Redis, over at Stripe$`, 'm'));
    const { code, stdout } = await audit(shop, [], { CLAIMCHECK_SESSION_TTL: '7d' });
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^1 orders are over at Stripe and no longer in Redis\.$/m);
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

  shopTest('many orders that differ are read again by one list, not one by one', {
    ownRedis: true, webhooks: false,
  }, async (shop) => {
    const ids = await Promise.all(Array.from({ length: 5 }, () => shop.order()));
    await shop.server.stop();
    for (const id of ids) await shop.sandbox.pay(id);
    const before = (await shop.requests('GET', '/v1/checkout/sessions')).length;
    const { code, stdout } = await audit(shop, ['--days', '1']);
    assert.equal(code, 1);
    for (const id of ids) assert.match(stdout, new RegExp(`^${id}  not paid in Redis$`, 'm'));
    const calls = (await shop.requests('GET', '/v1/checkout/sessions')).slice(before);
    assert.ok(calls.every((one) => one.path.startsWith('/v1/checkout/sessions?')));
    // A day, and what our clocks may differ by; then each of the two that holds several orders
    // again: orders of the very second in which the audit begins belong to the second list.
    assert.ok(calls.length === 3 || calls.length === 4, `${calls.length} lists`);
    await shop.start();
  });

  shopTest('two currencies are never added up; --json says the same', {
    ownRedis: true, sandbox: ['--generate-ms', '300', '--price', 'price_single:usd:100:One',
      '--price', 'price_triple:eur:1000:Three'],
  }, async (shop) => {
    await shop.completed(await shop.paidOrder());
    await shop.completed(await shop.paidOrder({ priceId: 'price_triple' }));
    const { code, stdout, stderr } = await audit(shop);
    assert.equal(code, 0, stdout + stderr);
    const rows = (paid) => `.*\\nRedis( +${paid}){2}( +0\\.00){4}\\n` +
      `Stripe( +${paid}){2}( +0\\.00){2}( +-){2}\\n`;
    assert.match(stdout, new RegExp(`eur ${rows('10\\.00')}`));
    assert.match(stdout, new RegExp(`usd ${rows('1\\.00')}`));
    const told = JSON.parse((await audit(shop, ['--json'])).stdout);
    const eur = { paid: 1000, delivered: 1000, refunded: 0, open: 0 };
    assert.deepEqual(told.currencies.eur,
      { redis: { ...eur, held: 0, disputed: 0 }, stripe: { ...eur, held: null, disputed: null } });
    assert.deepEqual([told.orders, told.differences], [2, []]);
  });

  shopTest('what a person sends back of a delivered order is noted: equal books again', {
    ownRedis: true,
  }, async (shop) => {
    const id = await shop.paidOrder();
    await shop.completed(id);
    const { payment_intent: payment } = await shop.stripeSession(id);
    await refundByHand(shop, payment, 50);
    await eventually(async () => (await audit(shop)).code === 0);
    assert.equal(await shop.redis('HGET', claimKey(id), 'refunded_elsewhere_minor'), '50');
    assert.equal((await shop.status(id)).status, 'completed');
  });

  shopTest('a refund behind our back, and a unit that Redis changed', {
    ownRedis: true,
  }, async (shop) => {
    const ids = await threeOrders(shop);
    await shop.server.stop();
    const { payment_intent: payment } = await shop.stripeSession(ids.delivered);
    await refundByHand(shop, payment, 50);
    await shop.redis('HSET', claimKey(ids.refunded), 'u0.state', 'delivered', 'u0.refund', '');
    const { code, stdout } = await audit(shop);
    assert.equal(code, 1, stdout);
    const lines = stdout.split('\n').filter((line) => line.startsWith('cs_')).sort();
    assert.deepEqual(lines, [
      `${ids.delivered}  refunded: 0 in Redis, 50 at Stripe`,
      `${ids.refunded}  delivered: 100 in Redis, 0 at Stripe`,
      `${ids.refunded}  refunded: 0 in Redis, 100 at Stripe`].sort());
    await shop.start();
  });

  shopTest('an unreadable claim counts if it was paid; a tool once sold is still ours', {
    ownRedis: true,
  }, async (shop) => {
    const [paid, retired] = [await shop.paidOrder(), await shop.paidOrder()];
    for (const id of [paid, retired]) await shop.completed(id);
    const unpaid = await shop.order();
    await shop.server.stop();
    for (const id of [paid, unpaid]) await shop.redis('HSET', claimKey(id), 'state', 'nonsense');
    await shop.sandbox.changeSession(retired, { metadata: { tool: 'retired', video_count: '1' } });
    const { code, stdout, stderr } = await audit(shop);
    assert.equal(code, 1, stdout + stderr);
    assert.match(stdout, /^2 orders paid/);
    assert.deepEqual(stdout.split('\n').filter((line) => line.startsWith('cs_')),
      [`${paid}  unreadable in Redis`]);
    await shop.redis('DEL', claimKey(paid), claimKey(unpaid));
    await shop.start();
  });

  shopTest('without a register Stripe is not asked for deliveries', {
    ownRedis: true, settings: { CLAIMCHECK_OUTCOME_REGISTER: 'off' },
  }, async (shop) => {
    await shop.completed(await shop.paidOrder());
    const { code, stdout } = await audit(shop);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /Stripe +1\.00 +\? +0\.00 +\? +-/);
    assert.match(stdout, /CLAIMCHECK_OUTCOME_REGISTER=off\) Stripe knows no deliveries/);
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
