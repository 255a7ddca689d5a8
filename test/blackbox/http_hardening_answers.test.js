// What stands on every answer, private ones above all: no other origin may read them, nobody keeps
// them, no page runs foreign code. And how often one client may ask.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { secrets } = require('./support/claimcheck.js');
const { Shop } = require('./support/shop.js');

const operator = { authorization: `Bearer ${secrets.CLAIMCHECK_ADMIN_TOKEN}` };
const evil = 'https://evil.example';
const questionsMax = 1000;  // at once, of one client

describe('answers', () => {
  let shop;
  let id;
  let file;
  before(async () => {
    shop = await Shop.open({ settings: { CLAIMCHECK_TRUSTED_PROXIES: '127.0.0.1' } });
    id = await shop.paidOrder();
    file = (await shop.completed(id)).files[0].fileId;
  });
  after(() => shop?.close());

  // [method, route, options, status]
  const asked = () => [
    ['GET', `/api/webhook-status/${id}`, {}, 200],
    ['GET', '/api/webhook-status/cs_test_nobodyKnowsMe', {}, 404],
    ['GET', '/api/webhook-status/nonsense', {}, 400],
    ['GET', `/api/file/${file}`, {}, 200],
    ['GET', '/api/file/nonsense', {}, 404],
    ['POST', '/api/create-checkout', { body: '{' }, 400],
    ['GET', '/api/create-checkout', {}, 405],
    ['POST', '/api/webhooks/stripe', { body: '{}' }, 400],
    ['PATCH', `/api/sessions/${id}`, { body: { note: 1 } }, 401],
    ['PATCH', `/api/sessions/${id}`, { body: { note: 1 }, headers: operator }, 200],
    ['PATCH', `/api/sessions/${id}`, { body: { status: 'x' }, headers: operator }, 409],
    ['POST', `/api/ops/sessions/${id}/actions`, { body: { action: 'look' } }, 401],
    ['POST', `/api/ops/sessions/${id}/actions`, { body: { action: 'look' }, headers: operator },
      200],
    ['POST', '/api/ops/held/retry', { headers: operator, body: { reason: 'x' } }, 200],
    ['POST', '/api/ops/generator/refund', { headers: operator, body: {} }, 200],
    ['POST', '/api/ops/breaker/release', { headers: operator }, 200],
    ['POST', '/api/ops/checkout/pause', { headers: operator }, 200],
    ['POST', '/api/ops/checkout/resume', { headers: operator }, 200],
    ['GET', '/metrics', { headers: operator }, 200],
    ['GET', `/payment-success/${id}`, {}, 200],
    ['GET', '/left', {}, 200],
    ['GET', `/pay/${id}`, {}, 303],
    ['GET', '/pay/nonsense', {}, 404],
    ['GET', `/receipt/${id}`, {}, 303],
    ['POST', '/api/find-orders', { body: { email: 'a@b.example' } }, 404],
    ['POST', `/api/prompt/${id}`, { body: { prompt: 'x' } }, 409],
    ['GET', '/api/found-orders/nonsense', {}, 404],
    ['GET', '/ru/find-file', {}, 200],
    ['GET', `/session/${id}`, {}, 302],
    ['GET', `/file/${file}`, {}, 302],
    ['GET', '/nowhere', {}, 404],
    ['POST', '/nowhere', { body: 'x' }, 413],
  ];

  test('are kept by nobody, sniffed by nobody, and tell no other site where one was', async () => {
    for (const [method, route, options, expected] of asked()) {
      const { status, headers } = await shop.ask(method, route, options);
      assert.equal(status, expected, `${method} ${route}`);
      assert.equal(headers.get('cache-control'), 'no-store', route);
      assert.equal(headers.get('x-content-type-options'), 'nosniff', route);
    }
    const { json, headers } = await shop.checkout();
    assert.ok(json.sessionId);
    assert.equal(headers.get('cache-control'), 'no-store');
    assert.equal(headers.get('referrer-policy'), 'no-referrer');
    assert.equal(headers.get('server'), null);
  });

  test('are for this origin alone, unless another is configured', async () => {
    for (const [method, route, options] of asked()) {
      const { headers } = await shop.ask(
        method, route, { ...options, headers: { ...options.headers, origin: evil } });
      assert.equal(headers.get('access-control-allow-origin'), null, route);
      assert.equal(headers.get('access-control-allow-credentials'), null, route);
    }
  });

  test('a preflight gets no permission', async () => {
    for (const [route, method] of [['/api/create-checkout', 'POST'],
      [`/api/webhook-status/${id}`, 'GET'], [`/api/sessions/${id}`, 'PATCH']]) {
      const { headers } = await shop.ask('OPTIONS', route, { headers: { origin: evil,
        'access-control-request-method': method, 'access-control-request-headers': 'x' } });
      const given = [...headers.keys()].filter((name) => name.startsWith('access-control-'));
      assert.deepEqual(given, [], route);
    }
  });

  test('pages and their files run our own code only, in no frame', async () => {
    for (const route of ['/', '/left', '/find-file', '/orders/x', '/favicon.ico',
      `/payment-success/${id}`, '/payment-success/nonsense',
      '/claimcheck.js', '/assets/page.js', '/assets/page.css', '/assets/icon.svg']) {
      const policy = (await shop.ask('GET', route)).headers.get('content-security-policy');
      assert.match(policy, /default-src 'none'.*script-src 'self'.*frame-ancestors 'none'/, route);
      assert.doesNotMatch(policy, /unsafe|\*/, route);
    }
  });

  test('a client that asks too often is told when to come back; others are served', async () => {
    const ask = (route, client) =>
      shop.ask('GET', route, { headers: { 'x-forwarded-for': client } });
    const status = `/api/webhook-status/${id}`;
    let refused;
    // The bucket fills while we ask, so more than it holds may get an answer.
    for (let i = 0; i < 20 * questionsMax && !refused; i += 100) {
      const some = await Promise.all(
        Array.from({ length: 100 }, () => ask(status, '10.3.0.1')));
      refused = some.find((one) => one.status !== 200);
      if (i < questionsMax) assert.equal(refused, undefined, `after ${i}`);
    }
    assert.deepEqual([refused.status, refused.json.code], [429, 'rate_limited']);
    assert.ok(Number(refused.headers.get('retry-after')) >= 1);
    assert.equal(refused.headers.get('cache-control'), 'no-store');
    assert.equal(refused.json.status, undefined, 'it says nothing about the order');
    assert.equal((await ask(status, '10.3.0.2')).status, 200);
    assert.equal((await ask(`/api/file/${file}`, '10.3.0.2')).status, 200);
  });
});
