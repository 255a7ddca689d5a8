// The hosted payment page of claimcheck-sandbox, used as a plain form; that a browser can press its
// buttons is for the browser tests.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { Sandbox, startEndpoint } = require('./support/sandbox.js');
const { client, order } = require('./support/stripe.js');

describe('the payment page', () => {
  let sandbox;
  let stripe;
  let endpoint;
  before(async () => {
    endpoint = await startEndpoint();
    sandbox = await Sandbox.start(['--webhook-url', endpoint.url]);
    stripe = client(sandbox);
  });
  after(async () => {
    await sandbox.stop();
    await endpoint.stop();
  });

  const press = (session, action) => fetch(session.url, {
    method: 'POST', body: new URLSearchParams({ action }), redirect: 'manual',
  });

  test('shows the order, escaped, and says that no money moves', async () => {
    const session = await stripe.checkout.sessions.create(order({
      line_items: [{
        price_data: { currency: 'usd', unit_amount: 1999, product_data: { name: '<b>&"' } },
        quantity: 2,
      }],
    }));
    const page = await (await fetch(session.url)).text();
    assert.match(page, /Sandbox payment – no real money/);
    assert.match(page, /\$39\.98/);
    assert.match(page, /2 × &lt;b&gt;&amp;&quot;/);
    assert.ok(!page.includes('{{'));
  });

  test('sends the buyer on after the webhook was taken', async () => {
    const session = await stripe.checkout.sessions.create(order());
    const response = await press(session, 'pay');
    assert.equal(response.status, 303);
    assert.equal(response.headers.get('location'), `https://shop.example/done/${session.id}`);
    assert.ok(endpoint.received.some((seen) => {
      const event = JSON.parse(seen.body);
      return event.type === 'checkout.session.completed' && event.data.object.id === session.id;
    }));
    const again = await fetch(session.url);
    assert.equal(again.status, 200);
    assert.match(await again.text(), /already placed/);
  });

  test('says when a card is declined, and lets the buyer walk away', async () => {
    const session = await stripe.checkout.sessions.create(order());
    const declined = await press(session, 'decline');
    assert.equal(declined.status, 200);
    assert.match(await declined.text(), /Your card was declined\./);
    const away = await press(session, 'cancel');
    assert.equal(away.headers.get('location'), 'https://shop.example/');
    assert.equal((await stripe.checkout.sessions.retrieve(session.id)).status, 'open');
  });
});
