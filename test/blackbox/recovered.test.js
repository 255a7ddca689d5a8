// A checkout that expired and was begun again at Stripe: the new order has the prompt of the old
// one, and is made once for each payment.
'use strict';
const assert = require('node:assert/strict');
const { describe } = require('node:test');
const { parallel, shopTest } = require('./support/shop.js');
const { client, order } = require('./support/stripe.js');

const day = 24 * 3600 + 1;
const recoverable = {
  config: '[checkout]\nafter_expiration.recovery = { enabled = true }\n',
};
const over = (seen) => seen.status === 'error';

// Opens the recovery page of an expired order, as its buyer does: the new session's id.
async function begunAgain(shop, id) {
  const { headers } = await shop.ask('GET', `/pay/${id}`);
  const recovery = headers.get('location');
  const page = await fetch(recovery, { redirect: 'manual' });
  assert.equal(page.status, 303, recovery);
  return page.headers.get('location').split('/').pop();
}

async function left(shop, fields) {
  const id = await shop.order(fields);
  await shop.sandbox.advance(day);
  await shop.statusWhen(id, over);
  return id;
}

const prompts = async (shop) => (await shop.generations()).map((one) => one.prompt);

describe('recovered checkouts', parallel, () => {
  shopTest('a recovery is made with the prompt of the expired order, which stays expired',
    recoverable, async (shop) => {
      const prompt = 'кот 🐈 at dawn, zebrafinch';
      const id = await left(shop, { prompt, locale: 'tr', customerEmail: 'a@b.example' });
      const next = await begunAgain(shop, id);
      assert.notEqual(next, id);
      await shop.sandbox.pay(next);
      const made = await shop.completed(next);
      assert.equal(made.prompt, prompt);
      assert.equal(made.continues, id);
      assert.equal(made.locale, 'tr');
      assert.deepEqual(await prompts(shop), [prompt]);
      const stored = JSON.parse(await shop.redis('GET', `session:${next}`));
      assert.equal(stored.customerEmail, 'a@b.example');
      const old = await shop.status(id);
      assert.equal(old.status, 'error');
      assert.equal(old.notice, 'expired');
      assert.ok(old.recoveryUrl, 'its page leads to the recovery');
    });

  shopTest('two recoveries that are both paid are two orders, a recovery of a recovery a third',
    recoverable, async (shop) => {
      const id = await left(shop, { prompt: 'a zebrafinch' });
      const [second, third, middle] = [await begunAgain(shop, id), await begunAgain(shop, id),
        await begunAgain(shop, id)];
      await shop.sandbox.pay(second);
      await shop.sandbox.pay(third);
      await shop.completed(second);
      await shop.completed(third);
      await shop.sandbox.advance(day);
      const expired = await client(shop.sandbox).checkout.sessions.retrieve(middle);
      assert.equal(expired.status, 'expired');
      const { url } = expired.after_expiration.recovery;
      const page = await fetch(url, { redirect: 'manual' });
      const last = page.headers.get('location').split('/').pop();
      await shop.sandbox.pay(last);
      const made = await shop.completed(last);
      assert.equal(made.continues, id);
      assert.deepEqual(await prompts(shop), ['a zebrafinch', 'a zebrafinch', 'a zebrafinch']);
    });

  shopTest('a recovery that is paid while no process runs is made all the same, once', recoverable,
    async (shop) => {
      const id = await left(shop, { prompt: 'a zebrafinch' });
      const next = await begunAgain(shop, id);
      await shop.sandbox.pauseWebhooks();
      await shop.sandbox.pay(next);
      await shop.server.stop();
      await shop.start();
      await shop.sandbox.resumeWebhooks();
      const made = await shop.completed(next);
      assert.equal(made.continues, id);
      assert.deepEqual(await prompts(shop), ['a zebrafinch']);
    });

  shopTest('a prompt that is gone is not made up, and the history says why', recoverable,
    async (shop) => {
      await shop.afterBirth();
      const id = await shop.order();
      // Not by the clock: deadlines wait while clocks differ.
      await client(shop.sandbox).checkout.sessions.expire(id);
      await shop.statusWhen(id, over);
      const next = await begunAgain(shop, id);
      await shop.redis('DEL', `session:${id}`);
      await shop.sandbox.pay(next);
      const seen = await shop.statusWhen(next, (one) => one.paid);
      assert.deepEqual([seen.prompt, seen.continues], ['', undefined]);
      assert.deepEqual(await prompts(shop), []);
      const history = await shop.redis('LRANGE', `history:{session:${next}}`, '0', '-1');
      assert.match(history, /continues an expired checkout whose prompt is not kept any more/);
    });
});

describe('the sandbox recovers', parallel, () => {
  shopTest('an expired session, as often as its page is opened', {}, async (shop) => {
    const stripe = client(shop.sandbox);
    const old = await stripe.checkout.sessions.create(order({
      after_expiration: { recovery: { enabled: true, allow_promotion_codes: true } } }));
    assert.equal(old.after_expiration.recovery.url, null);
    const expired = await stripe.checkout.sessions.expire(old.id);
    const { url, expires_at: until } = expired.after_expiration.recovery;
    assert.equal(until > expired.created + 29 * day, true);
    const page = await fetch(url, { redirect: 'manual' });
    const id = page.headers.get('location').split('/').pop();
    const session = await stripe.checkout.sessions.retrieve(id, { expand: ['line_items'] });
    assert.equal(session.recovered_from, old.id);
    assert.equal(session.status, 'open');
    assert.equal(session.allow_promotion_codes, true);
    assert.equal(session.amount_total, old.amount_total);
    assert.deepEqual(session.metadata, old.metadata);
    assert.equal(session.line_items.data[0].quantity, 2);
    assert.equal(session.after_expiration.recovery.url, null);
    assert.equal((await fetch(url.replace('test_', 'none_'))).status, 404);
    await shop.sandbox.advance(31 * day);
    assert.equal((await fetch(url, { redirect: 'manual' })).status, 404);
    const plain = await stripe.checkout.sessions.create(order());
    assert.equal((await stripe.checkout.sessions.expire(plain.id)).after_expiration, null);
  });
});
