// E14: signals that ask for no end cost no order: they are told of in the log, and that is all.
'use strict';
const assert = require('node:assert/strict');
const { describe } = require('node:test');
const { eventually } = require('./support/sandbox.js');
const { parallel, shopTest } = require('./support/shop.js');

describe('signals', parallel, () => {
  for (const signal of ['SIGHUP', 'SIGUSR1', 'SIGUSR2']) {
    shopTest(`E14 ${signal} in the middle of an order changes nothing`, {}, async (shop) => {
      await shop.sandbox.faults(
        { match: 'POST /v1/checkout/sessions', action: { delay_ms: 1500 } });
      const slow = shop.checkout();
      await eventually(async () => (await shop.sandbox.call('GET', '/sandbox/faults'))[0].struck);
      for (let times = 1; times <= 2; ++times) {
        shop.server.child.kill(signal);
        await eventually(() => shop.server.events('signal_ignored').length === times ||
          shop.server.child.signalCode, { what: `line ${times}` });
      }
      assert.equal(shop.server.child.signalCode, null);
      assert.equal(shop.server.events('signal_ignored')[0].signal, signal);
      const { status, json } = await slow;
      assert.equal(status, 200);
      await shop.sandbox.pay(json.sessionId);
      await shop.completed(json.sessionId);
      assert.equal(shop.server.events('stopping').length, 0);
    });
  }
});
