// Stripe Connect: a shop that sells for a connected account. Every call is on its behalf, and of
// the events of a platform only those of its account are about its orders.
'use strict';
const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { secrets } = require('./support/claimcheck.js');
const { Sandbox, eventually } = require('./support/sandbox.js');
const { parallel, shopTest } = require('./support/shop.js');
const { client, order, refused, testKey } = require('./support/stripe.js');

const seller = 'acct_seller1';
const connected = { settings: { STRIPE_ACCOUNT: seller } };
const named = (more) => order({ metadata: { tool: 'veo3-generator', video_count: '2' }, ...more });

// The control routes of one account; undefined = the platform's.
const act = (shop, account, route, body) => shop.sandbox.call('POST',
  `/sandbox/${route}${account ? `?account=${account}` : ''}`, body);
const pay = (shop, id, account) => act(shop, account, `sessions/${id}/pay`, { action: 'pay' });
const ignored = async (shop) => {
  const { text } = await shop.ask('GET', '/metrics',
    { headers: { authorization: `Bearer ${secrets.CLAIMCHECK_ADMIN_TOKEN}` } });
  return Number(
    /webhook_events_total\{type="other_account"\} (\d+)/.exec(text)?.[1] ?? 0);
};
const calls = async (shop) => (await shop.sandbox.ledger('requests')).requests
  .filter((one) => one.path.startsWith('/v1/'));

describe('a connected account', parallel, () => {
  shopTest('is sold for, made for and refunded for, in every call', connected, async (shop) => {
    const id = await shop.order();
    await pay(shop, id, seller);
    await shop.completed(id);
    await shop.sandbox.faults({ match: 'POST /api/v1/file/generate-video', times: 0,
      action: { status: 422 } });
    const failing = await shop.order();
    await pay(shop, failing, seller);
    await shop.statusWhen(failing, (seen) => seen.refund?.status === 'refunded');
    const made = (await calls(shop)).map((one) => one.headers['stripe-account']);
    assert.ok(made.length > 8);
    assert.deepEqual([...new Set(made)], [seller]);
    // The money is the seller's, by the official client.
    const stripe = client(shop.sandbox);
    const theirs = await stripe.checkout.sessions.retrieve(id, {}, { stripeAccount: seller });
    assert.equal(theirs.payment_status, 'paid');
    await refused(stripe.checkout.sessions.retrieve(id), { statusCode: 404 });
    const { data } = await stripe.refunds.list({}, { stripeAccount: seller });
    assert.equal(data.length, 1);
    assert.equal((await stripe.refunds.list()).data.length, 0);
    await eventually(async () =>
      await shop.redis('HGET', 'claimcheck:meta', 'account') === seller);
  });

  shopTest('events of the platform and of other accounts are ignored before any look', connected,
    async (shop) => {
      const stripe = client(shop.sandbox);
      for (const account of [undefined, 'acct_other1']) {
        const before = await ignored(shop);
        const { id } = await stripe.checkout.sessions.create(named(),
          account ? { stripeAccount: account } : {});
        await pay(shop, id, account);
        await eventually(async () => (await shop.deliveries(id)).every((one) => one.status === 200)
          && await ignored(shop) > before, { what: 'it is ignored' });
        await shop.settled();
        const looks = await shop.requests('GET', `/v1/checkout/sessions/${id}`);
        assert.equal(looks.length, 0);
        assert.equal(await shop.redis('EXISTS', `claim:{session:${id}}`), '0');
      }
      assert.equal(shop.server.events('webhook_of_other_account').length >= 1, true);
      assert.equal((await shop.generations()).length, 0);
    });

  shopTest('without STRIPE_ACCOUNT the events of connected accounts are ignored', {},
    async (shop) => {
      const stripe = client(shop.sandbox);
      const { id } = await stripe.checkout.sessions.create(named(), { stripeAccount: seller });
      await pay(shop, id, seller);
      await eventually(async () => await ignored(shop) > 0, { what: 'it is ignored' });
      await shop.settled();
      assert.equal((await shop.requests('GET', `/v1/checkout/sessions/${id}`)).length, 0);
      await shop.completed(await shop.paidOrder());
    });

  shopTest('a Redis of one account is not served with another', { ownRedis: true },
    async (shop) => {
      await eventually(async () =>
        await shop.redis('HGET', 'claimcheck:meta', 'account') === 'acct_sandbox');
      const wrong = await shop.another({ STRIPE_ACCOUNT: seller });
      const { code } = await wrong.child.ended;
      assert.equal(code, 4);
      assert.match(wrong.events('account_wrong')[0].why,
        /belongs to Stripe's account acct_sandbox, and STRIPE_ACCOUNT is of acct_seller1/);
    });
});

test('the sandbox keeps accounts apart, by the official client', async () => {
  const sandbox = await Sandbox.start([]);
  try {
    const stripe = client(sandbox);
    const one = { stripeAccount: 'acct_one1' };
    const key = { idempotencyKey: 'same' };
    const first = await stripe.checkout.sessions.create(order(), { ...one, ...key });
    const own = await stripe.checkout.sessions.create(order(), key);
    assert.notEqual(first.id, own.id, 'keys are of one account');
    const ids = async (options) =>
      (await stripe.checkout.sessions.list({}, options)).data.map(({ id }) => id);
    assert.deepEqual(await ids(one), [first.id]);
    assert.deepEqual(await ids({}), [own.id]);
    // The payment page knows which account a session is of.
    const paid = await fetch(first.url,
      { method: 'POST', body: new URLSearchParams({ action: 'pay' }), redirect: 'manual' });
    assert.equal(paid.status, 303);
    const { data } = await stripe.events.list({ type: 'checkout.session.completed' }, one);
    assert.equal(data[0].account, 'acct_one1');
    assert.equal((await stripe.events.list()).data.length, 0);
    const account = await fetch(`${sandbox.url}/v1/account`,
      { headers: { authorization: `Bearer ${testKey}`, 'stripe-account': 'acct_one1' } });
    assert.equal((await account.json()).id, 'acct_one1');
    const error = await refused(stripe.checkout.sessions.list({}, { stripeAccount: 'x' }),
      { statusCode: 403 });
    assert.equal(error.code, 'account_invalid');
  } finally {
    await sandbox.stop();
  }
});
