// What the outside sees of an order and of the server: status, files, prices, pages, health,
// metrics, and the headers that protect them.
'use strict';
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');
const { secrets } = require('./support/claimcheck.js');
const { eventually } = require('./support/sandbox.js');
const { Shop, shopTest } = require('./support/shop.js');

const origin = 'https://shop.example';
const members = ['status', 'fileId', 'error', 'toolSlug', 'toolTitle', 'prompt', 'timestamp',
  'updatedAt', 'videoCount', 'progress', 'files', 'refund', 'paid', 'message', 'notice',
  'resolution', 'priceId'];
const operator = { authorization: `Bearer ${secrets.CLAIMCHECK_ADMIN_TOKEN}` };
const nobody = 'cs_test_nobodyKnowsMe';
const uuid = '0f6b1c1e-5a0d-4c57-9d0e-6a2a8a4d1001';

describe('an order from outside', () => {
  let shop;
  before(async () => { shop = await Shop.open(); });
  after(() => shop?.close());

  // Absent members are absent, the others come in the order of the server that was replaced.
  const assertMembers = (seen, absent) =>
    assert.deepEqual(Object.keys(seen), members.filter((name) => !absent.includes(name)));

  test('pending before the payment', async () => {
    const id = await shop.order();
    const seen = await shop.status(id);
    assertMembers(seen, ['fileId', 'error', 'refund', 'paid', 'message', 'notice']);
    assert.deepEqual([seen.status, seen.progress, seen.files], ['pending', 0, []]);
    assert.equal(seen.toolSlug, 'veo3-prompt-generator');
    assert.equal(seen.toolTitle, 'Free VEO3 Viral Prompt Generator');
  });

  test('completed with its files', async () => {
    const seen = await shop.completed(await shop.paidOrder());
    assertMembers(seen, ['error', 'refund', 'message', 'notice']);
    const [file] = seen.files;
    assert.deepEqual(Object.keys(file), ['fileId', 'status', 'url', 'thumbnailUrl', 'progress']);
    assert.equal(file.fileId, seen.fileId);
    assert.ok(seen.updatedAt >= seen.timestamp);
  });

  test('completed with a refund when one of two could not be made', async () => {
    await shop.sandbox.faults(
      { match: 'POST /api/v1/file/generate-video', action: { task: 'error' } });
    const seen = await shop.completed(await shop.paidOrder({ quantity: 2 }));
    assertMembers(seen, ['error', 'message', 'notice']);
    assert.deepEqual(seen.refund, { status: 'refunded', amount: 100, currency: 'usd' });
    assert.deepEqual(seen.paid, { amount: 200, currency: 'usd' });
    const broken = seen.files.find((one) => one.status === 'error');
    assert.deepEqual(Object.keys(broken), ['fileId', 'status', 'progress', 'error']);
  });

  test('error when it was never paid', async () => {
    const id = await shop.order();
    await shop.sandbox.advance(24 * 3600 + 1);
    const seen = await shop.statusWhen(id, (one) => one.status === 'error');
    assertMembers(seen, ['fileId', 'refund', 'paid', 'message']);
    assert.match(seen.error, /Nothing was charged/);
    assert.equal(seen.notice, 'expired');
  });

  test('unknown is a 404, malformed a 400, both with the status word error', async () => {
    const unknown = await shop.ask('GET', `/api/webhook-status/${nobody}`);
    assert.deepEqual([unknown.status, unknown.json.status], [404, 'error']);
    for (const id of ['x', 'cs_other_1', 'cs_test_', 'cs_test_é', 'cs_test_a.b',
      `cs_test_${'a'.repeat(300)}`]) {
      const { status, json } = await shop.ask('GET', `/api/webhook-status/${id}`);
      assert.deepEqual([status, json.status], [400, 'error'], id);
      assert.equal(typeof json.message, 'string');
    }
  });

  // A page that only knows the replaced system asks on until it reads a status word.
  test('of a value that cannot be read it says error, in words', async () => {
    const id = 'cs_test_ofAnotherLayout';
    for (const value of ['{"fileId":"f","timestamp":"2025-07-21T21:15:00Z"}', '[]', '"{}"', 'no',
      '{"status":"pending","schema":99}']) {
      await shop.redis('SET', `session:${id}`, value);
      for (const route of [`/api/webhook-status/${id}`, `/api/webhook-status/${id}/events`]) {
        const { status, json } = await shop.ask('GET', route);
        assert.deepEqual([status, json.status, json.code], [500, 'error', 'unreadable'], value);
        assert.match(json.message, /cannot be read/);
        assert.equal(json.error, json.message);
      }
      assert.equal(await shop.redis('GET', `session:${id}`), value);
    }
  });

  test('what is no Unicode comes out as it is stored', async () => {
    const id = 'cs_test_halfACharacter';
    const texts = '"prompt":"half \\ud83d of\\u0020one","toolTitle":"\\udF69 \\ud83d\\ude00"';
    await shop.redis('SET', `session:${id}`, `{"status":"pending",${texts}}`);
    const { status, text } = await shop.ask('GET', `/api/webhook-status/${id}`);
    assert.equal(status, 200);
    for (const member of texts.split(/,(?="tool)/)) assert.ok(text.includes(member), text);
    const { headers, body } = await fetch(`${shop.server.url}/api/webhook-status/${id}/events`);
    assert.match(headers.get('content-type'), /event-stream/);
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let told = '';
    while (!told.includes('data: ')) told += (await reader.read()).value;
    await reader.cancel();
    assert.ok(told.includes('half \\ud83d of'), told);
  });

  test('a status is never cached', async () => {
    const { headers } = await shop.ask('GET', `/api/webhook-status/${await shop.order()}`);
    assert.equal(headers.get('cache-control'), 'no-store');
  });
});

describe('a file from outside', () => {
  let shop;
  let file;
  before(async () => {
    shop = await Shop.open();
    const { files } = await shop.completed(await shop.paidOrder());
    [file] = files;
  });
  after(() => shop?.close());

  test('has the members that the page reads, and no price', async () => {
    const { status, json } = await shop.ask('GET', `/api/file/${file.fileId}`);
    assert.equal(status, 200);
    assert.deepEqual(Object.keys(json).sort(),
      ['id', 'tasks', 'thumbnail_url', 'type', 'url', 'video_generation']);
    assert.deepEqual([json.id, json.url], [file.fileId, file.url]);
    assert.deepEqual(Object.keys(json.tasks[0]).sort(), ['file_id', 'id', 'status', 'type']);
    assert.deepEqual(Object.keys(json.video_generation).sort(),
      ['duration', 'generation_config', 'height', 'prompt', 'width']);
    assert.deepEqual(Object.keys(json.video_generation.generation_config), ['label']);
  });

  test('many views are one request to the generator', async () => {
    const route = `/api/v1/file/${file.fileId}`;
    await shop.ask('GET', `/api/file/${file.fileId}`);
    const before = (await shop.requests('GET', route)).length;
    for (let i = 0; i < 10; ++i) await shop.ask('GET', `/api/file/${file.fileId}`);
    assert.equal((await shop.requests('GET', route)).length, before);
  });

  test('is only ours, and the generator is not asked about others', async () => {
    // The server's own look at the balance, once an hour.
    const balances = async () => (await shop.requests('GET', '/api/v1/user')).length;
    await eventually(async () => await balances() === 1);
    for (const id of [uuid, 'x', '..%2Fuser%2Fme', '%2e%2e', 'a%3Fb', `${file.fileId}.`]) {
      assert.equal((await shop.ask('GET', `/api/file/${id}`)).status, 404, id);
    }
    assert.deepEqual(await shop.requests('GET', `/api/v1/file/${uuid}`), []);
    assert.equal(await balances(), 1);
  });
});

describe('the server from outside', () => {
  let shop;
  before(async () => {
    const settings = { CLAIMCHECK_CORS_ORIGINS: `${origin}, https://b.example` };
    shop = await Shop.open({ settings });
  });
  after(() => shop?.close());

  test('prices', async () => {
    const { json } = await shop.ask('GET', '/api/stripe-prices');
    const { items, ...original } = json;
    assert.deepEqual(original, {
      success: true, prices: { single: 'price_single', triple: 'price_triple' }, mode: 'test' });
  });

  test('prices with all that a shop needs to offer them, as Stripe has them', async () => {
    const items = await eventually(async () => {
      const { json } = await shop.ask('GET', '/api/stripe-prices');
      return json.items.every((one) => one.amount) && json.items;
    });
    const common = { currency: 'usd', toolSlug: 'veo3-prompt-generator',
      toolTitle: 'Free VEO3 Viral Prompt Generator', durations: [8], resolutions: ['1280x720'],
      styles: ['cinematic'] };
    assert.deepEqual(items.map(({ name, ...item }) => item), [
      { priceId: 'price_single', amount: 100, videos: 1, quantityMax: 10, ...common },
      { priceId: 'price_triple', amount: 200, videos: 3, quantityMax: 10, ...common }]);
    assert.ok(items.every(({ name }) => name.length > 0));
  });

  shopTest('a price that Stripe does not have is named in the log before the first buyer', {
    settings: { STRIPE_PRICE_IDS: 'price_single,price_gone' } }, async (own) => {
    const { price, check } = await own.server.event('price_not_found');
    assert.deepEqual([price, check], ['price_gone', 'STRIPE_PRICE_IDS']);
    const { json } = await own.ask('GET', '/api/stripe-prices');
    const [single, gone] = json.items;
    assert.equal(single.amount, 100);
    assert.deepEqual([gone.priceId, gone.amount, gone.currency],
      ['price_gone', undefined, undefined]);
  });

  test('alive and ready', async () => {
    assert.deepEqual((await shop.ask('GET', '/healthz')).json, { status: 'ok' });
    assert.deepEqual((await shop.ask('GET', '/readyz')).json, { status: 'ready' });
  });

  test('metrics keep their names, for the operator only', async () => {
    await shop.completed(await shop.paidOrder());
    await shop.ask('POST', '/api/webhooks/stripe', { body: '{}' });
    assert.equal((await shop.ask('GET', '/metrics')).status, 401);
    const { status, text } = await shop.ask('GET', '/metrics', { headers: operator });
    assert.equal(status, 200);
    const names = new Set(text.split('\n').filter((line) => line && !line.startsWith('#'))
      .map((line) => line.replace(/="[^"]*"/g, '').replace(/ .*/, '')));
    const golden = fs.readFileSync(path.join(__dirname, '..', 'data', 'metrics.txt'), 'utf8');
    assert.deepEqual([...names].sort(), golden.trim().split('\n'));
  });

  test('pages hold no foreign code and are never framed', async () => {
    const id = await shop.order();
    for (const page of [`/payment-success/${id}`, `/en/payment-success/${id}`, '/']) {
      const { status, headers } = await shop.ask('GET', page);
      assert.equal(status, 200, page);
      assert.match(headers.get('content-type'), /^text\/html/);
      const policy = headers.get('content-security-policy');
      assert.match(policy, /default-src 'none'/);
      assert.match(policy, /frame-ancestors 'none'/);
      assert.doesNotMatch(policy, /unsafe/);
    }
    assert.equal((await shop.ask('GET', '/payment-success/nothing')).status, 404);
    assert.equal((await shop.ask('GET', '/EN/payment-success/' + id)).status, 404);
  });

  test('a file that follows the configuration is sent again only if it has changed', async () => {
    const face = '/assets/face.js';
    const first = await shop.ask('GET', face);
    const tag = first.headers.get('etag');
    for (const known of [tag, `W/${tag}`, `"other", ${tag}`]) {
      const { status, text, headers } = await shop.ask('GET', face,
        { headers: { 'if-none-match': known } });
      assert.deepEqual([status, text, headers.get('etag')], [304, '', tag]);
    }
    for (const known of ['"other"', '*', tag.slice(1, -1), ',']) {
      const { status, text } = await shop.ask('GET', face, { headers: { 'if-none-match': known } });
      assert.deepEqual([status, text], [200, first.text], known);
    }
  });

  test('the component and its modules are for every origin, orders are not', async () => {
    const foreign = { headers: { origin: 'https://foreign.example' } };
    for (const [script, caching] of [['/claimcheck.js', 'max-age=300'],
      ['/assets/view.js', 'max-age=300'], ['/assets/text-hi.js', 'max-age=300'],
      ['/assets/status.css', 'no-cache'], ['/assets/face.js', 'no-cache']]) {
      const { status, headers } = await shop.ask('GET', script, foreign);
      assert.equal(status, 200, script);
      assert.equal(headers.get('access-control-allow-origin'), '*', script);
      assert.equal(headers.get('cache-control'), `public, ${caching}`, script);
    }
    for (const route of [`/api/webhook-status/${nobody}`, `/payment-success/${nobody}`, '/']) {
      const { headers } = await shop.ask('GET', route, foreign);
      assert.equal(headers.get('access-control-allow-origin'), null, route);
    }
  });

  test('a page leads back to the shop, whose address stays an attribute', async () => {
    const address = 'https://shop.example/?a="><script>&b=1';
    const settings = { CLAIMCHECK_CANCEL_URL: encodeURI(address) + '&c="' };
    await Shop.with({ settings }, async (other) => {
      const { text } = await other.ask('GET', `/payment-success/${nobody}`);
      assert.match(text, /shop="https:\/\/shop\.example\/\?a=[^"<]*&amp;b=1/);
    });
    assert.match((await shop.ask('GET', `/payment-success/${nobody}`)).text, /shop=""/);
  });

  test('every answer carries the protecting headers', async () => {
    for (const route of ['/', '/healthz', '/nowhere', `/api/webhook-status/${nobody}`]) {
      const { headers } = await shop.ask('GET', route);
      assert.equal(headers.get('x-content-type-options'), 'nosniff', route);
      assert.equal(headers.get('referrer-policy'), 'no-referrer', route);
    }
  });

  test('HEAD is GET without a body', async () => {
    const get = await shop.ask('GET', '/api/stripe-prices');
    const head = await shop.ask('HEAD', '/api/stripe-prices');
    assert.deepEqual([head.status, head.text], [200, '']);
    assert.equal(head.headers.get('content-length'), String(get.text.length));
  });

  test('only configured origins may read answers', async () => {
    const allowed = async (from) => (await shop.ask('GET', '/api/stripe-prices',
      { headers: { origin: from } })).headers.get('access-control-allow-origin');
    assert.equal(await allowed(origin), origin);
    assert.equal(await allowed('https://evil.example'), null);
    assert.equal(await allowed(`${origin}.evil.example`), null);
    assert.equal(await allowed('null'), null);

    const preflight = (from) => shop.ask('OPTIONS', '/api/create-checkout', {
      headers: { origin: from, 'access-control-request-method': 'POST' } });
    const { status, headers } = await preflight(origin);
    assert.equal(status, 204);
    assert.equal(headers.get('access-control-allow-origin'), origin);
    assert.equal(headers.get('access-control-allow-methods'), 'POST');
    assert.equal(headers.get('access-control-allow-headers'),
      'content-type, idempotency-key, if-none-match');
    assert.match(headers.get('vary'), /Origin/);
    const evil = await preflight('https://evil.example');
    assert.equal(evil.headers.get('access-control-allow-origin'), null);
    assert.equal(evil.headers.get('access-control-allow-methods'), null);

    const seen = await shop.ask('GET', `/api/webhook-status/${await shop.order()}`,
      { headers: { origin } });
    assert.equal(seen.headers.get('access-control-expose-headers'), 'etag');
  });

  test('without configured origins and token all of that is closed', async () => {
    await shop.server.stop();
    await shop.start({ CLAIMCHECK_CORS_ORIGINS: '', CLAIMCHECK_ADMIN_TOKEN: '' });
    const { headers } = await shop.ask('GET', '/api/stripe-prices', { headers: { origin } });
    assert.equal(headers.get('access-control-allow-origin'), null);
    assert.equal((await shop.ask('GET', '/metrics', { headers: operator })).status, 404);
    assert.equal((await shop.ask('GET', '/metrics', { headers: { authorization: 'Bearer ' } }))
      .status, 404);
  });
});
