// The buyer pays in the moment in which the session is expired by a call, while the page is still
// open (Stripe does not close it). One of both wins at Stripe; the events may come in any order.
'use strict';
const assert = require('node:assert/strict');
const { describe } = require('node:test');
const { parallel, shopTest } = require('./support/shop.js');
const { client, refused } = require('./support/stripe.js');

const over = (seen) => seen.status === 'error';
const pageOf = (shop, id) => `${shop.sandbox.url}/c/pay/${id}`;

// The buyer's press on the page that stayed open.
const press = (shop, id) => fetch(pageOf(shop, id), {
  method: 'POST', body: new URLSearchParams({ action: 'pay' }), redirect: 'manual' });
const expire = (shop, id) => client(shop.sandbox).checkout.sessions.expire(id);
// An event as it was when it was made, whatever has become of the session since.
const emit = (shop, type, session, changes) =>
  shop.sandbox.emit(`checkout.session.${type}`, { ...session, ...changes });
const read = (shop, id) => client(shop.sandbox).checkout.sessions.retrieve(id);
const prompts = async (shop) => (await shop.generations()).map((one) => one.prompt);

describe('P12 paid in the moment of expiry', parallel, () => {
  for (const first of ['completed', 'expired']) {
    shopTest(`the payment wins, the event "${first}" comes first: made once`,
      { webhooks: false }, async (shop) => {
        const prompt = 'a zebrafinch';
        const id = await shop.order({ prompt });
        assert.equal((await press(shop, id)).status, 303);
        await refused(expire(shop, id), { statusCode: 400 });
        await shop.sandbox.webhook(`${shop.server.url}/api/webhooks/stripe`);
        const session = await read(shop, id);
        const events = [['completed', {}], ['expired', { status: 'expired' }]];
        if (first === 'expired') events.reverse();
        for (const [type, changes] of events) {
          await emit(shop, type, session, changes);
          await shop.completed(id);
        }
        await shop.settled();
        assert.equal((await shop.status(id)).status, 'completed');
        assert.deepEqual(await prompts(shop), [prompt]);
      });

    shopTest(`the expiry wins, the event "${first}" comes first: nothing is charged or made`,
      { webhooks: false }, async (shop) => {
        const id = await shop.order();
        await fetch(pageOf(shop, id));  // the page is open
        await expire(shop, id);
        const late = await press(shop, id);
        assert.equal(late.status, 200);
        assert.match(await late.text(), /This payment page has expired/);
        await shop.sandbox.webhook(`${shop.server.url}/api/webhooks/stripe`);
        const session = await read(shop, id);
        const events = [
          ['completed', { status: 'complete', payment_status: 'paid' }], ['expired', {}]];
        if (first === 'expired') events.reverse();
        for (const [type, changes] of events) {
          await emit(shop, type, session, changes);
          const seen = await shop.statusWhen(id, over);
          assert.equal(seen.notice, 'expired');
        }
        await shop.settled();
        assert.deepEqual(await prompts(shop), []);
        assert.equal((await shop.sandbox.ledger('charges')).charges.length, 0);
        const { headers } = await shop.ask('GET', `/pay/${id}`);
        assert.equal(headers.get('location'), `/payment-success/${id}`);
      });
  }
});
