// Checkout towards Stripe and Redis: requests exactly as the official package sends them, retries
// with the same key, the caller's Idempotency-Key, and what happens when either is away.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const Ajv = require('ajv');
const Stripe = require('stripe');
const { privateWord, secrets } = require('./support/claimcheck.js');
const { startEndpoint } = require('./support/sandbox.js');
const { Shop } = require('./support/shop.js');
const openapi = require('../data/openapi-subset.json');
const wire = require('../data/wire-requests.json');

const sessions = '/v1/checkout/sessions';
const email = `buyer+tag@${privateWord}.example`;

// What the official package sends for these parameters: { headers, body }.
async function officialRequest(params) {
  const endpoint = await startEndpoint();
  const { hostname, port } = new URL(endpoint.url);
  const stripe = new Stripe('sk_test_x', { host: hostname, port, protocol: 'http',
    maxNetworkRetries: 0 });
  await stripe.checkout.sessions.create(params, { idempotencyKey: 'x' }).catch(() => null);
  const [{ headers, body }] = endpoint.received;
  await endpoint.stop();
  return { headers, body: body.toString() };
}

// { a: [{ b: '1' }] } out of a[0][b]=1
function unflatten(body) {
  const root = {};
  for (const [name, value] of new URLSearchParams(body)) {
    const path = name.split(/[[\]]+/).filter(Boolean);
    const last = path.pop();
    let place = root;
    path.forEach((step, i) => {
      place[step] ??= /^\d+$/.test(path[i + 1] ?? last) ? [] : {};
      place = place[step];
    });
    place[last] = value;
  }
  return root;
}

describe('requests to Stripe', () => {
  let shop;
  before(async () => {
    shop = await Shop.open({ sandbox: ['--secret-key', secrets.STRIPE_SECRET_KEY] });
  });
  after(() => shop?.close());

  test('are those of the official package, byte for byte', async () => {
    await shop.order({ quantity: 2, customerEmail: email });
    const [sent] = await shop.requests('POST', sessions);
    const official = await officialRequest({
      mode: 'payment',
      line_items: [{ price: 'price_single', quantity: 2 }],
      success_url: `${shop.server.ownUrl}/payment-success/{CHECKOUT_SESSION_ID}`,
      cancel_url: `${shop.server.ownUrl}/left`,
      customer_email: email,
      metadata: { video_count: '2', tool: 'veo3-generator' },
    });
    assert.equal(sent.body, official.body);
    assert.match(sent.body, /%7BCHECKOUT_SESSION_ID%7D/);

    const recorded = wire.requests.find((one) => one.path === sessions && one.method === 'POST');
    for (const name of ['accept', 'content-type', 'stripe-version']) {
      assert.equal(sent.headers[name], recorded.headers[name], name);
      assert.equal(sent.headers[name], official.headers[name], name);
    }
    const names = (headers) => Object.keys(headers)
      .filter((name) => !/^(host|connection|authorization|x-stripe-.*)$/.test(name)).sort();
    assert.deepEqual(names(sent.headers), names(recorded.headers));
    assert.match(sent.headers['idempotency-key'], /^[0-9a-f]{64}$/);
  });

  test('are valid by Stripe\'s schema', async () => {
    const [sent] = await shop.requests('POST', sessions);
    const { schema } = openapi.paths[sessions].post.requestBody
      .content['application/x-www-form-urlencoded'];
    // The recorded schema has an empty choice in a corner that we do not use.
    const ajv = new Ajv({ strict: false, validateSchema: false, coerceTypes: true });
    const valid = ajv.compile({ ...schema, components: openapi.components });
    const params = unflatten(sent.body);
    assert.ok(valid(params), JSON.stringify(valid.errors));
    assert.ok(!valid({ ...params, colour: 'red' }), 'the schema refuses nothing');
  });

  test('the triple price says three videos for each quantity', async () => {
    const id = await shop.order({ priceId: 'price_triple', quantity: 2 });
    const { metadata, line_items: [item] } = await shop.stripeSession(id);
    assert.deepEqual(metadata, { video_count: '6', tool: 'veo3-generator' });
    assert.equal(item.quantity, 2);
  });

  test('are repeated under one key when Stripe stumbles', async () => {
    const before = (await shop.requests('POST', sessions)).length;
    await shop.sandbox.faults({ match: `POST ${sessions}`, times: 2, action: { status: 500 } });
    await shop.order();
    const sent = (await shop.requests('POST', sessions)).slice(before);
    assert.deepEqual(sent.map((one) => one.status), [500, 500, 200]);
    assert.equal(new Set(sent.map((one) => one.headers['idempotency-key'])).size, 1);
    assert.equal(new Set(sent.map((one) => one.body)).size, 1);
    await shop.sandbox.clearFaults();
  });

  test('Stripe down is a 502 without Stripe\'s words', async () => {
    const message = 'Invalid API Key provided: sk_test_x';
    const key = { status: 401, body: JSON.stringify({ error: { message } }) };
    for (const action of [{ drop: true }, { status: 503 }, { html: true }, key]) {
      await shop.sandbox.faults({ match: `POST ${sessions}`, times: 0, action });
      const { status, json, text } = await shop.checkout();
      assert.equal(status, 502, JSON.stringify(action));
      const ours = action === key;  // no failure of Stripe
      assert.equal(json.code, ours ? 'payment_misconfigured' : 'payment_unavailable');
      assert.ok(!text.includes('sk_test'));
      await shop.sandbox.clearFaults();
    }
    const refused = { error: { type: 'invalid_request_error', code: 'resource_missing' } };
    await shop.sandbox.faults({
      match: `POST ${sessions}`, action: { status: 400, body: JSON.stringify(refused) } });
    const { status, json } = await shop.checkout();
    assert.deepEqual([status, json.code], [502, 'payment_refused']);
  });
});

