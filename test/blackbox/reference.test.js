// Whose order is it? The shop's own reference and metadata go with an order to Stripe, to the
// shop's webhook and to the operator's search, never to those who only know the session id.
'use strict';
const assert = require('node:assert/strict');
const { describe } = require('node:test');
const { secrets } = require('./support/claimcheck.js');
const { Hook } = require('./support/hook.js');
const { parallel, shopTest } = require('./support/shop.js');
const { client, order } = require('./support/stripe.js');

const bearer = { authorization: `Bearer ${secrets.CLAIMCHECK_ADMIN_TOKEN}` };
const own = { reference: 'Order 4711/é', metadata: { user: '77', plan: 'gold=1&x' } };

async function found(shop, q) {
  const { json } = await shop.ask('POST', '/api/ops/search', { body: { q }, headers: bearer });
  return json.orders.map((one) => one.id);
}
const value = async (shop, id) => JSON.parse(await shop.redis('GET', `session:${id}`));

describe('the shop\'s reference and metadata', parallel, () => {
  shopTest('are at Stripe, in the value and in the search at once; the status has none', {},
    async (shop) => {
      const id = await shop.order(own);
      const session = await client(shop.sandbox).checkout.sessions.retrieve(id);
      assert.equal(session.client_reference_id, own.reference);
      assert.deepEqual({ ...session.metadata },
        { ...own.metadata, video_count: '1', tool: 'veo3-generator' });
      const { reference, metadata } = await value(shop, id);
      assert.deepEqual({ reference, metadata }, own);
      assert.deepEqual(await found(shop, 'order 4711/É'.toLowerCase()), [id]);
      const status = JSON.stringify(await shop.status(id));
      assert.ok(!status.includes('4711') && !status.includes('gold'));
    });

  shopTest('repeated under one Idempotency-Key are one order; another reference is a conflict', {},
    async (shop) => {
      const key = { 'idempotency-key': 'k' };
      const id = await shop.order(own, key);
      const turned = { user: own.metadata.plan, plan: own.metadata.user };
      assert.equal(await shop.order({ ...own, metadata: { plan: own.metadata.plan,
        user: own.metadata.user } }, key), id);
      assert.equal((await shop.checkout({ ...own, metadata: turned }, key)).status, 409);
      assert.equal((await shop.checkout({ ...own, reference: 'Other' }, key)).status, 409);
    });

  shopTest('an address that an operator corrects finds the order, the mistaken one does not', {},
    async (shop) => {
      const id = await shop.paidOrder({ customerEmail: 'adda@example.com' });
      await shop.completed(id);
      await shop.settled();
      assert.deepEqual(await found(shop, 'adda@example.com'), [id]);
      const { status, text } = await shop.ask('PATCH', `/api/sessions/${id}`,
        { body: { customerEmail: 'ada@example.com' }, headers: bearer });
      assert.equal(status, 200, text);
      assert.deepEqual(await found(shop, 'ada@example.com'), [id]);
      assert.deepEqual(await found(shop, 'adda@example.com'), []);
    });

  shopTest('are refused with the limit that they pass', {}, async (shop) => {
    const long = await shop.checkout({ reference: 'x'.repeat(201) });
    assert.deepEqual([long.status, long.json.code, long.json.param],
      [400, 'invalid_reference', 'reference']);
    assert.match(long.json.error, /at most 200 characters/);
    const ours = await shop.checkout({ metadata: { video_count: '9' } });
    assert.deepEqual([ours.status, ours.json.code], [400, 'invalid_metadata']);
    assert.deepEqual(await shop.requests('POST', '/v1/checkout/sessions'), []);
  });

  shopTest('go with the shop\'s webhook', {}, async (shop) => {
    const hook = await Hook.open(() => 200);
    try {
      await shop.server.stop();
      await shop.start(hook.settings());
      const id = await shop.paidOrder({ ...own, customerEmail: 'buyer@zebrafinch.example' });
      const [{ data }] = await hook.types(id, ['order.delivered']);
      const { reference, metadata, customerEmail } = data;
      assert.deepEqual({ reference, metadata, customerEmail },
        { ...own, customerEmail: 'buyer@zebrafinch.example' });
    } finally {
      await hook.stop();
    }
  });

  shopTest('of a checkout that the shop\'s own site made are kept with the payment', {},
    async (shop) => {
      await shop.afterBirth();
      const session = await client(shop.sandbox).checkout.sessions.create(order({
        client_reference_id: own.reference, metadata: own.metadata,
        line_items: [{ price: 'price_single', quantity: 1 }] }));
      const known = { prompt: 'a cat', videoCount: 1, duration: 8, resolution: '1280x720',
        style: 'cinematic', toolSlug: 'veo3-prompt-generator', toolTitle: 'Videos',
        createdAt: new Date().toISOString(), status: 'pending' };
      await shop.redis('SET', `session:${session.id}`, JSON.stringify(known), 'EX', '9000');
      await shop.sandbox.pay(session.id);
      await shop.completed(session.id);
      const { reference, metadata } = await value(shop, session.id);
      assert.deepEqual({ reference, metadata }, own);
      assert.deepEqual(await found(shop, own.reference), [session.id]);
    });

  shopTest('are erased with the rest of a person\'s data', {}, async (shop) => {
    const id = await shop.paidOrder(own);
    await shop.completed(id);
    const { status } = await shop.ask('POST', `/api/ops/sessions/${id}/actions`,
      { body: { action: 'erase' }, headers: bearer });
    assert.equal(status, 200);
    assert.deepEqual(await found(shop, own.reference), []);
    const { reference, metadata } = await value(shop, id);
    assert.deepEqual([reference, metadata], [undefined, undefined]);
  });
});
