// The operator's routes: who gets in, what is happening now, lists, search, one order.
'use strict';
const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const { after, before, describe, test } = require('node:test');
const { privateWord, secrets } = require('./support/claimcheck.js');
const { eventually } = require('./support/sandbox.js');
const { Shop, parallel, shopTest } = require('./support/shop.js');

const token = secrets.CLAIMCHECK_ADMIN_TOKEN;
const bearer = { authorization: `Bearer ${token}` };
const sameOrigin = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' };
const submit = 'POST /api/v1/file/generate-video';
const read = (shop, route, headers = bearer) => shop.ask('GET', route, { headers });
const login = (shop, body, headers = {}) => shop.ask('POST', '/ops/login', { body, headers });

async function cookie(shop) {
  const { status, headers } = await login(shop, { token });
  assert.equal(status, 200);
  return { cookie: headers.get('set-cookie').split(';')[0] };
}
// A cookie as the server would sign it, for an end of our own.
function signed(ends, secret = token) {
  const hmac = (key, text) => crypto.createHmac('sha256', key).update(text).digest('hex');
  const key = hmac(secret, 'claimcheck operator cookie 2');
  return { cookie: `claimcheck_ops=${ends}.operator.${hmac(key, `${ends}.operator`)}` };
}
const inAnHour = () => Math.floor(Date.now() / 1000) + 3600;

