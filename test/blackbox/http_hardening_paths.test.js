// Paths with an id: nothing but a well-formed id gets as far as Redis, Stripe or the generator.
// Redis notes every command it is given here, and the sandbox every request.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { secrets } = require('./support/claimcheck.js');
const { answers, exchange } = require('./support/raw.js');
const { Shop, parallel } = require('./support/shop.js');

const mark = 'zzdoor';  // stands in every id, to be looked for behind the door
const tricks = [
  '..', `../${mark}`, `..%2f${mark}`, `..%2F..%2F${mark}`, `%2e%2e%2f${mark}`, `%2e%2e/${mark}`,
  `%252e%252e%252f${mark}`, `..%5c${mark}`, `..\\${mark}`, `....//${mark}`, `./${mark}`,
  `..;/${mark}`, `..%c0%af${mark}`, `%c0%ae%c0%ae%2f${mark}`, `${mark}/../..`, `${mark}%2f..`,
  `${mark}/`, `${mark}//`, `/${mark}`, `${mark}%00`, `%00${mark}`, `${mark}%00.json`, `${mark}\x00`,
  `${mark}%0d%0aX-Evil:%20yes`, `${mark}%0a`, `${mark}%1b[31m`, `${mark}%20`, `${mark}+`,
  `${mark}%3f`, `${mark}%23`, `${mark}%3Fa=b`, `${mark}*`, `${mark}{}`,
  `${mark}:claim`, `${mark}\xc3\xa9`, `${mark}%c3%a9`, `${mark}%ef%bc%8e%ef%bc%8e`,
  `${mark}%e2%80%ae`, `${mark}%ed%a0%80`, `${mark}%ff`, `${mark}%`, `${mark}%2`, `${mark}%zz`,
  `${mark}%u002e`, mark + 'a'.repeat(300), mark + 'a'.repeat(10000),
];
const doors = [
  ['GET', '/api/file/'], ['GET', '/api/webhook-status/'], ['GET', '/api/webhook-status/cs_test_'],
  ['PATCH', '/api/sessions/'], ['PATCH', '/api/sessions/cs_test_'],
  ['GET', '/payment-success/'], ['GET', '/en/payment-success/cs_test_'], ['GET', '/assets/'],
];

describe('paths', () => {
  let shop;
  before(async () => {
    const more = ['--slowlog-log-slower-than', '0', '--slowlog-max-len', '1000000'];
    shop = await Shop.open({ webhooks: false, ownRedis: true, redisOptions: { more } });
  });
  after(() => shop?.close());

  async function request(method, path) {
    const body = method === 'PATCH' ? '{"note":1}' : '';
    const { text } = await exchange(shop.server.url, `${method} ${path} HTTP/1.1\r\nHost: x\r\n` +
      `Authorization: Bearer ${secrets.CLAIMCHECK_ADMIN_TOKEN}\r\nConnection: close\r\n` +
      `Content-Length: ${body.length}\r\n\r\n${body}`);
    const found = answers(text);
    assert.equal(found.length, 1, text);
    return found[0];
  }
  // The commands so far that hold the mark.
  const commands = async () => (await shop.redis('SLOWLOG', 'GET', '-1')).split('\n')
    .filter((line) => line.includes(mark));
  const outside = async () => (await shop.sandbox.ledger('requests')).requests
    .filter((one) => one.path.includes(mark) || one.path.includes('..'));

  describe('each door', parallel, () => {
    for (const [method, door] of doors) {
      test(`${method} ${door}…: every trick is refused`, async () => {
        for (const trick of tricks) {
          const { status, headers } = await request(method, door + trick);
          // 413: nothing is there, so it takes no body
          assert.ok([400, 404, 413].includes(status), `${status} for ${door}${trick}`);
          assert.equal(headers['x-evil'], undefined);
        }
      });
    }
  });

  test('a target that is no path is refused', async () => {
    for (const target of ['*', 'api/file/x', `http://stripe.example/${mark}`, `//${mark}`,
      `/api//file/${mark}`, `/API/file/${mark}`, `/api/./file/${mark}`]) {
      const { status } = await request('GET', target);
      assert.ok([400, 404].includes(status), `${status} for ${target}`);
    }
    const long = await request('GET', `/api/file/${mark}${'a'.repeat(20000)}`);
    assert.equal(long.status, 431);
  });

  test('none of them was seen by Redis, Stripe or the generator; a well-formed id is', async () => {
    assert.deepEqual(await commands(), []);
    assert.deepEqual(await outside(), []);
    assert.equal((await request('GET', `/api/file/${mark}`)).status, 404);
    assert.equal((await request('GET', `/api/webhook-status/cs_test_${mark}`)).status, 404);
    assert.ok((await commands()).length >= 2);
    // Stripe is asked about the unknown session, sooner or later.
    const asked = (await outside()).filter((one) => !one.path.startsWith('/v1/'));
    assert.deepEqual(asked, [], 'the generator is asked about files of ours only');
  });
});
