// The Stripe side of claimcheck-sandbox, driven with Stripe's own package: if the official client
// cannot tell it from Stripe, our service cannot either.
'use strict';
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');
const Stripe = require('stripe');
const { Sandbox, eventually, startEndpoint } = require('./support/sandbox.js');

const testKey = 'sk_test_black_box_1234';

function fixture(name) {
  return JSON.parse(fs.readFileSync(path.join(__dirname, '..', 'data', 'stripe', name + '.json')));
}

function client(sandbox, key = testKey) {
  const { hostname, port } = new URL(sandbox.url);
  return new Stripe(key, { host: hostname, port, protocol: 'http', maxNetworkRetries: 0 });
}

const order = (more = {}) => ({
  mode: 'payment',
  line_items: [{ price: 'price_single', quantity: 2 }],
  success_url: 'https://shop.example/done/{CHECKOUT_SESSION_ID}',
  cancel_url: 'https://shop.example/',
  metadata: { tool: 'veo3-generator', video_count: '2' },
  ...more,
});

// Names of all members, deep; arrays by their first element. What Stripe adds by kind of payment
// method or price is left out by the caller.
function members(value, prefix = '') {
  if (Array.isArray(value)) return value.length ? members(value[0], prefix + '[]') : [];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, member]) =>
    [`${prefix}.${name}`, ...members(member, `${prefix}.${name}`)]);
}
function assertSameMembers(actual, expected, ignore = /^\.(metadata|payment_method_options)\./) {
  const kept = (value) => members(value).filter((name) => !ignore.test(name)).sort();
  assert.deepEqual(kept(actual), kept(expected));
}

async function refused(promise, expected) {
  const error = await promise.then(() => assert.fail('not refused'), (failure) => failure);
  for (const [name, value] of Object.entries(expected)) {
    if (value instanceof RegExp) assert.match(error[name], value);
    else assert.deepEqual(error[name], value, `${name} of: ${error.message}`);
  }
  return error;
}

