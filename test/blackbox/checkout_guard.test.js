// Who may open a checkout: the shop by its signature, with the snippet of the documents; a person
// by Turnstile; and each client so often, at all processes together.
'use strict';
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { describe, test } = require('node:test');
const { Shop, ask, parallel, shopTest } = require('./support/shop.js');

const body = { priceId: 'price_single', prompt: 'A lake' };
const shopKey = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
const secret = 'sandbox-turnstile-secret';

// The snippet for the shop's side, as it stands in the documents.
async function snippet(folder) {
  const guide = fs.readFileSync(path.join(__dirname, '../../docs/checkout-guard.md'), 'utf8');
  const file = path.join(folder, 'shop.mjs');
  fs.writeFileSync(file, /```js\n([^]*?)```/.exec(guide)[1]);
  process.env.CLAIMCHECK_SHOP_KEY = shopKey;
  try {
    return (await import(file)).createCheckout;
  } finally {
    delete process.env.CLAIMCHECK_SHOP_KEY;
  }
}

describe('the guard of the checkout', parallel, () => {
  shopTest('the shop\'s server opens checkouts with the snippet of the documents, others none', {
    settings: { CLAIMCHECK_SHOP_KEY: shopKey },
  }, async (shop) => {
    const createCheckout = await snippet(shop.folder);
    const answer = await createCheckout(shop.server.url, { ...body, buyerIp: '198.51.100.7' });
    const { sessionId } = await answer.json();
    assert.equal(answer.status, 200);
    await shop.sandbox.pay(sessionId);
    await shop.completed(sessionId);
    const { status, json } = await shop.checkout();
    assert.deepEqual([status, json.code], [401, 'checkout_unsigned']);
    assert.equal((await shop.sandbox.ledger('sessions')).sessions.length, 1);
    assert.equal(shop.server.events('checkout_refused')[0].reason, 'checkout_unsigned');
  });

  shopTest('a token of Turnstile opens one checkout, and only one', {}, async (shop) => {
    const url = `${shop.sandbox.url}/turnstile/v0/siteverify`;
    const guarded = await shop.another({ CLAIMCHECK_TURNSTILE_SECRET: secret,
      CLAIMCHECK_TURNSTILE_URL: url, CLAIMCHECK_DATA_DIR: `${shop.folder}/other` });
    const answered = async (token) => {
      const { status, json, headers } = await ask(guarded.url, 'POST', '/api/create-checkout',
        { body: { ...body, ...(token ? { 'cf-turnstile-response': token } : {}) } });
      return [status, json.code, headers.get('retry-after')];
    };
    assert.deepEqual(await answered(), [401, 'turnstile_missing', null]);
    assert.deepEqual(await answered('made up'), [403, 'turnstile_failed', null]);
    assert.deepEqual(await answered('sandbox-1'), [200, undefined, null]);
    assert.deepEqual(await answered('sandbox-1'), [403, 'turnstile_spent', null]);
    const match = 'POST /turnstile/v0/siteverify';
    await shop.sandbox.faults({ match, times: 0, action: { status: 500 } });
    assert.deepEqual(await answered('sandbox-2'), [503, 'turnstile_unavailable', '5']);
    await shop.sandbox.clearFaults();
    assert.deepEqual(await answered('sandbox-2'), [200, undefined, null]);
    await guarded.stop();
    const wrong = await shop.another({ CLAIMCHECK_TURNSTILE_SECRET: 'of another widget',
      CLAIMCHECK_TURNSTILE_URL: url, CLAIMCHECK_DATA_DIR: `${shop.folder}/third` });
    const refused = await ask(wrong.url, 'POST', '/api/create-checkout',
      { body: { ...body, 'cf-turnstile-response': 'sandbox-3' } });
    assert.deepEqual([refused.status, refused.json.code], [503, 'turnstile_unavailable']);
    assert.match((await wrong.event('turnstile_setup')).reason, /CLAIMCHECK_TURNSTILE_SECRET/);
    assert.ok(!wrong.text.includes('of another widget'));
    await wrong.stop();
  });

  shopTest('one client has one limit at two processes together', { ownRedis: true },
    async (shop) => {
      const second = await shop.another();
      const many = (base) => Promise.all(Array.from({ length: 45 }, () =>
        ask(base, 'POST', '/api/create-checkout', { body })));
      const answers = (await Promise.all([many(shop.server.url), many(second.url)])).flat();
      const opened = answers.filter(({ status }) => status === 200).length;
      const refused = answers.filter(({ status }) => status === 429);
      assert.equal(opened + refused.length, 90);
      // 60 at once, and one more in each second that this took.
      assert.ok(opened >= 60 && opened < 85, `${opened} were opened`);
      assert.ok(Number(refused[0].headers.get('retry-after')) >= 1);
      await second.stop();
    });

  test('no status asks the gate', () => Shop.with({}, async (shop) => {
    const id = await shop.order();
    await shop.redis('DEL', 'claimcheck:{checkout}:client:127.0.0.1');
    for (let i = 0; i < 3; ++i) assert.equal((await shop.status(id)).status, 'pending');
    assert.equal(await shop.redis('KEYS', 'claimcheck:{checkout}:*'), '');
  }));
});
