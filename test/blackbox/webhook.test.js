// The webhook's door: who is believed, what is answered, and that nothing but a kept knock is a
// 200. Events are signed with Stripe's own package.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const Stripe = require('stripe');
const { pause } = require('../torture/time.js');
const { privateWord } = require('./support/claimcheck.js');
const { eventually } = require('./support/sandbox.js');
const { Shop, parallel, shopTest } = require('./support/shop.js');
const { fixture } = require('./support/stripe.js');

const stripe = new Stripe('sk_test_x');
const now = () => Math.floor(Date.now() / 1000);
const [oldSecret, newSecret, foreignSecret] = ['whsec_old1234', 'whsec_new1234', 'whsec_far1234'];

const printed = (event) => JSON.stringify(event, null, 2);
const sign = (payload, secret, timestamp = now()) =>
  stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
const post = (shop, payload, signature) => shop.ask('POST', '/api/webhooks/stripe', {
  body: Buffer.from(payload), headers: signature ? { 'stripe-signature': signature } : {},
});
const completed = (id) => ({
  ...fixture('event.checkout.session.completed.paid'),
  data: { object: { id, object: 'checkout.session', payment_status: 'paid' } },
});

describe('signatures', () => {
  const payload = printed(completed('cs_test_unknown'));
  let shop;
  before(async () => {
    const settings = { STRIPE_WEBHOOK_SECRET: `${oldSecret},${newSecret}` };
    shop = await Shop.open({ webhooks: false, settings });
  });
  after(() => shop?.close());

  const v1 = (secret) => sign(payload, secret).split('v1=')[1];
  const believed = {
    'C16 the old secret while one is rolled': () => sign(payload, oldSecret),
    'the new secret': () => sign(payload, newSecret),
    'two signatures, the second one ours':
      () => `t=${now()},v1=${v1(foreignSecret)},v1=${v1(newSecret)}`,
    'an older scheme beside ours': () => `${sign(payload, newSecret)},v0=${'0'.repeat(64)}`,
    'almost five minutes old': () => sign(payload, newSecret, now() - 295),
  };
  for (const [what, signature] of Object.entries(believed)) {
    test(`believes ${what}`, async () => {
      const { status, json } = await post(shop, payload, signature());
      assert.deepEqual([status, json], [200, { received: true }]);
    });
  }

  const refused = {
    'no signature': () => '',
    'a foreign secret': () => sign(payload, foreignSecret),
    'an altered body': () => sign(payload.replace('paid', 'PAID'), newSecret),
    'an altered time': () => sign(payload, newSecret).replace(/t=\d+/, `t=${now() + 1}`),
    'C17 an old event': () => sign(payload, newSecret, now() - 310),
    'C17 an event of the future': () => sign(payload, newSecret, now() + 310),
    'a signature of the older scheme only': () => `t=${now()},v0=${v1(newSecret)}`,
    'a signature without a time': () => `v1=${v1(newSecret)}`,
    'nonsense': () => 'nonsense',
  };
  for (const [what, signature] of Object.entries(refused)) {
    test(`refuses ${what}`, async () => {
      const { status, json } = await post(shop, payload, signature());
      assert.deepEqual([status, json.error], [400, 'Invalid signature']);
    });
  }

  test('refuses what is signed but no event', async () => {
    const bodies = ['', '{', '[]', 'null', '{"object":"event"}',
      printed(fixture('event.thin.v1.checkout.session.completed'))];
    for (const body of bodies) {
      const { status } = await post(shop, body, sign(body || ' ', newSecret));
      assert.equal(status, 400, body);
    }
  });

  test('C18 takes and ignores what is not ours', async () => {
    const foreign = await shop.sandbox.emit('checkout.session.completed');
    const events = [
      fixture('event.checkout.session.completed.foreign'), fixture('event.charge.succeeded'),
      fixture('event.payment_intent.succeeded'), completed(foreign.session),
      completed('cs_test_nobodyKnowsMe'),
      { object: 'event', id: 'evt_1', type: 'something.new', data: { object: {} } },
    ];
    for (const event of events) {
      const body = printed(event);
      const { status, json } = await post(shop, body, sign(body, newSecret));
      assert.deepEqual([status, json], [200, { received: true }], event.type);
    }
    // The knock about the foreign session was looked at, and nothing came of it.
    await eventually(async () =>
      (await shop.requests('GET', `/v1/checkout/sessions/${foreign.session}`)).length > 0);
    assert.deepEqual(await shop.generations(), []);
    const { status } = await shop.ask('GET', `/api/webhook-status/${foreign.session}`);
    assert.equal(status, 404);
  });
});

describe('knocks', () => {
  let shop;
  before(async () => {
    const settings = { STRIPE_WEBHOOK_SECRET: newSecret };
    shop = await Shop.open({ webhooks: false, settings });
  });
  after(() => shop?.close());
  const knock = (event) => post(shop, printed(event), sign(printed(event), newSecret));

  test('C2 an event is not believed: unpaid stays unpaid', async () => {
    const id = await shop.order();
    assert.equal((await knock(completed(id))).status, 200);
    await eventually(async () =>
      (await shop.requests('GET', `/v1/checkout/sessions/${id}`)).length > 0);
    assert.equal((await shop.status(id)).status, 'pending');
    assert.deepEqual(await shop.generations(), []);
  });

  test('C1 twenty copies and other events of one payment make each video once', async () => {
    const id = await shop.order({ quantity: 2 });
    await shop.sandbox.pay(id);
    const later = { ...completed(id), id: 'evt_other',
      type: 'checkout.session.async_payment_succeeded' };
    const events = [...Array(20).fill(completed(id)), later, later,
      fixture('event.payment_intent.succeeded')];
    const answers = await Promise.all(events.map(knock));
    assert.deepEqual(new Set(answers.map((one) => one.status)), new Set([200]));
    await shop.completed(id);
    await Promise.all(events.map(knock));
    await eventually(() => shop.server.events('webhook_received').length >= 40);
    assert.equal((await shop.generations()).length, 2);
  });
});

