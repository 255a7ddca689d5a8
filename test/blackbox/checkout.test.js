// What create-checkout refuses, and that Stripe is not asked about any of it; its limits per
// client.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { privateWord } = require('./support/claimcheck.js');
const { answers: answersIn, exchange } = require('./support/raw.js');
const { Shop, ask } = require('./support/shop.js');

const prompt = `A ${privateWord} at dawn`;
const good = { priceId: 'price_single', prompt };
const without = (name) => ({ ...good, [name]: undefined });
const mebibyte = 1024 * 1024;

// [what, body, code, param]
const refusals = [
  ['no price', without('priceId'), 'missing', 'priceId'],
  ['an empty price', { ...good, priceId: '' }, 'missing', 'priceId'],
  ['a price that is no string', { ...good, priceId: 1 }, 'invalid_type', 'priceId'],
  ['a price that is not listed', { ...good, priceId: 'price_cheap' }, 'unknown_price', 'priceId'],
  ...[0, 11, -1, 1.5, '2', false, true, 1e300].map((quantity) => [
    `quantity ${JSON.stringify(quantity)}`, { ...good, quantity }, 'invalid_quantity', 'quantity']),
  ['no prompt', without('prompt'), 'empty_prompt', 'prompt'],
  ['an empty prompt', { ...good, prompt: '' }, 'empty_prompt', 'prompt'],
  ['a blank prompt', { ...good, prompt: ' \n\t' }, 'empty_prompt', 'prompt'],
  ['a prompt that is no string', { ...good, prompt: [prompt] }, 'invalid_type', 'prompt'],
  ['a prompt over the limit', { ...good, prompt: 'é'.repeat(2 * mebibyte) + '!' },
    'prompt_too_long', 'prompt'],
  ['half a surrogate pair', '{"priceId":"price_single","prompt":"\\ud83d"}', 'invalid_json'],
  ['bytes that are no UTF-8', Buffer.from('{"priceId":"price_single","prompt":"\xff"}', 'latin1'),
    'invalid_json'],
  ['an unknown tool', { ...good, toolSlug: 'nothing-like-it' }, 'unknown_tool', 'toolSlug'],
  ['a tool that this price does not buy', { ...good, toolSlug: 'other-tool' }, 'tool_mismatch',
    'toolSlug'],
  ['a length that is not sold', { ...good, duration: 60 }, 'invalid_duration', 'duration'],
  ['a length that is no number', { ...good, duration: '8' }, 'invalid_duration', 'duration'],
  ['a size that is not sold', { ...good, resolution: '3840x2160' }, 'invalid_resolution',
    'resolution'],
  ['a style that is not sold', { ...good, style: 'anime' }, 'invalid_style', 'style'],
  ['an address without @', { ...good, customerEmail: privateWord }, 'invalid_email',
    'customerEmail'],
  ['an address with a line break', { ...good, customerEmail: `a@${privateWord}\r\nx` },
    'invalid_email', 'customerEmail'],
  ['text', 'priceId=price_single', 'invalid_json'],
  ['nothing', '', 'invalid_json'],
  ['half an object', '{"priceId":', 'invalid_json'],
  ['an array', [good], 'invalid_json'],
  ['deep nesting', '['.repeat(20000), 'invalid_json'],
];

describe('create-checkout', () => {
  let shop;
  let clients = 0;
  before(async () => {
    shop = await Shop.open({
      webhooks: false,
      config: '[tool.other-tool]\ntitle = "Another tool"\n',
      settings: {
        CLAIMCHECK_TRUSTED_PROXIES: '127.0.0.1',
        STRIPE_PRICE_IDS: 'price_single,price_other:other-tool',
      },
    });
  });
  after(() => shop?.close());

  // Every request as a client of its own, so that only the test of limits meets them.
  const post = (body, client = `10.0.${++clients}.1`) =>
    shop.ask('POST', '/api/create-checkout', { body, headers: { 'x-forwarded-for': client } });

  for (const [what, body, code, param] of refusals) {
    test(`refuses ${what}`, async () => {
      const { status, json } = await post(body);
      assert.equal(status, 400);
      assert.deepEqual([json.code, json.param], [code, param]);
      assert.equal(typeof json.error, 'string');
      assert.ok(!json.error.includes(privateWord));
    });
  }

  test('asked Stripe about none of them', async () => {
    assert.deepEqual(await shop.requests('POST', '/v1/'), []);
  });

  test('takes the largest prompt, the highest quantity, and null for unset', async () => {
    assert.equal((await post({ ...good, prompt: 'é'.repeat(2 * mebibyte) })).status, 200);
    assert.equal((await post({ ...good, quantity: 10 })).status, 200);
    const spelled = { ...good, toolSlug: 'veo3-prompt-generator', duration: 8, style: 'cinematic',
      resolution: '1280x720', customerEmail: `buyer@${privateWord}.example`, unknown: [1] };
    assert.equal((await post(spelled)).status, 200);
    const unset = { ...good, quantity: null, toolSlug: null, duration: null, style: null,
      resolution: null, customerEmail: null };
    assert.equal((await post(unset)).status, 200);
  });

  test('the same body twice without a key is two orders', async () => {
    const first = await post(good, '10.1.0.1');
    const second = await post(good, '10.1.0.1');
    assert.notEqual(first.json.sessionId, second.json.sessionId);
  });

  test('other methods are 405, larger bodies 413', async () => {
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
      const { status, headers } = await shop.ask(method, '/api/create-checkout');
      assert.equal(status, 405, method);
      assert.equal(headers.get('allow'), 'POST');
    }
    assert.equal((await post('x'.repeat(9 * mebibyte))).status, 413);
  });

  test('a client that asks too often is told when to come back; others are served', async () => {
    // At the server itself: a proxy may replace what we say of clients.
    const { ownUrl } = shop.server;
    const at = (client, body = {}) => ask(ownUrl, 'POST', '/api/create-checkout',
      { body, headers: { 'x-forwarded-for': client } });
    const answers = await Promise.all(Array.from({ length: 80 }, () => at('10.2.0.1')));
    const limited = answers.filter((one) => one.status === 429);
    assert.ok(limited.length > 0 && limited.length <= 20, `${limited.length} of 80`);
    assert.equal(limited[0].json.code, 'rate_limited');
    assert.ok(Number(limited[0].headers.get('retry-after')) >= 1);
    assert.equal((await at('10.2.0.2', good)).status, 200);
    // What a client writes in front of its own address counts for nothing.
    const more = await Promise.all(
      Array.from({ length: 20 }, () => at('10.9.9.9, 10.2.0.1')));
    assert.ok(more.some((one) => one.status === 429));
    // Nor does a line of its own, before the one that the proxy adds.
    const lines = await Promise.all(Array.from({ length: 20 }, (_, i) => exchange(ownUrl,
      `POST /api/create-checkout HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 10.8.0.${i}\r\n` +
      'X-Forwarded-For: 10.2.0.1\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}')));
    assert.ok(lines.some(({ text }) => answersIn(text)[0].status === 429));
  });

  test('nobody but a trusted proxy speaks for others', async () => {
    await shop.server.stop();
    await shop.start({ CLAIMCHECK_TRUSTED_PROXIES: '' });
    const answers = await Promise.all(Array.from({ length: 80 }, () => post({})));
    assert.ok(answers.some((one) => one.status === 429));
  });
});
