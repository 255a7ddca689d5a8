// Where a buyer goes on: to the payment page, to the receipt, and, from a wrong address, to a page
// in words. No search engine lists an order.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { Shop, parallel, shopTest } = require('./support/shop.js');
const { client, order } = require('./support/stripe.js');

const sessions = '/v1/checkout/sessions';
const pressesMax = 20;  // at once, of one client
const unpaidPromptMax = 16 * 1024;
const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const recovery = (url) => ({ after_expiration: { recovery: { enabled: true, url } } });

const leads = async (shop, route) => {
  const { status, headers } = await shop.ask('GET', route);
  assert.equal(status, 303, route);
  return headers.get('location');
};
const reads = async (shop, id) => (await shop.requests('GET', `${sessions}/${id}`)).length;
const payPage = (shop, id) => `${shop.sandbox.url}/c/pay/${id}`;
const ownPage = (id) => `/payment-success/${id}`;

describe('continue to payment', parallel, () => {
  shopTest('leads to the payment page while it is open, then to the order', {}, async (shop) => {
    const id = await shop.order();
    assert.equal(await leads(shop, `/pay/${id}`), payPage(shop, id));
    await shop.sandbox.pay(id);
    await shop.completed(id);
    await shop.settled();
    const before = await reads(shop, id);
    assert.equal(await leads(shop, `/pay/${id}`), ownPage(id));
    assert.equal(await reads(shop, id), before, 'of a paid order Stripe is not asked');
    const { charges: [charge] } = await shop.sandbox.ledger('charges');
    assert.ok(charge.receipt_url);
    assert.equal(await leads(shop, `/receipt/${id}`), charge.receipt_url);
  });

  shopTest('a paid order of which we have not heard leads to its page', { webhooks: false },
    async (shop) => {
      const id = await shop.order();
      await shop.sandbox.pay(id);
      assert.equal(await leads(shop, `/pay/${id}`), ownPage(id));
      await shop.completed(id);  // and it is looked at
    });

  shopTest('an expired one leads to a new checkout, where Stripe offers it', {}, async (shop) => {
    const [id, other] = [await shop.order(), await shop.order()];
    await shop.sandbox.changeSession(id, recovery('https://buy.stripe.com/r/live_x'));
    await shop.sandbox.advance(24 * 3600 + 1);
    assert.equal(await leads(shop, `/pay/${id}`), 'https://buy.stripe.com/r/live_x');
    assert.equal(await leads(shop, `/pay/${other}`), ownPage(other));
    const over = (seen) => seen.status === 'error';
    assert.equal((await shop.statusWhen(id, over)).recoveryUrl, 'https://buy.stripe.com/r/live_x');
    assert.equal((await shop.statusWhen(other, over)).recoveryUrl, undefined);
    assert.equal(await leads(shop, `/receipt/${id}`), ownPage(id));
  });

  shopTest('works for sessions of the shop\'s own site, and for no other product\'s', {},
    async (shop) => {
      const stripe = client(shop.sandbox);
      const known = await stripe.checkout.sessions.create(order({ metadata: {} }));
      await shop.redis('SET', `session:${known.id}`, JSON.stringify({ prompt: 'a cat',
        videoCount: 1, status: 'pending', createdAt: new Date().toISOString() }));
      assert.equal(await leads(shop, `/pay/${known.id}`), payPage(shop, known.id));
      const named = await stripe.checkout.sessions.create(
        order({ metadata: { tool: 'veo3-generator' } }));
      assert.equal(await leads(shop, `/pay/${named.id}`), payPage(shop, named.id));
      const foreign = await stripe.checkout.sessions.create(order({ metadata: {} }));
      assert.equal(await leads(shop, `/pay/${foreign.id}`), ownPage(foreign.id));
    });

  shopTest('is limited by client, and says so in words', {}, async (shop) => {
    const id = await shop.order();
    let refused;
    // The bucket fills while we ask.
    for (let i = 0; i < 4 * pressesMax && !refused; ++i) {
      const answer = await shop.ask('GET', `/pay/${id}`, { headers: browser });
      if (answer.status !== 303) refused = answer;
      if (i < pressesMax) assert.equal(refused, undefined, `after ${i}`);
    }
    assert.equal(refused.status, 429);
    assert.ok(Number(refused.headers.get('retry-after')) >= 1);
    assert.match(refused.text, /This does not work right now/);
    const { json } = await shop.ask('GET', `/receipt/${id}`);
    assert.equal(json.code, 'rate_limited', 'one limit for both');
  });

  shopTest('a Stripe that is away is a page, too', {}, async (shop) => {
    const id = await shop.order();
    await shop.sandbox.faults({ match: `GET ${sessions}/*`, times: 0, action: { status: 500 } });
    const { status, text } = await shop.ask('GET', `/pay/${id}`, { headers: browser });
    assert.equal(status, 502);
    assert.match(text, /try again in a moment/);
    const { json } = await shop.ask('GET', `/pay/${id}`);
    assert.equal(json.code, 'payment_unavailable');
  });
});

