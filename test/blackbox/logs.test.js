// The log is the operator's interface: which events an order writes and with what, and that no
// log, at any level and whatever goes wrong, holds a prompt, an e-mail address or a secret. (The
// second half is also checked for every other claimcheck of the suite when it ends.)
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { privateWord } = require('./support/claimcheck.js');
const { Shop } = require('./support/shop.js');

describe('the log', () => {
  const prompt = `A ${privateWord} at dawn 🎬`;
  let shop;
  let id;
  before(async () => {
    shop = await Shop.open({ settings: { CLAIMCHECK_LOG_LEVEL: 'debug' } });
    id = await shop.paidOrder({ prompt, customerEmail: `buyer@${privateWord}.example` });
    await shop.completed(id);
  });
  after(() => shop?.close());

  test('every line has time, level and event', () => {
    for (const line of shop.server.log) {
      assert.match(line.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      assert.ok(['debug', 'info', 'warn', 'error'].includes(line.level), line.level);
      assert.match(line.event, /^[a-z_]+$/);
    }
  });

  test('an order can be followed by its session id, and its prompt only by its length', () => {
    const about = shop.server.log.filter((line) => line.session === id);
    const events = new Set(about.map((line) => line.event));
    for (const event of ['checkout_created', 'webhook_received', 'order_prepared',
      'order_changed']) {
      assert.ok(events.has(event), event);
    }
    for (const event of ['checkout_created', 'order_prepared']) {
      const line = about.find((one) => one.event === event);
      assert.equal(line.prompt_length, Buffer.byteLength(prompt));
      assert.deepEqual([line.videos, line.tool], [1, 'veo3-prompt-generator']);
    }
    const steps = about.filter((line) => line.event === 'order_changed').map((line) => line.to);
    assert.deepEqual(steps, ['paid', 'video 1 submitting', 'video 1 running',
      'video 1 ready', 'video 1 delivered', 'done']);
  });

  test('refusals and failures tell no more', async () => {
    const email = `buyer@${privateWord}.example`;
    const body = { priceId: 'price_single', prompt, customerEmail: email };
    for (const wrong of [{ style: privateWord }, { toolSlug: privateWord }, { priceId: prompt },
      { customerEmail: `${email}@` }]) {
      await shop.ask('POST', '/api/create-checkout', { body: { ...body, ...wrong } });
    }
    await shop.ask('POST', '/api/create-checkout', { body: `{"prompt":"${prompt}"` });
    await shop.ask('POST', '/api/webhooks/stripe', {
      body: JSON.stringify(body), headers: { 'stripe-signature': `t=1,v1=${privateWord}` } });
    await shop.ask('PATCH', `/api/sessions/${id}`, {
      body, headers: { authorization: `Bearer ${privateWord}` } });
    await shop.ask('GET', `/api/webhook-status/${privateWord}?email=${email}`);
    const echo = { error: { type: 'invalid_request_error', message: `Invalid email: ${email}` } };
    await shop.sandbox.faults(
      { match: 'POST /v1/checkout/sessions', action: { status: 400, body: echo } },
      { match: 'POST /api/v1/file/generate-video',
        action: { status: 422, body: { detail: [{ input: { prompt } }] } } });
    assert.equal((await shop.checkout(body)).status, 502);
    const refused = await shop.paidOrder(body);
    const { error } = await shop.statusWhen(refused, (seen) => seen.error);
    assert.ok(!error.includes(privateWord));
    shop.server.assertClean();
    assert.equal(shop.server.events('webhook_refused').length, 1);
    assert.equal(shop.server.events('checkout_refused_by_stripe').length, 1);
  });
});
