// The Stripe side of claimcheck-sandbox, driven with Stripe's own package: if the official client
// cannot tell it from Stripe, our service cannot either.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { Sandbox, eventually } = require('./support/sandbox.js');
const { assertSameMembers, client, fixture, order, refused, testKey } =
  require('./support/stripe.js');

describe('the Stripe side', () => {
  let sandbox;
  let stripe;
  before(async () => {
    sandbox = await Sandbox.start(['--pay-later-ms', '50']);
    stripe = client(sandbox);
  });
  after(() => sandbox.stop());

  async function paidOrder() {
    const { id } = await stripe.checkout.sessions.create(order());
    await sandbox.pay(id);
    const session = await stripe.checkout.sessions.retrieve(id);
    return { id, intent: session.payment_intent };
  }

  test('a session costs what its prices say and has every member of the API', async () => {
    const session = await stripe.checkout.sessions.create(order());
    assert.match(session.id, /^cs_test_[0-9A-Za-z]{58}$/);
    assert.equal(session.url, `${sandbox.url}/c/pay/${session.id}`);
    assert.equal(session.amount_total, 200);
    assert.equal(session.status, 'open');
    assert.equal(session.payment_status, 'unpaid');
    assert.equal(session.payment_intent, null);
    assert.equal(session.expires_at - session.created, 24 * 3600);
    assert.equal(session.success_url, 'https://shop.example/done/{CHECKOUT_SESSION_ID}');
    assert.deepEqual({ ...session.metadata }, { tool: 'veo3-generator', video_count: '2' });
    assertSameMembers({ ...session }, fixture('checkout.session.open'));
  });

  test('prices can be given inline, with their own metadata and description', async () => {
    const session = await stripe.checkout.sessions.create(order({
      line_items: [{
        price_data: { currency: 'eur', unit_amount: 1900, product_data: { name: 'Video & more' } },
        quantity: 3,
      }],
      payment_intent_data: { description: '“Grüße” 🎬', metadata: { order: '7' } },
    }));
    assert.equal(session.amount_total, 5700);
    assert.equal(session.currency, 'eur');
    const items = await stripe.checkout.sessions.listLineItems(session.id);
    assert.equal(items.data[0].description, 'Video & more');
    assertSameMembers({ ...items }, fixture('list.line_items'), /unit_amount_decimal\./);
    await sandbox.pay(session.id);
    const paid = await stripe.checkout.sessions.retrieve(session.id, {
      expand: ['payment_intent.latest_charge'],
    });
    assert.equal(paid.payment_intent.description, '“Grüße” 🎬');
    assert.equal(paid.payment_intent.latest_charge.metadata.order, '7');
  });

  test('a paid session, its intent and its charge look as at Stripe', async () => {
    const { id, intent } = await paidOrder();
    const session = await stripe.checkout.sessions.retrieve(id);
    assert.equal(session.status, 'complete');
    assert.equal(session.payment_status, 'paid');
    assert.equal(session.url, null);
    assertSameMembers({ ...session }, fixture('checkout.session.paid'));
    const payment = await stripe.paymentIntents.retrieve(intent, { expand: ['latest_charge'] });
    assert.equal(payment.status, 'succeeded');
    assert.equal(payment.amount_received, 200);
    assertSameMembers({ ...payment.latest_charge }, fixture('event.charge.succeeded').data.object);
    const plain = await stripe.paymentIntents.retrieve(intent);
    assert.equal(plain.latest_charge, payment.latest_charge.id);
    assertSameMembers({ ...plain }, fixture('event.payment_intent.succeeded').data.object);
  });

  test('expand puts line items and payments in place, and refuses what is no reference',
    async () => {
      const { id } = await paidOrder();
      const session = await stripe.checkout.sessions.retrieve(id, {
        expand: ['line_items', 'payment_intent.latest_charge'],
      });
      assert.equal(session.line_items.data[0].price.id, 'price_single');
      assert.equal(session.line_items.data[0].quantity, 2);
      assert.equal(session.payment_intent.latest_charge.paid, true);
      await refused(stripe.checkout.sessions.retrieve(id, { expand: ['currency'] }),
        { statusCode: 400, message: /cannot be expanded/ });
    });

  test('a declined card leaves the session open for another try', async () => {
    const { id } = await stripe.checkout.sessions.create(order());
    await sandbox.pay(id, 'decline');
    const open = await stripe.checkout.sessions.retrieve(id, { expand: ['payment_intent'] });
    assert.equal(open.status, 'open');
    assert.equal(open.payment_intent.status, 'requires_payment_method');
    assert.equal(open.payment_intent.last_payment_error.code, 'card_declined');
    await sandbox.pay(id);
    const paid = await stripe.checkout.sessions.retrieve(id, { expand: ['payment_intent'] });
    assert.equal(paid.payment_intent.id, open.payment_intent.id);
    assert.equal(paid.payment_intent.last_payment_error, null);
    assert.equal(paid.payment_status, 'paid');
  });

  test('a bank debit completes unpaid and settles later, or bounces', async () => {
    for (const [action, status, intentStatus] of [
      ['later', 'paid', 'succeeded'],
      ['later_fail', 'unpaid', 'requires_payment_method'],
    ]) {
      const { id } = await stripe.checkout.sessions.create(order());
      const seen = await sandbox.pay(id, action);
      assert.equal(seen.status, 'complete');
      assert.equal(seen.payment_status, 'unpaid');
      const session = await eventually(async () => {
        const now = await stripe.checkout.sessions.retrieve(id, { expand: ['payment_intent'] });
        return now.payment_intent.status !== 'processing' && now;
      });
      assert.equal(session.payment_status, status);
      assert.equal(session.payment_intent.status, intentStatus);
      assert.equal(session.status, 'complete');
    }
  });

  test('nothing to pay needs no payment', async () => {
    const { id } = await stripe.checkout.sessions.create(order({
      line_items: [{
        price_data: { currency: 'usd', unit_amount: 0, product_data: { name: 'Gift' } },
        quantity: 1,
      }],
    }));
    const paid = await sandbox.pay(id);
    assert.equal(paid.payment_status, 'no_payment_required');
    assert.equal(paid.payment_intent, null);
  });

  test('a session is paid once', async () => {
    const { id } = await paidOrder();
    await assert.rejects(sandbox.pay(id), /409.*the session is complete/);
  });

  test('only open sessions expire', async () => {
    const { id } = await stripe.checkout.sessions.create(order());
    const expired = await stripe.checkout.sessions.expire(id);
    assert.equal(expired.status, 'expired');
    assert.equal(expired.url, null);
    await refused(stripe.checkout.sessions.expire(id), {
      type: 'StripeInvalidRequestError', statusCode: 400,
      message: 'Only Checkout Sessions with a status in ["open"] can be expired. ' +
        'This Checkout Session has a status of `expired`.',
    });
    await assert.rejects(sandbox.pay(id), /the session is expired/);
  });

  test('refusals carry the type, code and param of Stripe', async () => {
    const create = (more) => stripe.checkout.sessions.create(order(more));
    const item = { price: 'price_single', quantity: 1 };
    await refused(stripe.checkout.sessions.retrieve('cs_test_does_not_exist'),
      { statusCode: 404, code: 'resource_missing', param: 'session',
        message: "No such checkout.session: 'cs_test_does_not_exist'" });
    await refused(create({ line_items: [{ price: 'price_none', quantity: 1 }] }),
      { statusCode: 400, code: 'resource_missing', param: 'line_items[0][price]',
        message: "No such price: 'price_none'" });
    await refused(create({ payment_method_types: ['card'] }),
      { statusCode: 400, code: 'parameter_unknown', param: 'payment_method_types',
        message: 'Received unknown parameter: payment_method_types' });
    await refused(create({ line_items: [{ ...item, colour: 'red' }] }),
      { code: 'parameter_unknown', param: 'line_items[0][colour]' });
    await refused(create({ line_items: undefined }),
      { code: 'parameter_missing', param: 'line_items' });
    await refused(create({ mode: undefined }), { code: 'parameter_missing', param: 'mode' });
    await refused(create({ line_items: [{ price: 'price_single' }] }),
      { code: 'parameter_missing', param: 'line_items[0][quantity]' });
    await refused(create({ line_items: [{ ...item, quantity: 0 }] }),
      { code: 'parameter_invalid_integer', param: 'line_items[0][quantity]' });
    await refused(create({ line_items: [{ ...item, quantity: 'two' }] }),
      { code: 'parameter_invalid_integer', message: 'Invalid integer: two' });
    await refused(create({ metadata: { note: 'x'.repeat(501) } }),
      { statusCode: 400, param: 'metadata', message: /up to 500 characters.*is 501 characters/ });
    await refused(create({ metadata: { ['k'.repeat(41)]: 'x' } }), { param: 'metadata' });
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, 'x']));
    await refused(create({ metadata: many }), { param: 'metadata' });
    await refused(create({ success_url: 'shop' }), { code: 'url_invalid', param: 'success_url' });
    await refused(create({ customer_email: 'nobody' }), { code: 'email_invalid' });
    const soon = Math.floor(Date.now() / 1000) + 600;
    await refused(create({ expires_at: soon }), { param: 'expires_at' });
    await refused(create({ expires_at: soon + 48 * 3600 }), { param: 'expires_at' });
    await refused(stripe.rawRequest('POST', '/v1/unknown/thing'), { statusCode: 404 });
  });

  test('500 characters are counted as characters, not bytes', async () => {
    const session = await stripe.checkout.sessions.create(
      order({ metadata: { note: 'ü'.repeat(500) } }));
    assert.equal(session.metadata.note.length, 500);
  });

  test('keys are checked, and Basic authentication works too', async () => {
    await refused(client(sandbox, 'nonsense_key_12345').events.list(),
      { type: 'StripeAuthenticationError', statusCode: 401, message: /^Invalid API Key provided/ });
    assert.equal((await fetch(`${sandbox.url}/v1/events`)).status, 401);
    const basic = Buffer.from(testKey + ':').toString('base64');
    const answer = await fetch(`${sandbox.url}/v1/events`, {
      headers: { authorization: `Basic ${basic}`, 'stripe-version': '2026-10-28.endive' },
    });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('stripe-version'), '2026-10-28.endive');
    assert.match(answer.headers.get('request-id'), /^req_/);
  });

  test('refunds: all that is left by default, in parts, and never twice', async () => {
    const { intent } = await paidOrder();
    const half = await stripe.refunds.create({
      payment_intent: intent, amount: 50, metadata: { why: 'test' },
    });
    assert.equal(half.status, 'succeeded');
    assertSameMembers({ ...half }, fixture('refund.succeeded'));
    await refused(stripe.refunds.create({ payment_intent: intent, amount: 151 }), {
      message: 'Refund amount ($1.51) is greater than unrefunded amount on charge ($1.50)',
    });
    const rest = await stripe.refunds.create({ payment_intent: intent });
    assert.equal(rest.amount, 150);
    await refused(stripe.refunds.create({ payment_intent: intent }),
      { statusCode: 400, code: 'charge_already_refunded' });
    const { data } = await stripe.refunds.list({ payment_intent: intent });
    assert.deepEqual(data.map((refund) => refund.id), [rest.id, half.id]);
    const charge = await stripe.charges.retrieve(half.charge);
    assert.equal(charge.amount_refunded, 200);
    assert.equal(charge.refunded, true);
    assert.equal((await stripe.refunds.retrieve(half.id)).metadata.why, 'test');
  });

  test('a refund of a bank debit is pending first, and can fail afterwards', async () => {
    const { id } = await stripe.checkout.sessions.create(order());
    await sandbox.pay(id, 'later');
    const intent = await eventually(async () => {
      const session = await stripe.checkout.sessions.retrieve(id);
      return session.payment_status === 'paid' && session.payment_intent;
    });
    const { id: refund, status, pending_reason: reason } =
      await stripe.refunds.create({ payment_intent: intent });
    assert.match(refund, /^pyr_/);
    assert.deepEqual([status, reason], ['pending', 'processing']);
    await eventually(async () => (await stripe.refunds.retrieve(refund)).status === 'succeeded');
    await sandbox.endRefund(refund, 'failed');
    const failed = await stripe.refunds.retrieve(refund, { expand: ['charge'] });
    assert.equal(failed.status, 'failed');
    assert.equal(failed.charge.amount_refunded, 0);
    assert.equal((await stripe.events.list({ type: 'refund.failed' })).data.length, 1);
  });

  test('what is not paid or is disputed cannot be refunded', async () => {
    const { id } = await stripe.checkout.sessions.create(order());
    await sandbox.pay(id, 'decline');
    const declined = await stripe.checkout.sessions.retrieve(id);
    await refused(stripe.refunds.create({ payment_intent: declined.payment_intent }),
      { statusCode: 400, message: /does not have a successful charge/ });
    const paid = await paidOrder();
    await sandbox.dispute(paid.id);
    await refused(stripe.refunds.create({ payment_intent: paid.intent }),
      { statusCode: 400, code: 'charge_disputed' });
    const session = await stripe.checkout.sessions.retrieve(paid.id, {
      expand: ['payment_intent.latest_charge'],
    });
    assert.equal(session.payment_intent.latest_charge.disputed, true);
  });

  test('metadata of a charge is merged, and an empty value takes a key away', async () => {
    const { intent } = await paidOrder();
    const { latest_charge: charge } = await stripe.paymentIntents.retrieve(intent);
    await stripe.charges.update(charge, { metadata: { a: '1', b: '2' } });
    await stripe.charges.update(charge, { metadata: { a: '', c: '3' } });
    const { metadata } = await stripe.charges.retrieve(charge);
    assert.deepEqual({ ...metadata }, { b: '2', c: '3' });
  });

  test('lists are newest first, have pages both ways, and filter', async () => {
    const made = [];
    for (let i = 0; i < 5; ++i) made.unshift((await stripe.checkout.sessions.create(order())).id);
    const ids = (list) => list.data.map((session) => session.id);
    const first = await stripe.checkout.sessions.list({ limit: 2 });
    assert.deepEqual(ids(first), made.slice(0, 2));
    assert.equal(first.has_more, true);
    const next = await stripe.checkout.sessions.list({ limit: 2, starting_after: made[1] });
    assert.deepEqual(ids(next), made.slice(2, 4));
    const back = await stripe.checkout.sessions.list({ limit: 2, ending_before: made[4] });
    assert.deepEqual(ids(back), made.slice(2, 4));
    assert.equal(back.has_more, true);
    assert.deepEqual(Object.keys(first).sort(), ['data', 'has_more', 'object', 'url']);

    await sandbox.pay(made[2]);
    const { payment_intent: intent } = await stripe.checkout.sessions.retrieve(made[2]);
    assert.deepEqual(ids(await stripe.checkout.sessions.list({ payment_intent: intent })),
      [made[2]]);
    assert.ok(!ids(await stripe.checkout.sessions.list({ status: 'open' })).includes(made[2]));
    const future = Math.floor(Date.now() / 1000) + 3600;
    assert.deepEqual(ids(await stripe.checkout.sessions.list({ created: { gte: future } })), []);
    await refused(stripe.checkout.sessions.list({ limit: 101 }), { param: 'limit' });
    await refused(stripe.checkout.sessions.list({ starting_after: 'cs_test_none' }),
      { code: 'resource_missing', param: 'starting_after' });
  });

  test('the ledger never holds a key', async () => {
    await stripe.checkout.sessions.create(order());
    const { requests } = await sandbox.ledger('requests');
    const created = requests.findLast((entry) => entry.path === '/v1/checkout/sessions');
    assert.match(created.body, /line_items\[0\]\[price\]=price_single/);
    assert.match(created.headers['content-type'], /x-www-form-urlencoded/);
    assert.ok(!JSON.stringify(requests).includes(testKey));
  });
});

test('only loopback addresses are served', async () => {
  await assert.rejects(Sandbox.start(['--listen', '0.0.0.0:0']), /ended \(2\)/);
});