describe('order again', parallel, () => {
  shopTest('the prompt is kept when the checkout expired or its payment failed',
    { sandbox: ['--pay-later-ms', '20000'] }, async (shop) => {
      const prompt = 'кот 🐈 at dawn, zebrafinch';
      const failing = await shop.order({ prompt });
      await shop.sandbox.pay(failing, 'later_fail');
      await shop.sandbox.advance(20);
      const expiring = await shop.order({ prompt });
      const long = await shop.order({ prompt: 'x'.repeat(unpaidPromptMax + 1) });
      await shop.sandbox.advance(24 * 3600 + 1);
      const over = (seen) => seen.status === 'error';
      for (const id of [failing, expiring]) {
        assert.equal((await shop.statusWhen(id, over)).prompt, prompt);
      }
      assert.equal((await shop.statusWhen(long, over)).prompt, '');
    });
});

describe('addresses', () => {
  let shop;
  before(async () => { shop = await Shop.open(); });
  after(() => shop?.close());

  test('a wrong one is a page for a browser, JSON for a program', async () => {
    for (const route of ['/nowhere', '/assets/nothing.js', '/assets/left.html', '/pay/nonsense']) {
      const page = await shop.ask('GET', route, { headers: browser });
      assert.equal(page.status, 404, route);
      assert.match(page.headers.get('content-type'), /^text\/html/);
      assert.match(page.text, /There is nothing at this address/);
      assert.equal(page.headers.get('vary')?.toLowerCase().includes('accept'), true);
      const told = await shop.ask('GET', route);
      assert.deepEqual([told.status, told.json.code], [404, 'no_such_route'], route);
    }
  });

  test('those of the replaced system lead to the order', async () => {
    const id = await shop.paidOrder();
    const { fileId } = await shop.completed(id);
    for (const [route, page] of [
      [`/session/${id}`, ownPage(id)], [`/ru/session/${id}`, `/ru${ownPage(id)}`],
      [`/file/${fileId}?session_id=${id}`, ownPage(id)],
      [`/en/file/x?session_id=${id}`, `/en${ownPage(id)}`],
      // Buyers share the address of a video, which holds its id: that shows nobody the order.
      [`/file/${fileId}`, '/find-file'], [`/tr/file/${fileId}`, '/tr/find-file'],
    ]) {
      const { status, headers } = await shop.ask('GET', route);
      assert.deepEqual([status, headers.get('location')], [302, page], route);
    }
    assert.equal((await shop.ask('GET', '/session/nonsense', { headers: browser })).status, 404);
  });

  test('no page is listed, and no robot asks what costs', async () => {
    const order = '/payment-success/cs_test_a';
    for (const route of ['/', '/left', '/find-file', '/ru/orders/x',
      order, `/ru${order}`, `${order}-`, '/ops']) {
      const { headers, text } = await shop.ask('GET', route);
      assert.match(headers.get('x-robots-tag'), /noindex/, route);
      assert.match(text, /<meta name="robots" content="noindex">/, route);
    }
    const robots = await shop.ask('GET', '/robots.txt');
    assert.equal(robots.status, 200);
    for (const path of ['/api/', '/pay/', '/receipt/']) {
      assert.ok(robots.text.includes(`Disallow: ${path}\n`), path);
    }
    const icon = await shop.ask('GET', '/favicon.ico');
    assert.deepEqual([icon.status, icon.headers.get('content-type')], [200, 'image/svg+xml']);
  });
});
