// Words of others in our lines: whatever stands in a header, an id, an event or an error of Stripe
// and the generator, the log stays one JSON object a line that we have written, and no answer gets
// a header that we have not. (That every line is JSON is checked for each claimcheck at its end.)
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const Stripe = require('stripe');
const { secrets } = require('./support/claimcheck.js');
const { answers, exchange } = require('./support/raw.js');
const { eventually } = require('./support/sandbox.js');
const { Shop, shopTest } = require('./support/shop.js');

const stripe = new Stripe('sk_test_x');
const forged = '\r\n{"time":"2026-01-01T00:00:00.000Z","level":"error","event":"forged"}\r\n' +
  '\x1b[2J\x00';
const long = 'a'.repeat(300000);
const lineMax = 4000;

describe('E6 log and header injection', () => {
  let shop;
  before(async () => {
    shop = await Shop.open({ settings: { CLAIMCHECK_LOG_LEVEL: 'debug',
      CLAIMCHECK_TRUSTED_PROXIES: '127.0.0.1', CLAIMCHECK_CORS_ORIGINS: 'https://shop.example' } });
  });
  after(() => shop?.close());

  const knock = (event, signature) => {
    const body = JSON.stringify(event);
    const real = stripe.webhooks.generateTestHeaderString(
      { payload: body, secret: secrets.STRIPE_WEBHOOK_SECRET });
    return shop.ask('POST', '/api/webhooks/stripe',
      { body, headers: { 'stripe-signature': signature ?? real } });
  };

  test('through ids and types of events, and through signatures', async () => {
    for (const words of [forged, long]) {
      const object = { object: 'checkout.session', id: `cs_test_${words}`, metadata: {} };
      const event = { object: 'event', id: `evt_${words}`, type: words, data: { object } };
      assert.equal((await knock(event)).status, 200);
      await knock({ ...event, object: words });
      const ours = { object: 'checkout.session', id: 'cs_test_nobodyKnowsMe' };
      assert.equal((await knock({ ...event, data: { object: ours } })).status, 200);
      const refund = { object: 'refund', payment_intent: `pi_${words}` };
      assert.equal(
        (await knock({ ...event, type: 'refund.updated', data: { object: refund } })).status, 200);
    }
    assert.equal((await knock({}, `t=1,v1=${'a'.repeat(8000)}`)).status, 400);
  });

  test('through errors of Stripe', async () => {
    for (const words of [forged, long]) {
      const error = { type: words, code: words, param: words, message: words };
      await shop.sandbox.faults({ match: 'POST /v1/checkout/sessions',
        action: { status: 400, body: { error }, headers: { 'request-id': 'a'.repeat(8000) } } });
      const { status, json } = await shop.checkout();
      assert.equal(status, 502);
      assert.ok(json.error.length < 200, json.error);
    }
    await eventually(() => shop.server.events('checkout_refused_by_stripe').length === 2);
  });

  test('through errors of the generator', async () => {
    for (const words of [forged, long]) {
      await shop.sandbox.faults({ match: 'POST /api/v1/file/generate-video',
        action: { status: 422, body: { detail: words, error: words, code: words } } });
      const { error } = await shop.statusWhen(await shop.paidOrder(), (seen) => seen.error);
      assert.ok(!error.includes('forged') && error.length < 500);
    }
  });

  test('through headers that are looked at', async () => {
    const hidden = 'https://shop.example%0d%0aSet-Cookie:%20evil=1';
    const lines = ['Origin: https://shop.example\\r\\nSet-Cookie: evil=1', `Origin: ${hidden}`,
      'X-Forwarded-For: 1.1.1.1\x0bSet-Cookie: evil=1', `X-Forwarded-For: ${'9'.repeat(9000)}`,
      'Idempotency-Key: \x1b[2J', `Idempotency-Key: ${'k'.repeat(9000)}`,
      'Origin: https://shop.example\rSet-Cookie: evil=1'];
    for (const line of lines) {
      const { text } = await exchange(shop.server.url, 'POST /api/create-checkout HTTP/1.1\r\n' +
        `Host: x\r\n${line}\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}`);
      const [{ status, headers }, ...more] = answers(text);
      assert.deepEqual([status, headers['set-cookie'], more.length], [400, undefined, 0], line);
      assert.equal(headers['access-control-allow-origin'], undefined, line);
    }
  });

  test('left no line that is not ours, and none without an end', () => {
    const lines = shop.server.text.split('\n').filter(Boolean);
    assert.deepEqual(shop.server.noise, []);
    assert.deepEqual(shop.server.events('forged'), []);
    for (const line of lines) {
      assert.ok(line.length < lineMax, `${line.length} characters: ${line.slice(0, 100)}`);
      assert.doesNotMatch(line, /[\x00-\x1f\x7f]/);
      assert.match(JSON.parse(line).event, /^[a-z_]+$/);
    }
  });
});

shopTest('E6 a flood of webhooks that are not signed is a 429 and few lines; others get in',
  { webhooks: false, settings: { CLAIMCHECK_TRUSTED_PROXIES: '127.0.0.1' } }, async (shop) => {
    const knock = (signature, client) => shop.ask('POST', '/api/webhooks/stripe', {
      body: '{"object":"event","type":"x"}',
      headers: { 'stripe-signature': signature, 'x-forwarded-for': client } });
    const signed = stripe.webhooks.generateTestHeaderString({
      payload: '{"object":"event","type":"x"}', secret: secrets.STRIPE_WEBHOOK_SECRET });
    const forged = signed.replace(/v1=.*/, `v1=${'0'.repeat(64)}`);
    const burst = await Promise.all(Array.from({ length: 60 }, () => knock(forged, '10.0.0.1')));
    assert.deepEqual([...new Set(burst.map((one) => one.status))], [400]);
    let refused = burst.length;
    let last;
    do {
      last = await knock(forged, '10.0.0.1');
      ++refused;
    } while (last.status !== 429 && refused < 10000);
    assert.equal(last.json.code, 'rate_limited');
    assert.ok(Number(last.headers.get('retry-after')) >= 1);

    assert.equal((await knock(signed, '10.0.0.1')).status, 200);
    assert.equal((await knock(forged, '10.0.0.2')).status, 400);
    ++refused;

    await shop.server.stop();
    const lines = shop.server.events('webhook_refused');
    assert.equal(lines.reduce((sum, line) => sum + (line.times ?? 1), 0), refused);
    const seconds = (Date.parse(lines.at(-1).time) - Date.parse(lines[0].time)) / 1000;
    assert.ok(lines.length <= 2 + seconds / 10, `${lines.length} lines in ${seconds} s`);
    await shop.start();
  });
