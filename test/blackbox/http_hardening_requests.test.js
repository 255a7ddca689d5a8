// E4: whatever two readers of the same bytes could read differently gets one 400 and the end of the
// connection, so nothing behind it is ever taken for a request.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { privateWord } = require('./support/claimcheck.js');
const { answers, exchange } = require('./support/raw.js');
const { Shop, parallel } = require('./support/shop.js');

const order = JSON.stringify({ priceId: 'price_single', prompt: `A ${privateWord}` });
const head = 'POST /api/create-checkout HTTP/1.1\r\nHost: x\r\n';
const smuggled = `${head}Content-Length: ${order.length}\r\n\r\n${order}`;
const healthz = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';

const withLength = (value) => `${head}Content-Length:${value}\r\n\r\n`;
const withCoding = (line) => `${head}${line}\r\n\r\n0\r\n\r\n`;
const withChunks = (chunks) => `${head}Transfer-Encoding: chunked\r\n\r\n${chunks}`;

// [what, bytes]: behind each of them stands a whole order.
const hostile = [
  ['the same length twice', `${head}Content-Length: 0\r\nContent-Length: 0\r\n\r\n`],
  ['two lengths', `${head}Content-Length: 0\r\nContent-Length: ${smuggled.length}\r\n\r\n`],
  ['a list of lengths', withLength(' 0, 0')],
  ['a length with a plus', withLength(' +0')],
  ['a length with a minus', withLength(' -1')],
  ['a length with a space inside', withLength(' 0 0')],
  ['a length in hexadecimal', withLength(' 0x0')],
  ['a length with a fraction', withLength(' 0.0')],
  ['a length with a vertical tab', withLength(' \x0b0')],
  ['a length beyond 64 bits', withLength(' 18446744073709551616')],
  ['an empty length', withLength('')],
  ['a space before the colon', `${head}Content-Length : 0\r\n\r\n`],
  ['length, then coding', withCoding('Content-Length: 5\r\nTransfer-Encoding: chunked')],
  ['coding, then length', withCoding('Transfer-Encoding: chunked\r\nContent-Length: 5')],
  ...[' xchunked', ' chunked, identity', ' identity', ' gzip, chunked', ' chunked, chunked',
    ' "chunked"', ' \x0bchunked', ' chunked;q=1', ' chunked\x00', ''].map((value) => [
    `coding ${JSON.stringify(value)}`, withCoding(`Transfer-Encoding:${value}`)]),
  ['coding with a space before the colon', withCoding('Transfer-Encoding : chunked')],
  ['coding twice', withCoding('Transfer-Encoding: chunked\r\nTransfer-Encoding: identity')],
  ['coding on a folded line', withCoding('Transfer-Encoding:\r\n chunked')],
  ['coding behind a folded line', withCoding('X: y\r\n\tTransfer-Encoding: chunked')],
  ['a folded line of no meaning', 'GET /healthz HTTP/1.1\r\nHost: x\r\nX: y\r\n z\r\n\r\n'],
  ['coding behind a bare line feed', withCoding('X: y\nTransfer-Encoding: chunked')],
  ['coding behind a bare carriage return', withCoding('X: y\rTransfer-Encoding: chunked')],
  ['coding in HTTP/1.0',
    'POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['bare line feeds only', 'GET /healthz HTTP/1.1\nHost: x\n\n'],
  ['a bare line feed at the end', 'GET /healthz HTTP/1.1\r\nHost: x\r\n\n'],
  ['a bare line feed behind the request line', 'GET /healthz HTTP/1.1\nHost: x\r\n\r\n'],
  ...['zz', '-1', '+0', '0x0', ' 0', '', '0 0', 'fffffffffffffffff'].map((size) => [
    `chunk size ${JSON.stringify(size)}`, withChunks(`${size}\r\n\r\n`)]),
  ['a chunk size that ends in a bare line feed', withChunks('0\n\r\n')],
  ['a chunk longer than it says', withChunks('1\r\nabc\r\n0\r\n\r\n')],
  ['a chunk without its end', withChunks('1\r\na0\r\n\r\n')],
  ['a length in a trailer', withChunks('0\r\nContent-Length: 5\r\n\r\n')],
  ['no host', 'GET /healthz HTTP/1.1\r\n\r\n'],
  ['two hosts', 'GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'],
  ['a NUL in a header', 'GET /healthz HTTP/1.1\r\nHost: x\r\nX: a\x00b\r\n\r\n'],
  ['a header line without colon', 'GET /healthz HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n'],
  ['HTTP/2 in words', 'GET /healthz HTTP/2.0\r\nHost: x\r\n\r\n'],
  ['a tunnel', 'CONNECT stripe.example:443 HTTP/1.1\r\nHost: x\r\n\r\n'],
];

describe('E4 requests', () => {
  let shop;
  before(async () => { shop = await Shop.open({ webhooks: false }); });
  after(() => shop?.close());

  describe('that two readers could read differently', parallel, () => {
    for (const [what, bytes] of hostile) {
      test(`E4 ${what}: one 400, and the end`, async () => {
        const { text, ended } = await exchange(shop.server.url, bytes + smuggled);
        assert.equal(ended, true);
        const [first, ...more] = answers(text);
        assert.deepEqual(more, [], 'a second answer');
        assert.deepEqual([first.status, first.headers.connection], [400, 'close']);
        assert.equal(JSON.parse(first.body).code, 'malformed_request');
      });
    }
  });

  test('E4 what came before a refused request is answered, what comes behind is not', async () => {
    const { text } = await exchange(
      shop.server.url, healthz + withCoding('Transfer-Encoding: x') + smuggled);
    assert.deepEqual(answers(text).map((one) => one.status), [200, 400]);
  });

  test('a target that is a whole address is served, and an empty line before it passed over',
    async () => {
      const whole = '\r\nGET http://shop.example/healthz HTTP/1.1\r\nHost: x\r\n';
      const { text } = await exchange(
        shop.server.url, `${whole}\r\n${whole}Connection: close\r\n\r\n`);
      assert.deepEqual(answers(text).map((one) => one.status), [200, 200]);
    });

  test('E4 a body that is too large ends the connection too', async () => {
    const large = `POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: ${smuggled.length}\r\n\r\n`;
    const { text } = await exchange(shop.server.url, large + smuggled + smuggled);
    assert.deepEqual(answers(text).map((one) => one.status), [413]);
  });

  test('E4 a header that never ends is refused at its limit', async () => {
    const long = `GET /healthz HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(100000)}`;
    const { text } = await exchange(shop.server.url, long);
    const [{ status, body }] = answers(text);
    assert.deepEqual([status, JSON.parse(body).code], [431, 'header_too_large']);
  });

  test('E4 none of the orders behind them reached Stripe', async () => {
    assert.deepEqual(await shop.requests('POST', '/v1/'), []);
    // The bytes that were hidden are an order when they come by themselves.
    const { text } = await exchange(
      shop.server.url, smuggled.replace('Host: x', 'Host: x\r\nConnection: close'));
    assert.deepEqual(answers(text).map((one) => one.status), [200]);
  });
});