describe('without webhooks', () => {
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

  test('a declined card leaves the session open, and the same intent can then succeed', async () => {
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
      { statusCode: 404, code: 'resource_missing', param: 'session', message: /^No such checkout/ });
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

  test('the same idempotency key gives the same answer, byte for byte', async () => {
    const options = { idempotencyKey: 'order-1' };
    const first = await stripe.checkout.sessions.create(order(), options);
    const again = await stripe.checkout.sessions.create(order(), options);
    assert.equal(again.id, first.id);
    assert.equal(again.lastResponse.headers['idempotent-replayed'], 'true');
    assert.equal(first.lastResponse.headers['idempotent-replayed'], undefined);
    await refused(stripe.checkout.sessions.create(order({ client_reference_id: 'x' }), options), {
      type: 'StripeIdempotencyError', statusCode: 400,
      message: /same parameters they were first used with.*'order-1'/,
    });
    await refused(stripe.checkout.sessions.expire(first.id, {}, options),
      { type: 'StripeIdempotencyError', message: /same endpoint/ });
  });

  test('refusals of parameters are not kept, refusals while executing are', async () => {
    const wrong = order({ colour: 'red' });
    await refused(stripe.checkout.sessions.create(wrong, { idempotencyKey: 'order-2' }),
      { code: 'parameter_unknown' });
    await stripe.checkout.sessions.create(order(), { idempotencyKey: 'order-2' });

    const { id } = await stripe.checkout.sessions.create(order());
    await sandbox.pay(id);
    await refused(stripe.checkout.sessions.expire(id, {}, { idempotencyKey: 'expire-1' }), {});
    const replay = await refused(
      stripe.checkout.sessions.expire(id, {}, { idempotencyKey: 'expire-1' }), { statusCode: 400 });
    assert.equal(replay.headers['idempotent-replayed'], 'true');
  });

  test('a key in use is a 409', async () => {
    await sandbox.faults({ match: 'POST /v1/checkout/sessions', action: { delay_ms: 300 } });
    const options = { idempotencyKey: 'order-3' };
    const slow = stripe.checkout.sessions.create(order(), options);
    await eventually(() => sandbox.call('GET', '/sandbox/faults')
      .then((rules) => rules.some((rule) => rule.struck === 1)));
    await refused(stripe.checkout.sessions.create(order(), options),
      { statusCode: 409, code: 'idempotency_key_in_use' });
    const made = await slow;
    assert.equal((await stripe.checkout.sessions.create(order(), options)).id, made.id);
    await sandbox.clearFaults();
  });

  test('an executed 500 is kept, and its effect is in the books', async () => {
    await sandbox.faults({
      match: 'POST /v1/checkout/sessions', action: { execute: true, status: 500 },
    });
    const options = { idempotencyKey: 'order-4' };
    await refused(stripe.checkout.sessions.create(order(), options), { statusCode: 500 });
    const replay = await refused(stripe.checkout.sessions.create(order(), options),
      { statusCode: 500 });
    assert.equal(replay.headers['idempotent-replayed'], 'true');
    const { sessions } = await sandbox.ledger('sessions');
    const [newest] = (await stripe.checkout.sessions.list({ limit: 1 })).data;
    assert.equal(sessions.at(-1).id, newest.id);
    await sandbox.clearFaults();
  });

  test('an answer that is lost after execution is found again by its key', async () => {
    await sandbox.faults({
      match: 'POST /v1/checkout/sessions', action: { execute: true, drop: true }, times: 2,
    });
    const before = (await sandbox.ledger('sessions')).sessions.length;
    const lost = await refused(
      stripe.checkout.sessions.create(order(), { idempotencyKey: 'order-5' }),
      { type: 'StripeConnectionError' });
    assert.equal(lost.statusCode, undefined);
    await sandbox.clearFaults();
    const found = await stripe.checkout.sessions.create(order(), { idempotencyKey: 'order-5' });
    assert.equal(found.lastResponse.headers['idempotent-replayed'], 'true');
    assert.equal((await sandbox.ledger('sessions')).sessions.length, before + 1);
  });

  test('faults without execution change nothing', async () => {
    const before = (await sandbox.ledger('sessions')).sessions.length;
    await sandbox.faults(
      { match: 'POST /v1/*', action: { status: 503 } },
      { match: 'POST /v1/*', action: { status: 429 } },
      { match: 'POST /v1/*', action: { html: true, status: 502 } });
    await refused(stripe.checkout.sessions.create(order()), { statusCode: 503 });
    await refused(stripe.checkout.sessions.create(order()),
      { statusCode: 429, type: 'StripeRateLimitError' });
    await refused(stripe.checkout.sessions.create(order()), {});
    assert.equal((await sandbox.ledger('sessions')).sessions.length, before);
    const struck = (await sandbox.ledger('requests')).requests.filter((entry) => entry.fault);
    assert.deepEqual(struck.slice(-3).map((entry) => entry.status), [503, 429, 502]);
    await sandbox.clearFaults();
  });

  test('faults with a probability repeat with the seed', async () => {
    const pattern = async (seed) => {
      const faults = JSON.stringify([
        { match: 'GET /v1/events', probability: 0.5, action: { status: 503 } }]);
      const other = await Sandbox.start(['--seed', seed, '--faults', faults]);
      const seen = [];
      for (let i = 0; i < 20; ++i) {
        seen.push((await fetch(`${other.url}/v1/events`, {
          headers: { authorization: `Bearer ${testKey}` },
        })).status);
      }
      await other.stop();
      return seen.join(' ');
    };
    const seven = await pattern('7');
    assert.equal(await pattern('7'), seven);
    assert.notEqual(await pattern('8'), seven);
    assert.match(seven, /200/);
    assert.match(seven, /503/);
  });

  test('after 24 hours keys are forgotten and open sessions have expired', async () => {
    const other = await Sandbox.start();
    const api = client(other);
    const options = { idempotencyKey: 'order-6' };
    const first = await api.checkout.sessions.create(order(), options);
    await other.advance(24 * 3600 - 60);
    assert.equal((await api.checkout.sessions.create(order(), options)).id, first.id);
    await other.advance(61);
    assert.equal((await api.checkout.sessions.retrieve(first.id)).status, 'expired');
    const second = await api.checkout.sessions.create(order(), options);
    assert.notEqual(second.id, first.id);
    const { data } = await api.events.list({ type: 'checkout.session.expired' });
    assert.equal(data.length, 1);
    await other.stop();
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

describe('webhooks', () => {
  let sandbox;
  let stripe;
  let endpoint;
  let answer = () => 200;
  const secrets = ['whsec_old', 'whsec_new'];
  before(async () => {
    endpoint = await startEndpoint((seen, count) => answer(seen, count));
    sandbox = await Sandbox.start([
      '--webhook-url', endpoint.url, '--webhook-secret', secrets.join(','),
      '--pay-later-ms', '50']);
    stripe = client(sandbox);
  });
  after(async () => {
    await sandbox.stop();
    await endpoint.stop();
  });

  const read = (seen) => JSON.parse(seen.body);
  const received = (id, type) => endpoint.received.filter((seen) => {
    const event = read(seen);
    return event.type === type && event.data.object.id === id;
  });
  const arrival = (id, type, count = 1) => eventually(
    () => received(id, type).length >= count && received(id, type), { what: type });

  test('are signed for every secret, and Stripe\'s own check takes them', async () => {
    const { id } = await stripe.checkout.sessions.create(order());
    await sandbox.pay(id);
    const [seen] = await arrival(id, 'checkout.session.completed');
    const header = seen.headers['stripe-signature'];
    assert.match(header, /^t=\d+,v1=[0-9a-f]{64},v1=[0-9a-f]{64},v0=[0-9a-f]{64}$/);
    for (const secret of secrets) {
      const event = stripe.webhooks.constructEvent(seen.body, header, secret);
      assert.equal(event.type, 'checkout.session.completed');
      assertSameMembers({ ...event }, fixture('event.checkout.session.completed.paid'),
        /\.(metadata|payment_method_options)\./);
    }
    assert.throws(() => stripe.webhooks.constructEvent(seen.body, header, 'whsec_other'));
    assert.equal(seen.body.toString(), JSON.stringify(read(seen), null, 2));
  });

  test('tell the story of a payment, and GET gives the same events', async () => {
    const { id } = await stripe.checkout.sessions.create(order());
    await sandbox.pay(id, 'decline');
    await sandbox.pay(id);
    const { events } = await sandbox.ledger('events');
    assert.deepEqual(events.filter((event) => event.session === id).map((event) => event.type), [
      'payment_intent.created', 'charge.failed', 'payment_intent.payment_failed',
      'charge.succeeded', 'payment_intent.succeeded', 'checkout.session.completed']);
    const [seen] = await arrival(id, 'checkout.session.completed');
    const event = await stripe.events.retrieve(read(seen).id);
    assert.equal(event.data.object.id, id);
    await eventually(async () =>
      (await stripe.events.retrieve(event.id)).pending_webhooks === 0);
    const list = await stripe.events.list({ types: ['checkout.session.completed'], limit: 1 });
    assert.equal(list.data[0].id, event.id);
  });

  test('of a delayed payment come twice: completed, then the end', async () => {
    for (const [action, type] of [['later', 'checkout.session.async_payment_succeeded'],
      ['later_fail', 'checkout.session.async_payment_failed']]) {
      const { id } = await stripe.checkout.sessions.create(order());
      await sandbox.pay(id, action);
      const [completed] = await arrival(id, 'checkout.session.completed');
      assert.equal(read(completed).data.object.payment_status, 'unpaid');
      await arrival(id, type);
    }
  });

  test('are tried again with a fresh signature until a 2xx', async () => {
    const { id } = await stripe.checkout.sessions.create(order());
    let refusals = 1;
    answer = (seen) => {
      const event = read(seen);
      if (event.type !== 'checkout.session.completed' || event.data.object.id !== id) return 200;
      return refusals-- > 0 ? 503 : 204;
    };
    await sandbox.pay(id);
    const [first, second] = await arrival(id, 'checkout.session.completed', 2);
    assert.ok(second.at - first.at >= 900);
    assert.equal(second.body.toString(), first.body.toString());
    assert.notEqual(second.headers['stripe-signature'], first.headers['stripe-signature']);
    const event = read(first).id;
    const tries = await eventually(async () => {
      const { deliveries } = await sandbox.ledger('deliveries');
      const own = deliveries.filter((delivery) => delivery.event === event);
      return own.length === 2 && own;
    });
    assert.deepEqual(tries.map((one) => [one.attempt, one.status]), [[1, 503], [2, 204]]);
    answer = () => 200;
  });

  test('can be lost, doubled and delayed; the lost one is in the list of undelivered', async () => {
    await sandbox.faults(
      { match: 'WEBHOOK checkout.session.completed', action: { drop: true } },
      { match: 'WEBHOOK checkout.session.completed', action: { copies: 3 } },
      { match: 'WEBHOOK checkout.session.completed', action: { delay_ms: 200 } });
    const made = [];
    const started = Date.now();
    for (let i = 0; i < 3; ++i) {
      const { id } = await stripe.checkout.sessions.create(order());
      made.push({ id, ...await sandbox.pay(id) });
    }
    await arrival(made[1].id, 'checkout.session.completed', 3);
    const [late] = await arrival(made[2].id, 'checkout.session.completed');
    assert.ok(late.at - started >= 200);
    assert.equal(received(made[0].id, 'checkout.session.completed').length, 0);
    const undelivered = await stripe.events.list({
      delivery_success: false, type: 'checkout.session.completed',
    });
    assert.deepEqual(undelivered.data.map((event) => event.id), [made[0].event]);
    await sandbox.resend(made[0].event, 2);
    await arrival(made[0].id, 'checkout.session.completed', 2);
  });

  test('wait while paused', async () => {
    await sandbox.pauseWebhooks();
    const { id } = await stripe.checkout.sessions.create(order());
    await sandbox.pay(id);
    await stripe.checkout.sessions.retrieve(id);
    assert.equal(received(id, 'checkout.session.completed').length, 0);
    await sandbox.resumeWebhooks();
    await arrival(id, 'checkout.session.completed');
  });

  test('of other products and thin notifications can be made', async () => {
    const foreign = await sandbox.emit('checkout.session.completed');
    const [seen] = await arrival(foreign.session, 'checkout.session.completed');
    assert.deepEqual(read(seen).data.object.metadata, {});
    assert.equal(read(seen).data.object.payment_status, 'paid');
    const session = await stripe.checkout.sessions.retrieve(foreign.session);
    assert.equal(session.amount_total, 1900);

    const thin = await sandbox.emit('v1.checkout.session.completed', { id: foreign.session });
    const notice = await eventually(() =>
      endpoint.received.map(read).find((event) => event.id === thin.event));
    assert.equal(notice.object, 'v2.core.event');
    assertSameMembers(notice, fixture('event.thin.v1.checkout.session.completed'));
  });

  test('of refunds name the request that caused them', async () => {
    const { id } = await stripe.checkout.sessions.create(order());
    await sandbox.pay(id);
    const { payment_intent: intent } = await stripe.checkout.sessions.retrieve(id);
    const refund = await stripe.refunds.create({ payment_intent: intent },
      { idempotencyKey: 'refund-1' });
    const [seen] = await arrival(refund.id, 'refund.created');
    assert.deepEqual(read(seen).request,
      { id: refund.lastResponse.requestId, idempotency_key: 'refund-1' });
    const [charge] = await arrival(refund.charge, 'charge.refunded');
    assert.equal(read(charge).data.previous_attributes.amount_refunded, 0);
  });
});

describe('the payment page', () => {
  let sandbox;
  let stripe;
  let endpoint;
  before(async () => {
    endpoint = await startEndpoint();
    sandbox = await Sandbox.start(['--webhook-url', endpoint.url]);
    stripe = client(sandbox);
  });
  after(async () => {
    await sandbox.stop();
    await endpoint.stop();
  });

  const press = (session, action) => fetch(session.url, {
    method: 'POST', body: new URLSearchParams({ action }), redirect: 'manual',
  });

  test('shows the order, escaped, and says that no money moves', async () => {
    const session = await stripe.checkout.sessions.create(order({
      line_items: [{
        price_data: { currency: 'usd', unit_amount: 1999, product_data: { name: '<b>&"' } },
        quantity: 2,
      }],
    }));
    const page = await (await fetch(session.url)).text();
    assert.match(page, /Sandbox payment – no real money/);
    assert.match(page, /\$39\.98/);
    assert.match(page, /2 × &lt;b&gt;&amp;&quot;/);
    assert.ok(!page.includes('{{'));
  });

  test('sends the buyer on after the webhook was taken', async () => {
    const session = await stripe.checkout.sessions.create(order());
    const response = await press(session, 'pay');
    assert.equal(response.status, 303);
    assert.equal(response.headers.get('location'), `https://shop.example/done/${session.id}`);
    assert.ok(endpoint.received.some((seen) => {
      const event = JSON.parse(seen.body);
      return event.type === 'checkout.session.completed' && event.data.object.id === session.id;
    }));
    const again = await fetch(session.url);
    assert.equal(again.status, 410);
    assert.match(await again.text(), /already placed/);
  });

  test('says when a card is declined, and lets the buyer walk away', async () => {
    const session = await stripe.checkout.sessions.create(order());
    const declined = await press(session, 'decline');
    assert.equal(declined.status, 200);
    assert.match(await declined.text(), /Your card was declined\./);
    const away = await press(session, 'cancel');
    assert.equal(away.headers.get('location'), 'https://shop.example/');
    assert.equal((await stripe.checkout.sessions.retrieve(session.id)).status, 'open');
  });
});

test('only loopback addresses are served', async () => {
  await assert.rejects(Sandbox.start(['--listen', '0.0.0.0:0']), /ended \(2\)/);
});