describe('deliveries', parallel, () => {
  shopTest('Redis away is a 503, and the next delivery works', { ownRedis: true }, async (shop) => {
    const id = await shop.order();
    shop.ownRedis.freeze();
    await shop.sandbox.pay(id);
    await eventually(async () => (await shop.deliveries(id)).some((one) => one.status === 503));
    shop.ownRedis.thaw();
    await shop.completed(id);
    const seen = (await shop.deliveries(id))
      .filter((one) => one.type === 'checkout.session.completed').map((one) => one.status);
    assert.deepEqual(seen.filter((status) => status !== 503 && status !== 0), [200]);
    assert.equal((await shop.generations()).length, 1);
  });

  shopTest('a webhook is answered while the generator still hangs', {}, async (shop) => {
    await shop.sandbox.faults(
      { match: 'POST /api/v1/file/generate-video', action: { delay_ms: 6000 } });
    const id = await shop.paidOrder();
    await eventually(async () => (await shop.sandbox.call('GET', '/sandbox/faults'))[0].struck);
    const { events } = await shop.sandbox.ledger('events');
    const { id: event } = events.find((one) => one.type === 'checkout.session.completed');
    await shop.sandbox.resend(event, 5);
    await eventually(async () => (await shop.deliveries(id))
      .filter((one) => one.event === event && one.status === 200).length === 6);
    assert.deepEqual(await shop.generations(), [], 'the generator was faster');
    await shop.completed(id);
    assert.equal((await shop.generations()).length, 1);
  });

  shopTest('C3 a lost webhook costs a buyer who looks only seconds', {}, async (shop) => {
    await shop.sandbox.faults({ match: 'WEBHOOK *', times: 0, action: { drop: true } });
    const id = await shop.paidOrder();
    await shop.completed(id);
    assert.deepEqual(await shop.deliveries(id), []);
  });

  shopTest('C3 events that are lost while nobody looks: the next look at Stripe finds the order',
    { webhooks: false }, async (shop) => {
      const id = await shop.paidOrder();
      await pause(1100);  // what happened in the second of the look is read by the next one
      await shop.redis('ZREM', 'claimcheck:{p00}:due', id);  // not even its expiry reminds of it
      await shop.server.stop();
      await shop.start();  // which looks, as every five minutes do
      await eventually(async () =>
        await shop.redis('HGET', `claim:{session:${id}}`, 'state') === 'done');
      assert.equal((await shop.generations()).length, 1);
    });

  shopTest('C2 C6 a delayed payment: nothing before the money, then everything', {
    sandbox: ['--generate-ms', '300', '--pay-later-ms', '3600000'],
  }, async (shop) => {
    const [good, bad] = [await shop.order(), await shop.order()];
    await shop.sandbox.pay(good, 'later');
    await shop.sandbox.pay(bad, 'later_fail');
    const waiting = await shop.statusWhen(good, (seen) => seen.message);
    assert.equal(waiting.status, 'pending');
    assert.match(waiting.message, /on its way/);
    assert.deepEqual(await shop.generations(), []);
    await shop.sandbox.advance(3600);
    await shop.completed(good);
    const failed = await shop.statusWhen(bad, (seen) => seen.status === 'error');
    assert.match(failed.error, /payment failed\. Nothing was charged/);
    assert.equal((await shop.generations()).length, 1);
  });

  shopTest('a declined card changes nothing; the second try is the order', {}, async (shop) => {
    const id = await shop.order();
    await shop.sandbox.pay(id, 'decline');
    await eventually(async () => (await shop.deliveries(id))
      .some((one) => one.type === 'payment_intent.payment_failed' && one.status === 200));
    assert.equal((await shop.status(id)).status, 'pending');
    await shop.sandbox.pay(id);
    await shop.completed(id);
    assert.equal((await shop.generations()).length, 1);
  });

  shopTest('C5 an order that costs nothing is made', {
    sandbox: ['--generate-ms', '300', '--price', 'price_free:usd:0:Free video'],
    settings: { STRIPE_PRICE_IDS: 'price_free' },
  }, async (shop) => {
    await shop.completed(await shop.paidOrder({ priceId: 'price_free' }));
  });

  shopTest('an expired session closes the order and keeps the prompt', {}, async (shop) => {
    const prompt = `A ${privateWord}, not paid`;
    const id = await shop.order({ prompt });
    await shop.sandbox.advance(24 * 3600 + 1);
    const seen = await shop.statusWhen(id, (one) => one.status === 'error');
    assert.match(seen.error, /Nothing was charged/);
    assert.equal(seen.prompt, prompt);
    assert.deepEqual(await shop.generations(), []);
  });
});
