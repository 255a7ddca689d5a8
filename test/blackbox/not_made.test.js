// Why a provider made nothing of a paid order is told as what it was: to its buyer in the status,
// to operators in words.
'use strict';
const assert = require('node:assert/strict');
const { describe } = require('node:test');
const { run } = require('./support/claimcheck.js');
const { fal } = require('./support/fal.js');
const { parallel, shopTest } = require('./support/shop.js');

const operatorToken = '0123456789abcdef-operator';
const authorization = `Bearer ${operatorToken}`;

const falShop = { config: fal,
  settings: { SUPERDUPERAI_TOKEN: '', CLAIMCHECK_ADMIN_TOKEN: operatorToken } };

describe('what a provider did not make', parallel, () => {
  shopTest('for its content is told as refused, to the buyer and to operators', falShop,
    async (shop) => {
      await shop.sandbox.faults({ match: 'POST /fal/*', times: 0, action: { task: 'refused' } });
      const id = await shop.paidOrder();
      const seen = await shop.statusWhen(id, (one) => one.refund?.status === 'refunded');
      assert.equal(seen.error, 'Your video could not be made: the service refused it by its '
        + 'content rules. Your payment was refunded.');
      assert.deepEqual(seen.files.map(({ status, reason, error }) => [status, reason, error]),
        [['error', 'refused_content', 'This video could not be made: the service refused it by '
          + 'its content rules.']]);
      assert.equal((await shop.sandbox.ledger('refunds')).refunds.length, 1);
      const { json } = await shop.ask('GET', `/api/ops/sessions/${id}`,
        { headers: { authorization } });
      assert.match(json.words[1], /content: the provider refused the prompt or its result/);
      const shown = await run(['session', 'show', id], shop.server.settings);
      assert.match(shown.stdout, /content: the provider refused the prompt or its result/);
    });

  shopTest('by a fault of its own is told as that', falShop, async (shop) => {
    await shop.sandbox.faults({ match: 'POST /fal/*', times: 0, action: { task: 'error' } });
    const id = await shop.paidOrder();
    const seen = await shop.statusWhen(id, (one) => one.refund?.status === 'refunded');
    assert.equal(seen.files[0].reason, 'service_fault');
    assert.match(seen.error, /: the service failed at it, by a fault of its own\. Your payment/);
  });
});
