// Stripe's limit of calls: what buyers, several processes and an audit get of it.
'use strict';
const assert = require('node:assert/strict');
const { describe } = require('node:test');
const { run, defaults } = require('./support/claimcheck.js');
const { ask, parallel, shopTest } = require('./support/shop.js');

const sessions = '/v1/checkout/sessions';
const limited = ['--generate-ms', '300', '--calls-per-second', '25'];
const body = { priceId: 'price_single', prompt: 'A lake' };
const fast = { CLAIMCHECK_STRIPE_CALLS_PER_SECOND: '1000' };

const checkout = (base, buyer = '10.0.0.1') => ask(base, 'POST', '/api/create-checkout',
  { body, headers: { 'x-forwarded-for': buyer } });
// Each of another buyer, where the server believes that.
const checkouts = (base, number, from = 0) => Promise.all(
  Array.from({ length: number }, (none, i) => checkout(base, `10.0.0.${from + i}`)));
const statuses = (answers) => [...new Set(answers.map((one) => one.status))];
// How many calls of ours Stripe has refused.
async function refused(shop) {
  const { requests } = await shop.sandbox.ledger('requests');
  return requests.filter((one) => one.status === 429).length;
}

describe('Stripe\'s limit of calls', parallel, () => {
  shopTest('a crowd of buyers, at two processes at once, waits a little: no 429, no error', {
    ownRedis: true, sandbox: limited, settings: { CLAIMCHECK_TRUSTED_PROXIES: 'loopback' },
  }, async (shop) => {
    const second = await shop.another();
    const answers = await Promise.all([shop.server.url, second.url]
      .map((base, i) => checkouts(base, 50, 100 * i)));
    await second.stop();
    assert.deepEqual(statuses(answers.flat()), [200]);
    assert.equal(await refused(shop), 0);
    assert.equal((await shop.sandbox.ledger('sessions')).sessions.length, 100);
    const key = await shop.redis('KEYS', 'claimcheck:{pace}:*');
    assert.equal(key, 'claimcheck:{pace}:test');
  });

  shopTest('where others use up the limit a checkout tries again, and all are told', {
    ownRedis: true, sandbox: limited, settings: fast,
  }, async (shop) => {
    // The first ones in any case: a slow machine may stay below the limit.
    const action = { status: 429 };
    await shop.sandbox.faults({ match: `POST ${sessions}`, times: 5, action });
    const answers = await checkouts(shop.server.url, 40);
    assert.deepEqual(statuses(answers), [200]);
    assert.ok(await refused(shop) > 0);
    assert.ok(shop.server.events('stripe_too_many_calls').every((line) => line.told_all));
    assert.equal((await shop.sandbox.ledger('sessions')).sessions.length, 40);
    const creations = await shop.requests('POST', sessions);
    const keys = new Set(creations.map((one) => one.headers['idempotency-key']));
    assert.equal(keys.size, 40);  // each try of a checkout is the same call
    assert.ok(creations.length > 40);
  });

  shopTest('a limit that lasts is a 503 that says when to come back', {}, async (shop) => {
    await shop.sandbox.faults({ match: `POST ${sessions}`, times: 0, action: { status: 429 } });
    const { status, json, headers } = await checkout(shop.server.url);
    assert.deepEqual([status, json.code], [503, 'payment_busy']);
    assert.equal(headers.get('retry-after'), '5');
    assert.ok((await shop.requests('POST', sessions)).length > 2);
    await shop.sandbox.clearFaults();
    await shop.order();
  });

  shopTest('buyers beside an audit get their pages, and it comes to its end', {
    ownRedis: true, sandbox: limited,
  }, async (shop) => {
    const settings = { ...defaults, ...shop.settings, STRIPE_API_URL: shop.sandbox.url };
    await shop.order();
    const audit = run(['audit', '--days', '90'], settings);
    const answers = await checkouts(shop.server.url, 55);
    assert.deepEqual(statuses(answers), [200]);
    const { code, stdout, stderr } = await audit;
    assert.equal(code, 0, stdout + stderr);
    assert.equal(await refused(shop), 0);
    const { requests } = await shop.sandbox.ledger('requests');
    const calls = requests.filter((one) => one.path.startsWith(sessions));
    const creations = calls.map((one, i) => (one.method === 'POST' ? i : -1)).filter((i) => i >= 0);
    const beside = calls.slice(creations[1], creations.at(-1))
      .filter((one) => one.method === 'GET');
    assert.ok(calls.length - creations.length > 90, 'the audit has a page for each day');
    assert.ok(beside.length < 20, `${beside.length} calls of the audit while buyers waited`);
  });
});
