// Codes, tax, shipping and the other options of the payment page, from [checkout] in the
// configuration to the end of the order: what was ordered is made, and all money follows what was
// really paid. The sandbox's Stripe decides.
'use strict';
const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { describe, test } = require('node:test');
const { run } = require('./support/claimcheck.js');
const { eventually } = require('./support/sandbox.js');
const { parallel, shopTest } = require('./support/shop.js');
const { client, order } = require('./support/stripe.js');

const fails = { match: 'POST /api/v1/file/generate-video', action: { task: 'error' } };
const sandbox = ['--generate-ms', '300', '--price', 'price_single:usd:1000:One',
  '--price', 'price_triple:usd:1000:Three'];
const codes = { sandbox, config: '[checkout]\nallow_promotion_codes = true\n' };

async function refunds(shop) { return (await shop.sandbox.ledger('refunds')).refunds; }
function ended(shop, id) {
  return shop.statusWhen(id, (one) => ['completed', 'error'].includes(one.status));
}
async function audit(shop) {
  const { stdout } = await run(['audit', '--json'], {
    ...shop.server.settings, STRIPE_API_URL: shop.sandbox.url });
  return JSON.parse(stdout);
}
async function paid(shop, fields, more) {
  const id = await shop.order(fields);
  await shop.sandbox.pay(id, 'pay', more);
  return id;
}
const sum = (all, member) => all.reduce((total, one) => total + one[member], 0);

