// What could not be made is paid back: once, in full, never on top of what others did. Tests are
// named after the fault they provoke (docs/guarantees.md); the sandbox's books decide.
'use strict';
const assert = require('node:assert/strict');
const { describe } = require('node:test');
const Stripe = require('stripe');
const { run } = require('./support/claimcheck.js');
const { eventually } = require('./support/sandbox.js');
const { parallel, shopTest } = require('./support/shop.js');

const submit = 'POST /api/v1/file/generate-video';
const fails = { match: submit, times: 0, action: { task: 'error' } };
const failsOnce = { match: submit, action: { task: 'error' } };
// Long enough for what a test does before the videos are there, also on a busy machine.
const slow = { sandbox: ['--generate-ms', '15000'] };

async function refunds(shop) { return (await shop.sandbox.ledger('refunds')).refunds; }
async function chargeOf(shop, id) {
  const { payment_intent: intent } = await shop.stripeSession(id);
  const { charges } = await shop.sandbox.ledger('charges');
  return charges.find((one) => one.payment_intent === intent);
}
const patience = 60000;  // refused steps are tried again after 10 s, then 20 s
function ended(shop, id) {
  return shop.statusWhen(id, (one) => ['completed', 'error'].includes(one.status), patience);
}
// A person in Stripe's Dashboard.
function person(shop) {
  return new Stripe('sk_test_person', {
    host: '127.0.0.1', port: new URL(shop.sandbox.url).port, protocol: 'http' });
}
async function orderState(shop, id) {
  const { stdout } = await run(['session', 'show', id], shop.server.settings);
  return /^order +(\w+)/m.exec(stdout)?.[1];
}
// The only refund of an order of one video for 100.
async function assertOneRefund(shop, id) {
  const all = await refunds(shop);
  assert.equal(all.length, 1);
  assert.equal(all[0].amount, 100);
  assert.equal(all[0].metadata.claimcheck, `${id}/0`);
}

