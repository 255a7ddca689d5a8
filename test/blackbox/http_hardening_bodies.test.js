// E4, E5: bodies that are too large, too deep or no proper JSON are refused in words, by a code,
// and leave nothing behind.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const Stripe = require('stripe');
const { privateWord, secrets } = require('./support/claimcheck.js');
const { answers, exchange } = require('./support/raw.js');
const { Shop } = require('./support/shop.js');

const stripe = new Stripe('sk_test_x');
const mebibyte = 1024 * 1024;
const operator = { authorization: `Bearer ${secrets.CLAIMCHECK_ADMIN_TOKEN}` };
const deep = (levels) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const order = `"priceId":"price_single","prompt":"A ${privateWord}"`;

// [what, one JSON text]; none of them may be taken for anything.
const broken = [
  ['nested 100 deep', `{"a":${deep(100)}}`],
  ['nested 100,000 deep', `{"a":${deep(100000)}}`],
  ['opened 1,000,000 times', '{"a":'.repeat(200000)],
  ['a NUL', '{"a":"\x00"}'],
  ['a control character', '{"a":"\x1b[31m"}'],
  ['a NUL behind the end', '{}\x00'],
  ['half a surrogate pair', '{"a":"\\ud83d"}'],
  ['an overlong slash', Buffer.from('{"a":"\xc0\xaf"}', 'latin1')],
  ['an encoded surrogate', Buffer.from('{"a":"\xed\xa0\x80"}', 'latin1')],
  ['beyond Unicode', Buffer.from('{"a":"\xf4\x90\x80\x80"}', 'latin1')],
  ['a byte order mark', Buffer.from('\xef\xbb\xbf{}', 'latin1')],
  ['UTF-16', Buffer.from('{"a":1}', 'utf16le')],
  ['a number that is none', '{"a":NaN}'],
  ['a number with a leading zero', '{"a":01}'],
  ['two documents', '{}{}'],
  ['a comment', '{}//'],
  ['a comma too many', '{"a":1,}'],
  ['a name a thousand times', `{${'"a":1,'.repeat(1000)}"a":2}`],
  ['a name twice, further in', '{"a":[{"b":{"c":1,"\\u0063":2}}]}'],
];
// Proper JSON, but odd.
const odd = [
  ['a number beyond double', '{"a":1e400}'],
  ['a number with ten thousand digits', `{"a":${'9'.repeat(10000)}}`],
  ['a hundred thousand members', `{${Array.from({ length: 100000 }, (_, i) => `"m${i}":0`)}}`],
  ['an escaped NUL', '{"a":"\\u0000"}'],
];