describe('money that differs from the price', parallel, () => {
  shopTest('P1 a promotion code: made, and a share of what was paid goes back', codes,
    async (shop) => {
      await shop.sandbox.faults(fails);
      const id = await paid(shop, { priceId: 'price_triple' }, { code: 'SAVE20' });
      const seen = await ended(shop, id);
      assert.equal(seen.status, 'completed');
      assert.equal((await shop.stripeSession(id)).amount_total, 800);
      const [refund, ...more] = await refunds(shop);
      assert.deepEqual(more, []);
      assert.ok([266, 267].includes(refund.amount), String(refund.amount));
      assert.deepEqual(seen.refund, { status: 'refunded', amount: refund.amount, currency: 'usd' });
      await shop.settled();
      const { redis, stripe, differences } = await audit(shop);
      assert.deepEqual(differences, []);
      assert.deepEqual(redis, stripe);
    });

  shopTest('P1 tax and shipping on top: made, and everything that was paid goes back', {
    sandbox, config: '[checkout]\nautomatic_tax.enabled = true\n' +
      'shipping_options = [{ shipping_rate = "shr_standard" }]\n',
  }, async (shop) => {
    await shop.sandbox.faults({ ...fails, times: 0 });
    const id = await paid(shop, { quantity: 2 });
    assert.equal((await ended(shop, id)).status, 'error');
    assert.equal((await shop.stripeSession(id)).amount_total, 2900);
    await eventually(async () => sum(await refunds(shop), 'amount') === 2900);
    await shop.settled();
    assert.deepEqual((await audit(shop)).differences, []);
  });

  shopTest('P2 100 % off: made without a payment; a part that fails ends plainly', codes,
    async (shop) => {
      await shop.sandbox.faults(fails);
      const id = await paid(shop, { priceId: 'price_triple' }, { code: 'FREE100' });
      const seen = await ended(shop, id);
      assert.equal(seen.status, 'completed');
      assert.equal(seen.refund, undefined);
      assert.equal(seen.files.filter((one) => one.status === 'completed').length, 2);
      assert.equal(seen.files.filter((one) => one.error === 'This video could not be made.').length,
        1);
      await shop.settled();
      const { stdout } = await run(['session', 'show', id], shop.server.settings);
      assert.match(stdout, /^order +done/m);
      assert.deepEqual(await refunds(shop), []);
      assert.equal((await shop.requests('GET', '/v1/refunds')).length, 0);
      assert.deepEqual((await audit(shop)).differences, []);
    });

  shopTest('P2 100 % off and nothing can be made: the order ends, nothing was charged', codes,
    async (shop) => {
      await shop.sandbox.faults({ ...fails, times: 0 });
      const id = await paid(shop, { priceId: 'price_triple' }, { code: 'FREE100' });
      const seen = await ended(shop, id);
      assert.equal(seen.status, 'error');
      assert.match(seen.error, /Nothing was charged/);
      await shop.settled();
      assert.deepEqual(await refunds(shop), []);
    });

  shopTest('P5 three decimals: Stripe takes each share, and they add up', {
    sandbox: ['--generate-ms', '300', '--price', 'price_triple:kwd:1010:Three'],
    config: '[checkout]\nallow_promotion_codes = true\nautomatic_tax.enabled = true\n',
  }, async (shop) => {
    await shop.sandbox.faults({ ...fails, times: 0 });
    const id = await paid(shop, { priceId: 'price_triple' }, { code: 'SAVE20' });
    assert.equal((await ended(shop, id)).status, 'error');
    const { amount_total: total } = await shop.stripeSession(id);
    assert.equal(total, 970);  // 1010 - 200 + 160
    await eventually(async () => sum(await refunds(shop), 'amount') === total);
    assert.ok((await refunds(shop)).every((one) => one.amount % 10 === 0));
  });

  shopTest('P5 no decimals: the shares are whole, and add up', {
    sandbox: ['--generate-ms', '300', '--price', 'price_triple:jpy:1001:Three'],
    config: '[checkout]\nallow_promotion_codes = true\n',
  }, async (shop) => {
    await shop.sandbox.faults({ ...fails, times: 0 });
    const id = await paid(shop, { priceId: 'price_triple' }, { code: 'SAVE20' });
    await ended(shop, id);
    await eventually(async () => sum(await refunds(shop), 'amount') === 801);
  });

  shopTest('the buyer pays in a currency of their own: shares are of the shop\'s', {
    sandbox, config: '[checkout]\nadaptive_pricing.enabled = true\n',
  }, async (shop) => {
    await shop.sandbox.faults({ ...fails, times: 0 });
    const id = await paid(shop, {}, { presentment_currency: 'eur' });
    await ended(shop, id);
    const [refund] = await eventually(async () => {
      const all = await refunds(shop);
      return all.length > 0 && all;
    });
    assert.deepEqual([refund.amount, refund.currency], [1000, 'usd']);
  });

  for (const [what, more, code, total] of [
    ['a code', { allow_promotion_codes: true }, 'SAVE20', 800],
    ['a code for everything', { allow_promotion_codes: true }, 'FREE100', 0],
    ['tax', { automatic_tax: { enabled: true } }, undefined, 1200],
  ]) {
    shopTest(`a session of the shop's own site with ${what}: made`, { sandbox }, async (shop) => {
      await shop.afterBirth();
      const { id } = await client(shop.sandbox).checkout.sessions.create(
        order({ metadata: {}, line_items: [{ price: 'price_single', quantity: 1 }], ...more }));
      await shop.redis('SET', `session:${id}`, JSON.stringify({
        prompt: 'a cat', videoCount: 1, duration: 8, resolution: '1280x720', style: 'cinematic',
        toolSlug: 'veo3-prompt-generator', toolTitle: 'Videos',
        createdAt: new Date().toISOString(), status: 'pending',
      }), 'EX', '9000');
      await shop.sandbox.pay(id, 'pay', code ? { code } : {});
      await shop.completed(id);
      await shop.settled();
      const paid = await shop.redis('HGET', `claim:{session:${id}}`, 'amount_minor');
      assert.equal(Number(paid), total);
      assert.deepEqual((await audit(shop)).differences, []);
    });
  }

  shopTest('another subtotal than was ordered is held, also with the same total', { sandbox },
    async (shop) => {
      const id = await shop.order({ quantity: 2 });
      await shop.sandbox.changeSession(id, { amount_subtotal: 1000, amount_total: 2000 });
      await shop.sandbox.pay(id);
      const claim = `claim:{session:${id}}`;
      await eventually(async () => await shop.redis('HGET', claim, 'state') === 'held');
      assert.equal(await shop.redis('HGET', claim, 'reason'),
        'paid 1000 usd where 2000 usd was ordered');
      assert.deepEqual(await shop.generations(), []);
    });
});

