// The sandbox's webhook endpoints and restricted keys, driven with Stripe's own package.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { Sandbox } = require('./support/sandbox.js');
const { client, order, refused } = require('./support/stripe.js');

const restricted = 'rk_test_black_box_12345678';

describe('the Stripe side of a setup', () => {
  let sandbox;
  let stripe;
  before(async () => {
    sandbox = await Sandbox.start();
    stripe = client(sandbox);
  });
  after(() => sandbox.stop());

  test('an endpoint has its secret in the answer to its creation, and never again', async () => {
    const made = await stripe.webhookEndpoints.create({
      url: 'https://shop.example/hook', enabled_events: ['charge.refunded'],
      api_version: '2026-10-28.endive', description: 'mine' });
    assert.match(made.secret, /^whsec_\w{32}$/);
    assert.match(made.id, /^we_1\w+$/);
    const { secret, ...rest } = made;
    const read = await stripe.webhookEndpoints.retrieve(made.id);
    assert.deepEqual({ ...read }, { ...rest });
    assert.deepEqual([read.object, read.status, read.url, read.enabled_events, read.livemode],
      ['webhook_endpoint', 'enabled', 'https://shop.example/hook', ['charge.refunded'], false]);
    const listed = await stripe.webhookEndpoints.list({ limit: 100 });
    assert.deepEqual(listed.data.map((one) => [one.id, one.secret]), [[made.id, undefined]]);
  });

  test('an endpoint is switched off and on again', async () => {
    const { id } = await stripe.webhookEndpoints.create(
      { url: 'https://shop.example/other', enabled_events: ['charge.refunded'] });
    assert.equal((await stripe.webhookEndpoints.update(id, { disabled: true })).status, 'disabled');
    assert.equal((await stripe.webhookEndpoints.retrieve(id)).status, 'disabled');
    assert.equal((await stripe.webhookEndpoints.update(id, { disabled: false })).status, 'enabled');
    await refused(stripe.webhookEndpoints.update('we_none', { disabled: true }),
      { statusCode: 404 });
  });

  test('an endpoint needs an address and events', async () => {
    const create = (members) => stripe.webhookEndpoints.create(members);
    await refused(create({ enabled_events: ['*'] }), { statusCode: 400, param: 'url' });
    await refused(create({ url: 'https://x.example' }),
      { statusCode: 400, param: 'enabled_events' });
    await refused(create({ url: 'x.example', enabled_events: ['*'] }),
      { statusCode: 400, code: 'url_invalid', param: 'url' });
    await refused(stripe.webhookEndpoints.retrieve('we_none'),
      { statusCode: 404, code: 'resource_missing' });
  });

  test('a key that lacks a right is refused before anything else is looked at', async () => {
    await sandbox.call('POST', `/sandbox/keys/${restricted}`, { lacks: ['rak_charge_write'] });
    const mine = client(sandbox, restricted);
    const denied = { type: 'StripePermissionError', statusCode: 403,
      message: /^The provided key 'rk_test_\*+5678' does not .*'rak_charge_write' permission/ };
    await refused(mine.refunds.create({ charge: 'ch_none' }), denied);
    await refused(mine.charges.update('ch_none', {}), denied);
    await refused(mine.charges.retrieve('ch_none'), { statusCode: 404 });
    assert.equal((await mine.checkout.sessions.create(order())).status, 'open');
    await refused(stripe.charges.update('ch_none', {}), { statusCode: 404 });
  });
});
