// The pause in which no new checkouts are opened: by many declined cards or by a person. Orders
// that exist go on.
'use strict';
const assert = require('node:assert/strict');
const { describe } = require('node:test');
const { run, secrets } = require('./support/claimcheck.js');
const { eventually } = require('./support/sandbox.js');
const { ask, parallel, shopTest } = require('./support/shop.js');

const bearer = { authorization: `Bearer ${secrets.CLAIMCHECK_ADMIN_TOKEN}` };
const body = { priceId: 'price_single', prompt: 'A lake' };
const now = async (shop) =>
  (await shop.ask('GET', '/api/ops/stats', { headers: bearer })).json.now;
const post = (shop, deed) =>
  shop.ask('POST', `/api/ops/checkout/${deed}`, { body: {}, headers: bearer });
const decline = (shop, id) => shop.sandbox.pay(id, 'decline');
const declined = (shop, many) => eventually(async () =>
  Number(await shop.redis('ZCARD', 'claimcheck:{checkout}:declines')) === many,
{ what: `${many} declines` });
const checkout = (shop, ...words) => run(['checkout', ...words], shop.server.settings);

describe('the pause of the checkout', parallel, () => {
  shopTest('many declined cards begin one, at all processes; what exists goes on', {
    ownRedis: true, settings: { CLAIMCHECK_PAUSE_DECLINES: '3', CLAIMCHECK_PAUSE_QUIET: '1h' },
  }, async (shop) => {
    const second = await shop.another();
    const [open, tester] = [await shop.order(), await shop.order()];
    for (let i = 0; i < 2; ++i) await decline(shop, tester);
    await declined(shop, 2);
    assert.equal((await now(shop)).checkoutPaused, null);
    await decline(shop, tester);
    const paused = await eventually(async () => (await now(shop)).checkoutPaused,
      { what: 'a pause' });
    assert.equal(paused.by, null);
    assert.ok(new Date(paused.until) - new Date(paused.since) >= 3600_000);
    for (const { url } of [shop.server, second]) {
      const { status, json, headers } = await ask(url, 'POST', '/api/create-checkout', { body });
      assert.deepEqual([status, json.code], [503, 'checkout_paused']);
      assert.ok(Number(headers.get('retry-after')) > 3500);
    }
    assert.equal((await shop.ask('GET', '/readyz')).status, 200);
    await shop.sandbox.pay(open);  // its payment page was open already
    await shop.completed(open);
    const told = [...shop.server.events('checkout_paused'), ...second.events('checkout_paused')];
    assert.deepEqual(told.map((line) => [line.level, line.declines]), [['warn', 3]]);
    assert.match((await shop.ask('GET', '/metrics', { headers: bearer })).text,
      /^claimcheck_checkout_pauses_total\{by="automatic"\} 1$/m);
    assert.deepEqual((await post(shop, 'resume')).json, { paused: false, changed: true });
    await shop.order();
    await second.stop();
  });

  shopTest('an event that Stripe sends again counts once', {
    settings: { CLAIMCHECK_PAUSE_DECLINES: '3' },
  }, async (shop) => {
    const id = await shop.order();
    await decline(shop, id);
    const { events } = await shop.sandbox.ledger('events');
    const { id: event } = events.find((one) => one.type === 'payment_intent.payment_failed');
    await shop.sandbox.resend(event, 3);
    await eventually(async () => {
      const { deliveries } = await shop.sandbox.ledger('deliveries');
      return deliveries.filter((one) => one.event === event && one.status === 200).length >= 4;
    }, { what: 'all of them' });
    assert.equal(await shop.redis('ZCARD', 'claimcheck:{checkout}:declines'), '1');
    assert.equal((await now(shop)).checkoutPaused, null);
  });

  shopTest('a person\'s stays until a person ends it, by the API and at the command line', {
    settings: { CLAIMCHECK_PAUSE_DECLINES: '1', CLAIMCHECK_PAUSE_QUIET: '1s' },
  }, async (shop) => {
    const id = await shop.order();
    assert.deepEqual((await post(shop, 'pause')).json, { paused: true, changed: true });
    assert.deepEqual((await post(shop, 'pause')).json, { paused: true, changed: false });
    await decline(shop, id);
    await declined(shop, 1);
    const { checkoutPaused } = await now(shop);
    assert.deepEqual([checkoutPaused.until, checkoutPaused.by], [null, 'operator']);
    const shown = await checkout(shop, 'show');
    assert.match(shown.stdout, /^no new checkouts are opened since .*: paused by operator\./);
    assert.match((await checkout(shop, 'resume')).stdout, /^resumed/);
    assert.equal((await now(shop)).checkoutPaused, null);
    assert.match((await checkout(shop, 'pause')).stdout, /^paused/);
    assert.match((await now(shop)).checkoutPaused.by, / \(command line\)$/);
    assert.equal((await shop.checkout()).json.code, 'checkout_paused');
    assert.match((await checkout(shop, 'resume')).stdout, /^resumed/);
    assert.match((await checkout(shop, 'show')).stdout, /^new checkouts are opened$/m);
    await shop.order();
    const acts = shop.server.events('operator_action').map(({ action, by }) => [action, by]);
    assert.deepEqual(acts[0], ['pause_checkout', 'operator']);
  });
});
