// Idempotency keys and faults of claimcheck-sandbox: what Stripe keeps under a key, and that a
// fault does exactly what its rule says, so that tests of the service can rely on both.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { Sandbox, eventually } = require('./support/sandbox.js');
const { client, order, refused, testKey } = require('./support/stripe.js');

describe('idempotency and faults', () => {
  let sandbox;
  let stripe;
  before(async () => {
    sandbox = await Sandbox.start();
    stripe = client(sandbox);
  });
  after(() => sandbox.stop());

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
});
