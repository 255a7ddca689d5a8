// The shop's own site makes the Checkout Sessions and writes the session values, as the replaced
// system did; only the webhook is ours. What is in Redis is made; what does not fit is held.
'use strict';
const assert = require('node:assert/strict');
const { describe } = require('node:test');
const { run } = require('./support/claimcheck.js');
const { eventually } = require('./support/sandbox.js');
const { parallel, shopTest } = require('./support/shop.js');
const { client, order } = require('./support/stripe.js');

const prices = {
  sandbox: ['--generate-ms', '300', '--price', 'price_single:usd:100:One',
    '--price', 'price_triple:usd:250:Three', '--price', 'price_retired:usd:70:Retired'],
};
const value = (more = {}) => ({
  prompt: 'a cat, ordered at the site', videoCount: 1, duration: 8, resolution: '1280x720',
  style: 'cinematic', toolSlug: 'veo3-prompt-generator', toolTitle: 'Videos',
  createdAt: new Date().toISOString(), status: 'pending', ...more,
});

// A session of the site's, with that metadata; `known` = its value in Redis.
async function sold(shop, of) {
  const { metadata = {}, price = 'price_single', quantity = 1, known = value() } = of;
  await shop.afterBirth();
  const session = await client(shop.sandbox).checkout.sessions.create(
    order({ metadata, line_items: [{ price, quantity }] }));
  if (known) await shop.redis('SET', `session:${session.id}`, JSON.stringify(known), 'EX', '9000');
  await shop.sandbox.pay(session.id);
  return session.id;
}
async function audit(shop) {
  const { stdout } = await run(['audit', '--json'], {
    ...shop.server.settings, STRIPE_API_URL: shop.sandbox.url });
  return JSON.parse(stdout);
}
async function heldBecause(shop, id) {
  const claim = `claim:{session:${id}}`;
  await eventually(async () => await shop.redis('HGET', claim, 'state') === 'held',
    { withinMs: 30000 });
  assert.deepEqual(await shop.generations(), []);
  return shop.redis('HGET', claim, 'reason');
}

describe('orders of the shop\'s own site', parallel, () => {
  for (const [what, of] of Object.entries({
    'without metadata': {},
    'with a tool of its own in the metadata': { metadata: { tool: 'site' } },
    'at a price that is not listed': { price: 'price_retired' },
    'with the count as text': { quantity: 2, known: value({ videoCount: '2' }) },
    'of a price for three, counted as one': { price: 'price_triple', known: value() },
  })) {
    shopTest(`${what}: made, and in the books`, prices, async (shop) => {
      const id = await sold(shop, of);
      const seen = await shop.completed(id);
      const made = await shop.generations();
      const videos = of.price === 'price_triple' ? 3 : of.quantity ?? 1;
      assert.equal(made.length, videos);
      assert.equal(seen.files.length, videos);
      // The site wrote none; the buyer's page finds the shop's title by it.
      assert.equal(seen.priceId, of.price ?? 'price_single');
      assert.ok(made.every((one) => one.prompt === value().prompt));
      assert.equal(shop.server.events('order_foreign').length, 0);
      const books = await audit(shop);
      assert.equal(books.orders, 1);
      assert.deepEqual(books.differences, []);
    });
  }

  for (const [what, [of, reason]] of Object.entries({
    'more videos than were paid': [{ known: value({ videoCount: 3 }) },
      '3 videos were ordered, and 1 were paid'],
    'a tool that is not known, at a price that is not listed': [
      { price: 'price_retired', known: value({ toolSlug: 'cats' }) },
      'it was paid at a price that is not for sale here, for a tool that is not known'],
    'another number at a price that is not listed': [
      { price: 'price_retired', quantity: 2 },
      '1 videos were ordered, and 2 of a price that is not for sale here were paid'],
    'our metadata at a price that was retired, and no value': [
      { price: 'price_retired', metadata: { tool: 'veo3-generator' }, known: null },
      'it was paid at a price that is not for sale here'],
  })) {
    shopTest(`${what}: held`, prices, async (shop) => {
      const id = await sold(shop, of);
      assert.equal(await heldBecause(shop, id), reason);
      assert.deepEqual((await audit(shop)).differences, []);
    });
  }

  const silent = { ...prices, webhooks: false };
  shopTest('its event was missed: Stripe\'s list of events brings it', silent,
    async (shop) => {
      const id = await sold(shop, {});
      await shop.server.stop();
      await shop.start();
      await shop.completed(id);
    });

  shopTest('nothing in Redis and no metadata of ours: another product\'s, left alone', prices,
    async (shop) => {
      const id = await sold(shop, { metadata: { tool: 'site' }, known: null });
      await eventually(async () => shop.server.events('order_foreign').length === 1);
      assert.equal(await shop.redis('EXISTS', `claim:{session:${id}}`), '0');
      assert.equal((await audit(shop)).orders, 0);
    });
});