describe('signing in', () => {
  let shop;
  before(async () => { shop = await Shop.open(); });
  after(() => shop?.close());

  const routes = ['/api/ops/stats', '/api/ops/sessions', '/api/ops/sessions/cs_test_a', '/metrics'];

  test('the token opens, and gives a cookie that no script reads', async () => {
    const { status, headers, text } = await login(shop, { token });
    assert.equal(status, 200);
    assert.match(headers.get('set-cookie'),
      new RegExp('^claimcheck_ops=\\d+\\.operator\\.[0-9a-f]{64}; Path=/; Max-Age=43200; ' +
        'HttpOnly; SameSite=Strict$'));
    assert.ok(!text.includes(token));
    assert.equal((await read(shop, '/api/ops/stats', await cookie(shop))).status, 200);
    assert.equal((await read(shop, '/api/ops/stats')).status, 200);
  });

  test('our own signature is the one that opens: the forger below knows the way', async () => {
    assert.equal((await read(shop, '/api/ops/stats', signed(inAnHour()))).status, 200);
  });

  for (const [what, headers] of Object.entries({
    nothing: () => ({}),
    'an end that is over': () => signed(Math.floor(Date.now() / 1000) - 1),
    "another server's token": () => signed(inAnHour(), 'another-operator-token'),
    'a later end under the same signature': () => ({
      cookie: signed(inAnHour()).cookie.replace(/=\d+/, `=${inAnHour() + 999}`) }),
    'no signature': () => ({ cookie: `claimcheck_ops=${inAnHour()}.` }),
    'the token itself as a cookie': () => ({ cookie: `claimcheck_ops=${token}` }),
  })) {
    test(`${what} does not open`, async () => {
      for (const route of routes) {
        const { status } = await read(shop, route, headers());
        assert.equal(status, 401, route);
      }
      const search = await shop.ask('POST', '/api/ops/search',
        { body: { q: 'x' }, headers: { ...sameOrigin, ...headers() } });
      assert.equal(search.status, 401);
    });
  }

  test('with the cookie only our own page may do more than read', async () => {
    const signedIn = await cookie(shop);
    const search = (headers, body = { q: 'nothing' }) =>
      shop.ask('POST', '/api/ops/search', { body, headers: { ...signedIn, ...headers } });
    assert.equal((await search(sameOrigin)).status, 200);
    assert.equal((await search({ origin: shop.server.url })).status, 200);
    for (const headers of [{}, { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' }, { origin: 'https://evil.example' }, { origin: 'null' },
      { ...sameOrigin, 'content-type': 'text/plain' }]) {
      const { status, json } = await search(headers);
      assert.equal(status, 403, JSON.stringify(headers));
      assert.equal(json.code, 'foreign_page');
    }
    const patch = await shop.ask('PATCH', '/api/sessions/cs_test_a',
      { body: { note: 1 }, headers: { ...signedIn, 'sec-fetch-site': 'cross-site' } });
    assert.equal(patch.status, 403);
    const out = await shop.ask('POST', '/ops/logout', { body: {}, headers: signedIn });
    assert.equal(out.status, 403);
  });

  test('signing out takes the cookie away', async () => {
    const { status, headers } = await shop.ask('POST', '/ops/logout',
      { body: {}, headers: { ...await cookie(shop), ...sameOrigin } });
    assert.equal(status, 200);
    assert.match(headers.get('set-cookie'), /^claimcheck_ops=; Path=\/; Max-Age=0;/);
  });

  test('the page is strict about what it loads', async () => {
    const { status, headers } = await shop.ask('GET', '/ops');
    assert.equal(status, 200);
    const policy = headers.get('content-security-policy');
    assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self'/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe|https:/);
    for (const asset of ['ops.js', 'ops.css', 'uPlot.iife.min.js', 'uPlot.min.css']) {
      assert.equal((await shop.ask('GET', `/assets/${asset}`)).status, 200, asset);
    }
  });
});

describe('signing in, each with a server of its own', parallel, () => {
  shopTest('what a foreign page can send without asking is no guess', {}, async (shop) => {
    for (let i = 0; i < 25; ++i) {
      const { status } = await login(shop, { token: 'x' }, { 'content-type': 'text/plain' });
      assert.equal(status, 400);
    }
    assert.equal((await login(shop, { token })).status, 200);
  });

  shopTest('wrong tokens are limited by client, the cookie is not', {
    settings: { CLAIMCHECK_TRUSTED_PROXIES: '127.0.0.1' } }, async (shop) => {
    // At the server itself: a proxy may replace what we say of clients.
    shop.server.url = shop.server.ownUrl;
    const signedIn = await cookie(shop);
    const from = (address) => ({ 'x-forwarded-for': address });
    const tries = [];
    for (let i = 0; i < 21; ++i) {
      tries.push((await login(shop, { token: `guess ${i}` }, from('203.0.113.7'))).status);
    }
    assert.deepEqual(tries, [...Array(20).fill(401), 429]);
    const right = await login(shop, { token }, from('203.0.113.7'));
    assert.equal(right.status, 429);
    assert.ok(Number(right.headers.get('retry-after')) > 0);
    const shown = await read(shop, '/metrics', { ...bearer, ...from('203.0.113.7') });
    assert.equal(shown.status, 429);
    const open = await read(shop, '/metrics', { ...signedIn, ...from('203.0.113.7') });
    assert.equal(open.status, 200);
    assert.equal((await login(shop, { token }, from('203.0.113.8'))).status, 200);
    assert.equal((await login(shop, {}, from('203.0.113.8'))).status, 400);
  });

  shopTest('https makes the cookie a secure one', {
    settings: { CLAIMCHECK_PUBLIC_URL: 'https://video.example.com' } }, async (shop) => {
    const { headers } = await login(shop, { token });
    assert.match(headers.get('set-cookie'), /; Secure$/);
    const body = { q: 'x' };
    const { status } = await shop.ask('POST', '/api/ops/search',
      { body, headers: { ...await cookie(shop), origin: 'https://video.example.com' } });
    assert.equal(status, 200);
  });

  shopTest('without a token all of it is off', {
    settings: { CLAIMCHECK_ADMIN_TOKEN: '' } }, async (shop) => {
    for (const [method, route] of [['GET', '/ops'], ['POST', '/ops/login'], ['POST', '/ops/logout'],
      ['GET', '/api/ops/stats'], ['GET', '/api/ops/sessions'], ['POST', '/api/ops/search'],
      ['GET', '/api/ops/sessions/cs_test_a']]) {
      const body = method === 'POST' ? { token: '', q: 'x' } : undefined;
      const headers = signed(inAnHour(), '');
      const { status, json } = await shop.ask(method, route, { body, headers });
      assert.equal(status, 404, route);
      assert.equal(json.code, 'operator_routes_off');
    }
  });
});

describe('orders for the operator', () => {
  let shop;
  let done;
  let held;
  let open;
  const address = `Ada.${privateWord}@Example.com`;
  const search = async (q, before) => (await shop.ask('POST', '/api/ops/search',
    { body: { q, before }, headers: bearer })).json;
  const ids = (page) => page.orders.map((one) => one.id);
  const list = async (query) => (await read(shop, `/api/ops/sessions?${query}`)).json;
  before(async () => {
    shop = await Shop.open({ settings: { CLAIMCHECK_REFUNDS: 'manual' } });
    done = await shop.paidOrder({ quantity: 2, customerEmail: address });
    await shop.completed(done);
    await shop.sandbox.faults({ match: submit, times: 0, action: { task: 'error' } });
    held = await shop.paidOrder();
    open = await shop.order({ customerEmail: address.toLowerCase() });
    await eventually(async () => (await list('filter=held')).orders.length === 1);
  });
  after(() => shop?.close());

  test('the held queue has what waits for a person, and why', async () => {
    const [order] = (await list('filter=held')).orders;
    assert.equal(order.id, held);
    assert.equal(order.held, true);
    assert.ok(Date.parse(order.heldSince) <= Date.now());
    assert.equal(order.reason, 'the generator reported an error');
    const { json } = await read(shop, '/api/ops/stats');
    assert.equal(json.now.held, 1);
    assert.equal(json.now.waiting, 1);
  });

  test('what is not held any more, or never came to be, is dropped from the queue', async () => {
    const gone = 'cs_test_gone00000000000000';
    await shop.redis('ZADD', 'claimcheck:{p00}:held', '1', gone, '2', done);
    assert.deepEqual(ids(await list('filter=held')), [held]);
    assert.equal(await shop.redis('ZRANGE', 'claimcheck:{p00}:held', '0', '-1'), held);
  });

  test('a held order that cannot be read is in the queue, with the reason', async () => {
    const strange = 'cs_test_strange0000000000';
    await shop.redis('HSET', `claim:{session:${strange}}`, 'version', 'odd');
    await shop.redis('ZADD', 'claimcheck:{p00}:held', '1', strange);
    const { orders: [first] } = await list('filter=held');
    assert.equal(first.id, strange);
    assert.match(first.problem, /no field/);
    await shop.redis('DEL', `claim:{session:${strange}}`);
    assert.deepEqual(ids(await list('filter=held')), [held]);
  });

  test('each filter shows its orders, newest first, page by page', async () => {
    assert.deepEqual(ids(await list('filter=all')), [open, held, done]);
    assert.deepEqual(ids(await list('')), [open, held, done]);
    assert.deepEqual(ids(await list('filter=waiting')), [open]);
    assert.deepEqual(ids(await list('filter=delivered')), [done]);
    for (const filter of ['working', 'refunded', 'unpaid']) {
      assert.deepEqual(ids(await list(`filter=${filter}`)), [], filter);
    }
    const seen = [];
    let before = '';
    do {
      const page = await list(`limit=1&before=${before}`);
      seen.push(...ids(page));
      before = page.next;
    } while (before);
    assert.deepEqual(seen, [open, held, done]);
  });

  test('search by session, payment, e-mail in any case, file, and text of an error', async () => {
    const session = await shop.stripeSession(done);
    const { fileId } = await shop.status(done);
    assert.deepEqual(ids(await search(done)), [done]);
    assert.deepEqual(ids(await search(session.payment_intent)), [done]);
    assert.deepEqual(ids(await search(address.toUpperCase())), [done]);  // not the unpaid one
    assert.deepEqual(ids(await search('buyer@example.com')), [held]);  // typed at Stripe
    assert.deepEqual(ids(await search(fileId)), [done]);
    const byText = await search('REPORTED AN ERROR');
    assert.deepEqual(ids(byText), [held]);
    assert.equal(byText.searched, 4);  // the held one first, then all of them
    assert.equal(byText.next, null);
    assert.deepEqual(ids(await search('pi_unknown')), []);
    assert.deepEqual(ids(await search('cs_test_unknown')), []);
  });

  test('a payment that the index does not know is looked up at Stripe', async () => {
    const { payment_intent: intent } = await shop.stripeSession(done);
    const hash = crypto.createHash('sha256').update(`payment:${intent}`).digest('hex');
    assert.equal(await shop.redis('DEL', `claimcheck:find:${hash}`), '1');
    assert.deepEqual(ids(await search(intent)), [done]);
  });

  test('no index names a person', async () => {
    const keys = await shop.redis('KEYS', '*');
    assert.ok(!keys.toLowerCase().includes(privateWord));
  });

  test('one order with its history, what it waits for, links and records', async () => {
    const { status, json } = await read(shop, `/api/ops/sessions/${held}`);
    assert.equal(status, 200);
    assert.equal(json.order.state, 'held');
    assert.equal(json.words[0], 'Held: 1 of 1 videos wait for a person.');
    assert.match(json.words[1], /^Video 1 is held: the generator reported an error/);
    assert.deepEqual(json.units.map(({ unit, video, state }) => [unit, video, state]),
      [[0, 1, 'held']]);
    assert.deepEqual(json.actions, ['look', 'retry', 'refund']);
    assert.deepEqual(json.units[0].actions, ['resubmit', 'retry', 'deliver', 'refund']);
    const session = await shop.stripeSession(held);
    assert.equal(json.links[0].url,
      `https://dashboard.stripe.com/test/payments/${session.payment_intent}`);
    assert.equal(json.records.claim.state, 'held');
    assert.equal(json.records.session.prompt, `A ${privateWord} at dawn`);
    assert.deepEqual(json.records.history.slice(0, 2).map((line) => line.to), ['open', 'paid']);
    const waits = (await read(shop, `/api/ops/sessions/${open}`)).json;
    assert.match(waits.words[0], /^Waits for the payment/);
    assert.ok(Date.parse(waits.nextLook) > Date.now());
    assert.deepEqual([waits.actions, waits.units[0].actions], [['look'], []]);
  });

  test('what is wrong with a question is said', async () => {
    for (const [route, status, code] of [
      ['/api/ops/sessions/cs_test_unknown', 404, 'not_found'],
      ['/api/ops/sessions/x', 400, 'invalid_session_id'],
      ['/api/ops/sessions?filter=odd', 400, 'invalid_filter'],
      ['/api/ops/sessions?before=odd', 400, 'invalid_cursor'],
      ['/api/ops/sessions?before=h.1.cs_test_a', 400, 'invalid_cursor'],
      ['/api/ops/sessions?limit=0', 400, 'invalid_limit'],
      ['/api/ops/sessions?limit=51', 400, 'invalid_limit'],
      ['/api/ops/sessions?limit=1x', 400, 'invalid_limit'],
      ['/api/ops/stats?range=year', 400, 'invalid_range']]) {
      const answer = await read(shop, route);
      assert.equal(answer.status, status, route);
      assert.equal(answer.json.code, code, route);
    }
    for (const body of [{}, { q: '' }, { q: 'x'.repeat(301) }, '[']) {
      const answer = await shop.ask('POST', '/api/ops/search', { body, headers: bearer });
      assert.equal(answer.status, 400);
    }
  });
});
