// What a shop can set of a Checkout Session, as the sandbox's Stripe plays it: codes, tax,
// shipping, fields and texts. Driven with Stripe's own package; amounts are computed by hand.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { Sandbox } = require('./support/sandbox.js');
const { assertSameMembers, client, fixture, order, refused } = require('./support/stripe.js');

describe('options of a Checkout Session', () => {
  let sandbox;
  let stripe;
  before(async () => {
    sandbox = await Sandbox.start(['--price', 'price_single:usd:1000:One',
      '--price', 'price_dinar:kwd:1010:One', '--coupon', 'SAVE20:20%', '--coupon', 'FREE100:100%',
      '--coupon', 'TAKE5:500:usd', '--tax-percent', '19']);
    stripe = client(sandbox);
  });
  after(() => sandbox.stop());

  const create = (more) => stripe.checkout.sessions.create(order(more));
  const read = (id) => stripe.checkout.sessions.retrieve(id,
    { expand: ['payment_intent.latest_charge', 'line_items'] });
  const press = (session, fields) => fetch(session.url, {
    method: 'POST', body: new URLSearchParams(fields), redirect: 'manual',
  });
  const amounts = ({ amount_subtotal, amount_total, total_details: t }) =>
    [amount_subtotal, t.amount_discount, t.amount_shipping, t.amount_tax, amount_total];

  test('a coupon lowers the total at once, also of the line items, and the charge', async () => {
    const { id, ...session } = await create({ discounts: [{ coupon: 'SAVE20' }] });
    assert.deepEqual(amounts(session), [2000, 400, 0, 0, 1600]);
    assert.deepEqual({ ...session.discounts[0] }, { coupon: 'SAVE20', promotion_code: null });
    await sandbox.pay(id);
    const paid = await read(id);
    const [item] = paid.line_items.data;
    assert.deepEqual([item.amount_subtotal, item.amount_discount, item.amount_total],
      [2000, 400, 1600]);
    assert.equal(paid.payment_intent.amount_received, 1600);
    assert.equal(paid.payment_intent.latest_charge.amount, 1600);
    const fixed = await create({ discounts: [{ promotion_code: 'promo_TAKE5' }] });
    assert.deepEqual(amounts(fixed), [2000, 500, 0, 0, 1500]);
    assert.equal(fixed.discounts[0].coupon, 'TAKE5');
  });

  test('a code is typed on the page, also after a declined card; a wrong one is told', async () => {
    const session = await create({ allow_promotion_codes: true });
    const page = async () => (await fetch(session.url)).text();
    assert.match(await page(), /placeholder="Promotion code"/);
    assert.match(await (await press(session, { action: 'code', code: 'NO' })).text(),
      /This code is invalid/);
    await sandbox.pay(session.id, 'decline');
    await press(session, { action: 'code', code: 'SAVE20' });
    assert.match(await page(), /Discount<\/span><span>−\$4.00/);
    assert.match(await page(), /Pay \$16.00/);
    await press(session, { action: 'pay' });
    const paid = await read(session.id);
    assert.deepEqual(amounts(paid), [2000, 400, 0, 0, 1600]);
    assert.equal(paid.discounts[0].promotion_code, 'promo_SAVE20');
    assert.equal(paid.payment_intent.latest_charge.amount, 1600);
    const without = await create({});
    await assert.rejects(sandbox.pay(without.id, 'pay', { code: 'SAVE20' }), /invalid/);
  });

  test('a code for everything needs no payment', async () => {
    const { id } = await create({ allow_promotion_codes: true });
    await sandbox.pay(id, 'pay', { code: 'FREE100' });
    const paid = await read(id);
    assert.deepEqual([paid.status, paid.payment_status, paid.payment_intent, paid.amount_total],
      ['complete', 'no_payment_required', null, 0]);
    assert.equal(paid.amount_subtotal, 2000);
  });

  test('automatic tax comes on top when the address is known, shipping at once', async () => {
    const session = await create({
      automatic_tax: { enabled: true }, discounts: [{ coupon: 'SAVE20' }],
      shipping_address_collection: { allowed_countries: ['US'] },
      shipping_options: [{ shipping_rate: 'shr_standard' }, { shipping_rate: 'shr_express' }],
    });
    assert.equal(session.automatic_tax.status, 'requires_location_inputs');
    assert.deepEqual(amounts(session), [2000, 400, 500, 0, 2100]);
    assert.equal(session.shipping_options[1].shipping_amount, 1500);
    await sandbox.pay(session.id);
    const paid = await read(session.id);
    assert.equal(paid.automatic_tax.status, 'complete');
    assert.deepEqual(amounts(paid), [2000, 400, 500, 304, 2404]);
    assert.equal(paid.shipping_cost.shipping_rate, 'shr_standard');
    assert.equal(paid.collected_information.shipping_details.name, 'Jenny Rosen');
    assert.equal(paid.payment_intent.latest_charge.amount, 2404);
  });

  test('amounts stay in the steps of their currency', async () => {
    const session = await create({ line_items: [{ price: 'price_dinar', quantity: 1 }],
      automatic_tax: { enabled: true }, discounts: [{ coupon: 'SAVE20' }] });
    await sandbox.pay(session.id);
    assert.deepEqual(amounts(await read(session.id)), [1010, 200, 0, 150, 960]);
  });

  test('with adaptive pricing the buyer pays another currency, and the amounts stay', async () => {
    const { id } = await create({ adaptive_pricing: { enabled: true } });
    await sandbox.pay(id, 'pay', { presentment_currency: 'eur' });
    const paid = await read(id);
    assert.deepEqual([paid.amount_total, paid.currency], [2000, 'usd']);
    assert.equal(paid.presentment_details.presentment_currency, 'eur');
    const { latest_charge: charge } = paid.payment_intent;
    assert.deepEqual([charge.amount, charge.currency], [2000, 'usd']);
    assert.equal(charge.presentment_details.presentment_amount,
      paid.presentment_details.presentment_amount);
  });

  test('everything else that was given is in the session, with its types', async () => {
    const session = await create({
      after_expiration: { recovery: { enabled: true } }, billing_address_collection: 'required',
      consent_collection: { terms_of_service: 'required' }, customer_creation: 'always',
      custom_text: { submit: { message: '123' } }, invoice_creation: { enabled: true },
      locale: 'pt-BR', payment_method_configuration: 'pmc_1', submit_type: 'book',
      payment_method_options: { pix: { expires_after_seconds: 600 } },
      phone_number_collection: { enabled: true },
      tax_id_collection: { enabled: true, required: 'if_supported' },
      custom_fields: [{ key: 'size', type: 'dropdown', label: { type: 'custom', custom: 'Size' },
        dropdown: { options: [{ label: 'Small', value: 's' }] } }],
    });
    assert.equal(session.after_expiration.recovery.enabled, true);
    assert.equal(session.after_expiration.recovery.allow_promotion_codes, false);
    assert.equal(session.billing_address_collection, 'required');
    assert.equal(session.consent_collection.terms_of_service, 'required');
    assert.equal(session.custom_text.submit.message, '123');
    assert.equal(session.invoice_creation.enabled, true);
    assert.equal(session.payment_method_configuration_details.id, 'pmc_1');
    assert.equal(session.payment_method_options.pix.expires_after_seconds, 600);
    assert.deepEqual(JSON.parse(JSON.stringify(session.tax_id_collection)),
      { enabled: true, required: 'if_supported' });
    const [field] = session.custom_fields;
    assert.deepEqual([field.optional, field.dropdown.value, field.dropdown.options[0].value],
      [false, null, 's']);
    assertSameMembers({ ...await create({}) }, fixture('checkout.session.open'));
  });

  for (const [what, params, expected] of [
    ['an unknown member deep inside', { automatic_tax: { enable: true } },
      { code: 'parameter_unknown', param: 'automatic_tax[enable]' }],
    ['an unknown word', { submit_type: 'buy' }, { param: 'submit_type' }],
    ['a language that the page has not', { locale: 'xx' }, { param: 'locale' }],
    ['codes together with a discount',
      { allow_promotion_codes: true, discounts: [{ coupon: 'SAVE20' }] },
      { message: /only specify one of these parameters/ }],
    ['a coupon that is not there', { discounts: [{ coupon: 'NO' }] },
      { code: 'resource_missing', param: 'discounts[0][coupon]' }],
    ['two discounts', { discounts: [{ coupon: 'SAVE20' }, { coupon: 'TAKE5' }] },
      { param: 'discounts' }],
    ['a coupon of another currency', { discounts: [{ coupon: 'TAKE5' }],
      line_items: [{ price: 'price_dinar', quantity: 1 }] }, { message: /currency/ }],
    ['a shipping rate that is not there', { shipping_options: [{ shipping_rate: 'shr_no' }] },
      { code: 'resource_missing' }],
    ['four fields', { custom_fields: [1, 2, 3, 4].map((n) => ({ key: `k${n}`, type: 'text',
      label: { type: 'custom', custom: 'L' } })) }, { message: /up to 3/ }],
    ['a label that is too long', { custom_fields: [{ key: 'k', type: 'text',
      label: { type: 'custom', custom: 'x'.repeat(101) } }] }, { message: /at most 100/ }],
    ['a text that is too long', { custom_text: { submit: { message: 'x'.repeat(1201) } } },
      { message: /at most 1200/ }],
    ['a section that does not say whether it is on', { tax_id_collection: { required: 'never' } },
      { code: 'parameter_missing', param: 'tax_id_collection[enabled]' }],
  ]) {
    test(`refused: ${what}`, () => refused(create(params), { statusCode: 400, ...expected }));
  }
});