describe('the payment page', parallel, () => {
  const config = `
[checkout]
allow_promotion_codes = true
automatic_tax.enabled = true
expires_after = "2h"
submit_type = "book"
custom_text.submit.message = "Grüße & more"
shipping_address_collection.allowed_countries = ["DE", "AT"]
[[checkout.custom_fields]]
key = "size"
type = "dropdown"
label = { type = "custom", custom = "Size" }
dropdown.options = [{ label = "Small", value = "s" }]
[tool.cats]
[tool.cats.checkout]
allow_promotion_codes = false
discounts = [{ coupon = "SAVE20" }]
locale = "fi"
`;
  const settings = { STRIPE_PRICE_IDS: 'price_single,price_triple:cats' };

  shopTest('is as the shop configured it, in the buyer\'s language', { sandbox, config, settings },
    async (shop) => {
      const id = await shop.order({ locale: 'de-AT' });
      const session = await client(shop.sandbox).checkout.sessions.retrieve(id);
      assert.equal(session.allow_promotion_codes, true);
      assert.equal(session.automatic_tax.enabled, true);
      assert.equal(session.expires_at - session.created, 7200);
      assert.equal(session.submit_type, 'book');
      assert.equal(session.locale, 'de');
      assert.equal(session.custom_text.submit.message, 'Grüße & more');
      assert.deepEqual([...session.shipping_address_collection.allowed_countries], ['DE', 'AT']);
      assert.equal(session.custom_fields[0].dropdown.options[0].label, 'Small');
      assert.deepEqual({ ...session.metadata }, { tool: 'veo3-generator', video_count: '1' });
    });

  shopTest('has the members of a tool\'s own table instead', { sandbox, config, settings },
    async (shop) => {
      const id = await shop.order({ priceId: 'price_triple', locale: 'de' });
      const session = await client(shop.sandbox).checkout.sessions.retrieve(id);
      assert.equal(session.allow_promotion_codes, null);
      assert.equal(session.discounts[0].coupon, 'SAVE20');
      assert.deepEqual([session.amount_subtotal, session.amount_total], [1000, 800]);
      assert.equal(session.locale, 'fi');
      assert.equal(session.submit_type, 'book');
      await shop.sandbox.pay(id);
      await shop.completed(id);
    });

  shopTest('can be paid for as long as the shop says', { sandbox, config, settings },
    async (shop) => {
      const id = await shop.order();
      const claim = `claim:{session:${id}}`;
      const { expires_at: end } = await client(shop.sandbox).checkout.sessions.retrieve(id);
      assert.equal(Number(await shop.redis('HGET', claim, 'expires_us')), end * 1e6);
    });

  // What a start with this configuration file says.
  async function start(t, text) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'claimcheck-test-'));
    t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
    const file = path.join(folder, 'shop.toml');
    fs.writeFileSync(file, text);
    return { file, ...await run(['serve', '--config', file], {}) };
  }

  test('a mistake ends the start with its line and what was meant', async (t) => {
    const { file, code, stderr } = await start(t,
      '[checkout]\nallow_promotion_code = true\nsuccess_url = "x"\n');
    assert.equal(code, 2);
    assert.ok(stderr.includes(
      `${file}:2: checkout.allow_promotion_code: unknown; did you mean allow_promotion_codes?`),
    stderr);
    assert.ok(stderr.includes(`${file}:3: checkout.success_url: can not be set here: ` +
      'CLAIMCHECK_SUCCESS_URL sets it'), stderr);
  });

  test('the example of the documentation has no mistake', async (t) => {
    const page = fs.readFileSync(path.join(__dirname, '../../docs/checkout.md'), 'utf8');
    const example = page.split('\n').filter((line) => line.startsWith('    '))
      .map((line) => line.slice(4)).join('\n');
    assert.match(example, /\[checkout\][^]*\[tool/);
    const { file, stderr } = await start(t, example);
    assert.match(stderr, /STRIPE_SECRET_KEY: not set/);  // the file was read, and nothing is wrong
    assert.ok(!stderr.includes(file), stderr);
  });
});
