// The proxies of docs/proxies.md, as the page configures them, in front of a real server: what a
// proxy must do for claimcheck, each shown once. The other files run behind one with $TEST_BEHIND.
'use strict';
const assert = require('node:assert/strict');
const http = require('node:http');
const { describe, test } = require('node:test');
const { privateWord } = require('./support/claimcheck.js');
const { EventStream } = require('./support/events.js');
const { Proxy, kinds } = require('./support/proxy.js');
const { Shop, ask, parallel } = require('./support/shop.js');

// The proxy's own address alone: clients of these tests have others of the same network.
const settings = { CLAIMCHECK_TRUSTED_PROXIES: '127.0.0.1' };
const promptCharactersMax = 4 * 1024 * 1024;

async function behind(kind, use) {
  await Shop.with({ settings }, async (shop) => {
    const proxy = await Proxy.start(kind, shop.server.url);
    try {
      await use(shop, proxy.url);
    } finally {
      await proxy.stop();
    }
  });
}

function checkout(base, fields, headers) {
  const body = { priceId: 'price_single', prompt: privateWord, ...fields };
  return ask(base, 'POST', '/api/create-checkout', { body, headers });
}

// The status of a refused checkout that comes from that address.
function statusFor(base, localAddress, headers = {}) {
  return new Promise((resolve, reject) => {
    const request = http.request(`${base}/api/create-checkout`,
      { method: 'POST', localAddress, headers }, (response) => {
        response.resume().once('end', () => resolve(response.statusCode));
      });
    request.once('error', reject).end('{}');
  });
}

// What that address is answered until it is limited.
async function untilLimited(base, localAddress, headers = {}) {
  const answers = [];
  while (answers.at(-1) !== 429) {
    assert.ok(answers.length < 500, 'no limit');
    answers.push(await statusFor(base, localAddress, headers));
  }
  return answers;
}

describe('behind a proxy', parallel, () => {
  for (const kind of kinds) {
    test(`${kind}: the largest prompt comes through, in its longest spelling`, () =>
      behind(kind, async (shop, url) => {
        // \" for each quotation mark: two bytes of JSON a character.
        const { status, json } = await checkout(url, { prompt: '"'.repeat(promptCharactersMax) });
        assert.equal(status, 200);
        const stored = JSON.parse(await shop.redis('GET', `session:${json.sessionId}`));
        assert.equal(stored.prompt.length, promptCharactersMax);
      }));

    test(`${kind}: each event of an order arrives while its stream is open`, () =>
      behind(kind, async (shop, url) => {
        const { json: { sessionId } } = await checkout(url);
        const stream = await EventStream.open(url, sessionId);
        assert.equal((await stream.first()).data.status, 'pending');
        await shop.sandbox.pay(sessionId);
        await stream.when(({ data }) => data.status === 'processing');
        await stream.when(({ data }) => data.status === 'completed');
        await stream.close();
      }));

    test(`${kind}: limits count the client that it names, not the proxy`, () =>
      behind(kind, async (shop, url) => {
        const { length: afresh } = await untilLimited(url, '127.0.0.2');
        assert.equal(await statusFor(url, '127.0.0.3'), 400);
        // What a client says of itself changes nothing: it gets what was filled up meanwhile, one a
        // second, and not another client's whole limit.
        const forged = await untilLimited(url, '127.0.0.2', { 'x-forwarded-for': '127.0.0.4' });
        assert.ok(forged.length < afresh / 2, `${forged.length} of ${afresh} came through`);
      }));
  }
});