describe('E4 E5 bodies', () => {
  let shop;
  let id;
  let clients = 0;
  before(async () => {
    shop = await Shop.open(
      { webhooks: false, settings: { CLAIMCHECK_TRUSTED_PROXIES: '127.0.0.1' } });
    id = await shop.order();
  });
  after(() => shop?.close());

  const signature = (payload) => stripe.webhooks.generateTestHeaderString({
    payload: payload.toString(), secret: secrets.STRIPE_WEBHOOK_SECRET });
  const doors = {
    'the webhook': (body) => shop.ask('POST', '/api/webhooks/stripe',
      { body: Buffer.from(body), headers: { 'stripe-signature': signature(body) } }),
    'create-checkout': (body) => shop.ask('POST', '/api/create-checkout',
      { body: Buffer.from(body), headers: { 'x-forwarded-for': `10.0.${++clients}.1` } }),
    'PATCH': (body) => shop.ask('PATCH', `/api/sessions/${id}`,
      { body: Buffer.from(body), headers: operator }),
    'an action': (body) => shop.ask('POST', `/api/ops/sessions/${id}/actions`,
      { body: Buffer.from(body), headers: operator }),
  };
  // Doors that read no order.
  const operators = {
    'the refund of what waits': (body) => shop.ask('POST', '/api/ops/generator/refund',
      { body: Buffer.from(body), headers: operator }),
    'the search': (body) => shop.ask('POST', '/api/ops/search',
      { body: Buffer.from(body), headers: operator }),
    'the sign-in': (body) => shop.ask('POST', '/ops/login',
      { body: Buffer.from(body), headers: { 'content-type': 'application/json' } }),
  };
  const limits = { 'the webhook': 2 * mebibyte, 'create-checkout': 9 * mebibyte,
    'PATCH': 9 * mebibyte, 'an action': 16 * 1024 };

  for (const [door, ask] of Object.entries(doors)) {
    test(`E4 ${door}: a body over the limit is a 413 with a code`, async () => {
      const { status, json, headers } = await ask('x'.repeat(limits[door] + 1));
      assert.deepEqual([status, json.code], [413, 'body_too_large']);
      assert.equal(headers.get('cache-control'), 'no-store');
    });

    for (const [what, body] of broken.filter(([, one]) => one.length <= limits[door])) {
      test(`E5 ${door}: ${what} is a 400`, async () => {
        const { status, json } = await ask(body);
        assert.equal(status, 400, json.error);
        assert.equal(typeof json.code, 'string');
        assert.ok(json.error.length < 200);
      });
    }

    for (const [what, body] of odd) {
      test(`E5 ${door}: ${what} does no harm`, async () => {
        const { status, json } = await ask(body);
        const fine = door === 'PATCH' && status === 200;
        assert.ok(fine || (status >= 400 && status < 500), `${status}`);
        assert.ok(fine || json.code);
      });
    }
  }

  test('E4 too long in chunks, or by its promise alone, is a 413 at once', async () => {
    const head = 'POST /api/webhooks/stripe HTTP/1.1\r\nHost: x\r\n';
    const chunk = `100000\r\n${'x'.repeat(mebibyte)}\r\n`;
    for (const bytes of [`${head}Content-Length: 99999999999\r\n\r\n`,
      `${head}Content-Length: 18446744073709551615\r\n\r\n`,
      `${head}Transfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\n`,
      `${head}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(3)}`]) {
      const { text } = await exchange(shop.server.url, bytes);
      const [first, ...more] = answers(text);
      assert.deepEqual([first.status, JSON.parse(first.body).code, more.length],
        [413, 'body_too_large', 0]);
    }
  });

  test('E5 of a name that is given twice neither value counts', async () => {
    const token = secrets.CLAIMCHECK_ADMIN_TOKEN;
    for (const [door, ask, body] of [
      ['create-checkout', doors['create-checkout'], `{${order},"quantity":1,"quantity":1}`],
      ['PATCH', doors.PATCH, '{"note":"a","note":"b"}'],
      ['PATCH, further in', doors.PATCH, '{"note":{"a":1,"a":1}}'],
      ['an action', doors['an action'], '{"action":"look","action":"erase"}'],
      ['an action, spelled otherwise', doors['an action'],
        '{"action":"look","\\u0061ction":"look"}'],
      ['the refund of what waits', operators['the refund of what waits'],
        '{"note":"a","note":"b"}'],
      ['the search', operators['the search'], '{"q":"a","q":"b"}'],
      ['the sign-in', operators['the sign-in'], `{"token":"x","token":"${token}"}`],
      ['the webhook', doors['the webhook'],
        '{"object":"event","type":"a","type":"b","data":{"object":{}}}'],
    ]) {
      const { status, json } = await ask(body);
      assert.equal(status, 400, door);
      assert.match(json.error, /given twice/, door);
    }
  });

  test('E5 what is too deep is called too deep', async () => {
    for (const [door, ask] of Object.entries({ ...doors, ...operators })) {
      const { status, json } = await ask(`{"a":${deep(40)}}`);
      assert.equal(status, 400, door);
      assert.match(json.error, /nested deeper than 32 levels/, door);
    }
  });

  test('E5 a patch with more members than one may have is refused whole', async () => {
    const members = (count) => JSON.stringify(
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`m${i}`, i])));
    const { status, json } = await doors.PATCH(members(65));
    assert.deepEqual([status, json.code], [400, 'too_many_members']);
    assert.equal((await doors.PATCH(members(64))).status, 200);
  });

  test('none of them became an order', async () => {
    assert.equal((await shop.requests('POST', '/v1/checkout/sessions')).length, 1);
    assert.equal((await shop.ask('GET', `/api/webhook-status/${id}`)).status, 200);
  });
});
