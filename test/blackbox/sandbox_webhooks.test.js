// Webhooks of claimcheck-sandbox: signed, repeated and disturbed as Stripe's can be, read with
// Stripe's own package.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { Sandbox, eventually, startEndpoint } = require('./support/sandbox.js');
const { assertSameMembers, client, fixture, order } = require('./support/stripe.js');

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