describe('refunds', parallel, () => {
  shopTest('D12 two of three succeed: a third goes back, exactly', {
    sandbox: ['--generate-ms', '300', '--price', 'price_single:usd:100:One',
      '--price', 'price_triple:usd:1000:Three'],
  }, async (shop) => {
    await shop.sandbox.faults(failsOnce);
    const id = await shop.paidOrder({ priceId: 'price_triple' });
    const seen = await ended(shop, id);
    assert.equal(seen.status, 'completed');
    assert.equal(seen.refund.status, 'refunded');
    const [refund, ...more] = await refunds(shop);
    assert.deepEqual(more, []);
    assert.ok([333, 334].includes(refund.amount));
    assert.equal(seen.refund.amount, refund.amount);
    const outcomes = Object.values((await chargeOf(shop, id)).metadata).sort();
    assert.deepEqual(outcomes, ['deliver', 'deliver', 'refund']);
  });

  for (const [currency, amount, shares] of [
    ['kwd', 1000, [330, 340]], ['isk', 20000, [6600, 6700]], ['jpy', 1000, [333, 334]]]) {
    shopTest(`shares of ${currency} are amounts that Stripe takes`, {
      sandbox: ['--generate-ms', '300', '--price', `price_triple:${currency}:${amount}:Three`],
    }, async (shop) => {
      await shop.sandbox.faults(failsOnce);
      const id = await shop.paidOrder({ priceId: 'price_triple' });
      const seen = await ended(shop, id);
      const [refund, ...more] = await refunds(shop);
      assert.deepEqual(more, []);
      assert.ok(shares.includes(refund.amount), `${refund.amount}`);
      assert.deepEqual(seen.refund, { status: 'refunded', amount: refund.amount, currency });
    });
  }

  shopTest('an amount that is no whole krona is refused by Stripe', {
    sandbox: ['--price', 'price_single:isk:10000:One'],
  }, async (shop) => {
    const id = await shop.paidOrder();
    const { payment_intent: intent } = await shop.stripeSession(id);
    await assert.rejects(person(shop).refunds.create({ payment_intent: intent, amount: 3333 }),
      { code: 'invalid_charge_amount_no_decimal_compatible', param: 'amount' });
  });

  shopTest('nothing could be made: everything goes back', {}, async (shop) => {
    await shop.sandbox.faults(fails);
    const id = await shop.paidOrder({ quantity: 3 });
    const seen = await ended(shop, id);
    assert.equal(seen.status, 'error');
    assert.match(seen.error, /payment was refunded/);
    assert.deepEqual(seen.refund, { status: 'refunded', amount: 300, currency: 'usd' });
    assert.deepEqual((await refunds(shop)).map((one) => one.amount), [100, 100, 100]);
  });

  shopTest('an ordinary order costs two reads and one register write for each video', {},
    async (shop) => {
      const id = await shop.paidOrder({ quantity: 2 });
      // Not by the status: a visit five seconds later is a reason to read once more.
      const stored = async () => JSON.parse(await shop.redis('GET', `session:${id}`));
      await eventually(async () => (await stored()).status === 'completed');
      assert.ok((await shop.requests('GET', '/v1/checkout/')).length <= 2);
      assert.equal((await shop.requests('POST', '/v1/charges/')).length, 2);
      assert.deepEqual((await chargeOf(shop, id)).metadata,
        { claimcheck_u0: 'deliver', claimcheck_u1: 'deliver' });
    });

  for (const [what, rule] of Object.entries({
    'C9 the connection drops before the refund': { times: 3, action: { drop: true } },
    'C9 the connection drops after the refund': { times: 3, action: { drop: true, execute: true } },
    'C8 a 500 although the refund was made': { action: { status: 500, execute: true } },
    'C8 a 500 and nothing was made': { times: 3, action: { status: 500 } },
    'C7 too many requests': { times: 2, action: { status: 429 } },
    'C10 the key is in use': { times: 3, action: { status: 409 } },
  })) {
    shopTest(`${what}: one refund`, {}, async (shop) => {
      await shop.sandbox.faults(fails, { match: 'POST /v1/refunds', ...rule });
      const id = await shop.paidOrder();
      await ended(shop, id);
      await assertOneRefund(shop, id);
    });
  }

  for (const [what, rule] of Object.entries({
    'drops before': { times: 3, action: { drop: true } },
    'drops after': { times: 3, action: { drop: true, execute: true } },
    'a stored 500': { action: { status: 500, execute: true } },
    'too many requests': { times: 2, action: { status: 429 } },
  })) {
    shopTest(`the register's write: ${what}: delivered, registered once`, {}, async (shop) => {
      await shop.sandbox.faults({ match: 'POST /v1/charges/*', ...rule });
      const id = await shop.paidOrder();
      const seen = await ended(shop, id);
      assert.equal(seen.status, 'completed');
      assert.deepEqual((await chargeOf(shop, id)).metadata, { claimcheck_u0: 'deliver' });
    });
  }

  shopTest('the register says refund already: nothing is shown, the money goes back', slow,
    async (shop) => {
      const id = await shop.paidOrder();
      await shop.statusWhen(id, (one) => one.fileId);
      const charge = await chargeOf(shop, id);
      await person(shop).charges.update(charge.id, { metadata: { claimcheck_u0: 'refund' } });
      const seen = await ended(shop, id);
      assert.equal(seen.status, 'error');
      assert.equal(seen.files[0].url, undefined);
      await assertOneRefund(shop, id);
    });

  shopTest('C11 the key is forgotten after a day: the refund is found in the list', {},
    async (shop) => {
      await shop.sandbox.faults(fails,
        { match: 'POST /v1/refunds', times: 3, action: { drop: true, execute: true } });
      const id = await shop.order();
      await shop.sandbox.pay(id);
      await eventually(async () => (await refunds(shop)).length === 1);
      await shop.sandbox.advance(25 * 3600);
      await ended(shop, id);
      await assertOneRefund(shop, id);
    });

  shopTest('C12 C14 a person refunds everything meanwhile: nothing more goes back', slow,
    async (shop) => {
      const id = await shop.paidOrder({ quantity: 2 });
      await shop.statusWhen(id, (one) => one.fileId);
      const { payment_intent: intent } = await shop.stripeSession(id);
      await person(shop).refunds.create({ payment_intent: intent });
      const seen = await ended(shop, id);
      assert.equal(seen.status, 'error');
      assert.deepEqual((await refunds(shop)).map((one) => one.amount), [200]);
      assert.equal(await orderState(shop, id), 'done');
    });

  shopTest('C14 a person refunds a part: the order is delivered all the same', slow,
    async (shop) => {
      const id = await shop.paidOrder();
      await shop.statusWhen(id, (one) => one.fileId);
      const { payment_intent: intent } = await shop.stripeSession(id);
      await person(shop).refunds.create({ payment_intent: intent, amount: 30 });
      assert.equal((await ended(shop, id)).status, 'completed');
      assert.deepEqual((await refunds(shop)).map((one) => one.amount), [30]);
    });

  shopTest('C14 a person refunds some other part: nothing is guessed, a person decides', slow,
    async (shop) => {
      await shop.sandbox.faults(failsOnce);
      const id = await shop.paidOrder({ quantity: 2 });
      await shop.statusWhen(id, (one) => one.fileId);
      const { payment_intent: intent } = await shop.stripeSession(id);
      await person(shop).refunds.create({ payment_intent: intent, amount: 30 });
      await eventually(async () => await orderState(shop, id) === 'held', { withinMs: patience });
      assert.deepEqual((await refunds(shop)).map((one) => one.amount), [30]);
    });

  shopTest('C13 a dispute opens: no refund on top of it, a person decides', {
    sandbox: ['--generate-ms', '2000'] }, async (shop) => {
    await shop.sandbox.faults(fails);
    const id = await shop.paidOrder();
    await shop.statusWhen(id, (one) => one.fileId);
    await shop.sandbox.dispute(id);
    await eventually(async () => await orderState(shop, id) === 'held');
    assert.deepEqual(await refunds(shop), []);
    assert.equal((await shop.status(id)).status, 'processing');
  });

  shopTest('C15 a bank refund waits, then fails: never shown as refunded', {
    sandbox: ['--generate-ms', '300', '--pay-later-ms', '300'] }, async (shop) => {
    await shop.sandbox.faults(fails);
    const id = await shop.order();
    await shop.sandbox.pay(id, 'later');
    const [pending] = await eventually(async () => {
      const all = await refunds(shop);
      return all.length > 0 && all;
    });
    await shop.sandbox.endRefund(pending.id, 'failed');
    await eventually(async () => await orderState(shop, id) === 'held');
    const seen = await shop.status(id);
    assert.equal(seen.status, 'processing');
    assert.equal(seen.refund, undefined);
    assert.equal((await refunds(shop)).length, 1);
  });

  shopTest('C21 many orders fail: the breaker stops refunds until a person releases it', {
    settings: { CLAIMCHECK_REFUNDS_PER_HOUR: '2' } }, async (shop) => {
    await shop.sandbox.faults(fails);
    const ids = [];
    for (let i = 0; i < 4; ++i) ids.push(await shop.paidOrder());
    await eventually(async () => {
      const told = await run(['refunds', 'show'], shop.server.settings);
      return /stopped.*more than 2 refunds in an hour/s.test(told.stdout);
    });
    const states = () => Promise.all(ids.map(async (id) => (await shop.status(id)).status));
    await eventually(async () =>
      (await states()).filter((word) => word === 'error').length === 2);
    assert.equal((await refunds(shop)).length, 2);
    const released = await run(['refunds', 'release'], shop.server.settings);
    assert.equal(released.code, 0, released.stderr);
    assert.match((await run(['refunds', 'show'], shop.server.settings)).stdout, /go on/);
  });

  shopTest('C2 C4 refund events, early, late and often, change nothing', {}, async (shop) => {
    await shop.sandbox.faults(fails);
    const id = await shop.paidOrder();
    await ended(shop, id);
    const { events } = await shop.sandbox.ledger('events');
    for (const event of events) await shop.sandbox.resend(event.id, 3);
    await eventually(async () => {
      const { deliveries } = await shop.sandbox.ledger('deliveries');
      return deliveries.filter((one) => one.status === 200).length >= 3 * events.length;
    });
    await assertOneRefund(shop, id);
    assert.equal((await shop.status(id)).status, 'error');
  });

  shopTest('a held order that a person refunds in the Dashboard is closed', {
    settings: { CLAIMCHECK_REFUNDS: 'manual' } }, async (shop) => {
    await shop.sandbox.faults(fails);
    const id = await shop.paidOrder();
    await eventually(async () => await orderState(shop, id) === 'held');
    const { payment_intent: intent } = await shop.stripeSession(id);
    await person(shop).refunds.create({ payment_intent: intent });
    const seen = await ended(shop, id);
    assert.equal(seen.status, 'error');
    assert.match(seen.error, /refunded/);
  });
});