describe('during a deployment that changes our addresses', () => {
  test('one key is one session at all processes', () =>
    Shop.with({ ownRedis: true }, async (shop) => {
      const next = await shop.another({ CLAIMCHECK_PUBLIC_URL: 'https://new.example' });
      const body = { priceId: 'price_single', prompt: `A ${privateWord}` };
      const ask = async (url) => (await fetch(`${url}/api/create-checkout`, {
        method: 'POST', body: JSON.stringify(body), headers: { 'idempotency-key': 'deploy' },
      })).json();
      const ids = await Promise.all(Array.from({ length: 8 }, (_, i) =>
        ask(i % 2 ? next.url : shop.server.url).then((one) => one.sessionId)));
      assert.match(ids[0], /^cs_test_/);
      assert.equal(new Set(ids).size, 1, String(ids));
      assert.equal((await shop.sandbox.ledger('sessions')).sessions.length, 1);
      await next.stop();
    }));
});

describe('the caller\'s Idempotency-Key', () => {
  let shop;
  let stripe;
  before(async () => {
    shop = await Shop.open({ settings: { CLAIMCHECK_TRUSTED_PROXIES: '127.0.0.1' } });
    const { hostname, port } = new URL(shop.sandbox.url);
    stripe = new Stripe('sk_test_x', { host: hostname, port, protocol: 'http' });
  });
  after(() => shop?.close());
  const key = (name) => ({ 'idempotency-key': name });

  test('same key and body is the same session, also all at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => shop.checkout({ quantity: 3 }, key('one'))));
    const again = await shop.checkout({ quantity: 3 }, key('one'));
    assert.deepEqual(new Set([...answers, again].map((one) => one.status)), new Set([200]));
    assert.equal(new Set([...answers, again].map((one) => one.text)).size, 1);
    const { sessions: made } = await shop.sandbox.ledger('sessions');
    assert.equal(made.length, 1);
  });

  test('the spelling of the body does not matter, its meaning does', async () => {
    const id = await shop.order({ quantity: 3 }, key('two'));
    const spelled = ` { "prompt" : "A ${privateWord} at dawn", "style":"cinematic",` +
      ' "quantity":3, "priceId":"price\\u005fsingle", "duration": 8.0 } ';
    const same = await shop.ask('POST', '/api/create-checkout',
      { body: spelled, headers: key('two') });
    assert.equal(same.json.sessionId, id);
    const other = await shop.checkout({ quantity: 2 }, key('two'));
    assert.deepEqual([other.status, other.json.code], [409, 'idempotency_key_reused']);
  });

  // A shop behind several addresses, or a phone that changes its network between two tries.
  test('from twelve addresses it is one session, and another body a conflict', async () => {
    const before = (await shop.sandbox.ledger('sessions')).sessions.length;
    const ids = await Promise.all(Array.from({ length: 12 }, (_, i) =>
      shop.order({}, { ...key('three'), 'x-forwarded-for': `10.0.0.${i}` })));
    assert.equal(new Set(ids).size, 1);
    assert.equal((await shop.sandbox.ledger('sessions')).sessions.length, before + 1);
    const other = await shop.checkout({ quantity: 2 },
      { ...key('three'), 'x-forwarded-for': '10.0.1.1' });
    assert.deepEqual([other.status, other.json.code], [409, 'idempotency_key_reused']);
  });

  test('a session that is no longer open is never handed out again', async () => {
    const first = await shop.order({}, key('four'));
    await stripe.checkout.sessions.expire(first);
    const second = await shop.order({}, key('four'));
    assert.notEqual(second, first);
    assert.equal((await shop.stripeSession(second)).status, 'open');
    assert.equal(await shop.order({}, key('four')), second);
    await shop.sandbox.pay(second);
    const third = await shop.order({}, key('four'));
    assert.equal((await shop.stripeSession(third)).status, 'open');
  });

  test('a key of more than 255 bytes is refused', async () => {
    const { status, json } = await shop.checkout({}, key('x'.repeat(256)));
    assert.deepEqual([status, json.code], [400, 'invalid_idempotency_key']);
  });
});

describe('Redis away', () => {
  let shop;
  before(async () => { shop = await Shop.open({ ownRedis: true }); });
  after(() => shop?.close());

  test('is a 503, and nobody can pay for what was not kept', async () => {
    shop.ownRedis.freeze();
    const { status, json } = await shop.checkout();
    assert.deepEqual([status, json.code], [503, 'store_unavailable']);
    const { sessions: made } = await shop.sandbox.ledger('sessions');
    assert.deepEqual(made.map((one) => one.status), ['expired']);
    shop.ownRedis.thaw();
    await shop.ready();
    await shop.completed(await shop.paidOrder());
  });
});
