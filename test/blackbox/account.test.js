// A process with a wrong key of Stripe's beside one with the right key: it decides nothing.
'use strict';
const assert = require('node:assert/strict');
const { describe } = require('node:test');
const { secrets } = require('./support/claimcheck.js');
const { Sandbox, eventually } = require('./support/sandbox.js');
const { parallel, shopTest } = require('./support/shop.js');

const own = { ownRedis: true };
const headers = { authorization: `Bearer ${secrets.CLAIMCHECK_ADMIN_TOKEN}` };

describe('a wrong key', parallel, () => {
  shopTest('of another account: the process says whose this Redis is, and ends', own,
    async (shop) => {
      await eventually(async () =>
        await shop.redis('HGET', 'claimcheck:meta', 'account') === 'acct_sandbox');
      const other = await Sandbox.start(['--account', 'acct_other']);
      try {
        const wrong = await shop.another({ STRIPE_API_URL: other.url });
        const { code } = await wrong.child.ended;
        assert.equal(code, 4);
        assert.match(wrong.events('account_wrong')[0].why,
          /belongs to Stripe's account acct_sandbox, .* is of acct_other/);
        const id = await shop.paidOrder();
        await shop.completed(id);
      } finally {
        await other.stop();
      }
    });

  shopTest('of the other mode: it touches no order', own, async (shop) => {
    const wrong = await shop.another({ STRIPE_SECRET_KEY: 'sk_live_of_this_shop' });
    try {
      const ids = await Promise.all(Array.from({ length: 8 }, () => shop.paidOrder()));
      for (const id of ids) await shop.completed(id, 60000);
      for (const id of ids) {
        const claim = `claim:{session:${id}}`;
        assert.equal(await shop.redis('HMGET', claim, 'schema', 'unknown_us'), '1\n');
      }
    } finally {
      await wrong.stop();
    }
  });

  shopTest('what one cause has held is retried at once', own, async (shop) => {
    await shop.server.stop();
    await shop.start({ CLAIMCHECK_CONFIG: '' });
    const ids = [await shop.order(), await shop.order(), await shop.order()];
    for (const id of ids) await shop.redis('HSET', `claim:{session:${id}}`, 'tool', 'gone');
    for (const id of ids) await shop.sandbox.pay(id);
    const reason = 'its tool is no longer configured';
    for (const id of ids) {
      await eventually(async () =>
        await shop.redis('HGET', `claim:{session:${id}}`, 'reason') === reason,
      { withinMs: 30000 });
      await shop.redis('HSET', `claim:{session:${id}}`, 'tool', 'veo3-prompt-generator');
    }
    const none = await shop.ask('POST', '/api/ops/held/retry', { headers, body: { reason: 'x' } });
    assert.equal(none.json.retried, 0);
    const { json } = await shop.ask('POST', '/api/ops/held/retry', { headers, body: { reason } });
    assert.equal(json.retried, 3);
    for (const id of ids) await shop.completed(id);
  });
});
