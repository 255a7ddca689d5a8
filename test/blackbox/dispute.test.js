// A bank asks about a payment or takes it back, months after the delivery: the shop is told, finds
// the order on the operator's page with what answers the bank, and in the books.
'use strict';
const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { defaults, privateWord, run, secrets } = require('./support/claimcheck.js');
const { Hook } = require('./support/hook.js');
const { eventually } = require('./support/sandbox.js');
const { Shop, parallel, shopTest } = require('./support/shop.js');

const operator = { headers: { authorization: `Bearer ${secrets.CLAIMCHECK_ADMIN_TOKEN}` } };
const disputesList = { match: 'GET /v1/disputes', times: 0 };
const listKey = 'claimcheck:{p00}:disputed';
const claimKey = (id) => `claim:{session:${id}}`;

const shown = async (shop, id) =>
  (await shop.ask('GET', `/api/ops/sessions/${id}`, operator)).json;
const filtered = async (shop) =>
  (await shop.ask('GET', '/api/ops/sessions?filter=disputed', operator)).json.orders;
const now = async (shop) => (await shop.ask('GET', '/api/ops/stats', operator)).json.now;

async function disputedOrder(shop, order) {
  const id = await shop.paidOrder(order);
  await shop.completed(id);
  await shop.sandbox.dispute(id);
  const told = await eventually(async () => {
    const seen = await shown(shop, id);
    return seen.order.dispute && seen;
  }, { what: 'the dispute to be known' });
  return { id, told };
}
const disputeId = async (shop) => (await shop.sandbox.ledger('disputes')).disputes.at(-1).id;
const answered = async (shop, status) =>
  shop.sandbox.call('POST', `/sandbox/disputes/${await disputeId(shop)}`, { status });

describe('a dispute', parallel, () => {
  shopTest('of a delivered order stands in its history, on the list and in the numbers', {
    ownRedis: true,
  }, async (shop) => {
    const { id, told } = await disputedOrder(shop);
    assert.equal(told.order.state, 'done');
    const { dispute } = told.order;
    assert.deepEqual([dispute.status, dispute.reason, dispute.amount, dispute.currency],
      ['needs_response', 'product_not_received', 100, 'usd']);
    assert.ok(told.records.history.some((line) =>
      /^100 usd are disputed: product_not_received \(needs_response\); an answer is due by /
        .test(line.why)));
    assert.ok(told.words.some((words) => words.startsWith('The bank: 100 usd are disputed')));
    assert.ok(told.links.some(({ url }) => url.endsWith(`/test/disputes/${dispute.id}`)));
    assert.equal((await shop.status(id)).status, 'completed');
    await eventually(async () => (await filtered(shop)).length === 1);
    assert.deepEqual((await now(shop)).disputed, { count: 1, answerBy: dispute.answerBy });
    const search = await shop.ask('POST', '/api/ops/search',
      { ...operator, body: { q: dispute.id } });
    assert.deepEqual(search.json.orders.map((order) => order.id), [id]);
  });

  shopTest('comes with what answers the bank, ready to copy', {}, async (shop) => {
    const email = `${privateWord}@example.com`;
    const { id, told } = await disputedOrder(shop, { prompt: 'a red fox', customerEmail: email });
    const field = (name) => told.evidence.find((one) => one.field === name)?.text;
    assert.match(field('product_description'), /Ordered with the words: a red fox$/);
    assert.equal(field('service_date'), new Date().toISOString().slice(0, 10));
    assert.equal(field('customer_email_address'), email);
    const log = field('access_activity_log').trimEnd().split('\n');
    const times = log.map((line) => line.split(' ')[0]);
    assert.deepEqual([...times].sort(), times);
    assert.match(log[0], new RegExp(`Ordered, Checkout Session ${id}$`));
    assert.match(log[1], /Paid, pi_/);
    assert.match(log[2], /Video 1 delivered, file .+: https?:/);
    assert.match(log[3], /was first looked at on its page$/);
  });

  shopTest('is off the list when it was answered, and its end is known', { ownRedis: true },
    async (shop) => {
      const { id } = await disputedOrder(shop);
      await eventually(async () => await shop.redis('ZCARD', listKey) === '1');
      await answered(shop, 'under_review');
      await eventually(async () => await shop.redis('ZCARD', listKey) === '0');
      assert.deepEqual(await filtered(shop), []);
      assert.equal((await now(shop)).disputed, null);
      await answered(shop, 'lost');
      await eventually(async () => (await shown(shop, id)).order.dispute.status === 'lost');
      assert.equal((await shown(shop, id)).order.state, 'done');
    });

  test('is told to the shop, once for each', async () => {
    const hook = await Hook.open();
    try {
      await Shop.with({ settings: hook.settings() }, async (shop) => {
        const { id, told } = await disputedOrder(shop);
        const news = await hook.types(id, ['order.delivered', 'order.disputed']);
        const { data } = news.find((one) => one.type === 'order.disputed');
        const { id: dispute, answerBy } = told.order.dispute;
        assert.deepEqual(data.dispute, { id: dispute, status: 'needs_response',
          reason: 'product_not_received', amount: 100, currency: 'usd', answerBy });
        assert.equal(data.deliveredCount, 1);
      });
    } finally {
      await hook.stop();
    }
  });

  shopTest('stands in the books, and one that Redis does not know is a difference', {
    ownRedis: true,
  }, async (shop) => {
    const { id } = await disputedOrder(shop);
    const audit = () => run(['audit'], {
      ...defaults, ...shop.settings, STRIPE_API_URL: shop.sandbox.url });
    const { code, stdout } = await audit();
    assert.equal(code, 0, stdout);
    assert.match(stdout, /Redis +1\.00 +1\.00 +0\.00 +0\.00 +0\.00 +1\.00/);
    await shop.redis('HDEL', claimKey(id), 'dispute.id');
    const lost = await audit();
    assert.equal(lost.code, 1);
    assert.match(lost.stdout, new RegExp(`^${id}  disputed at Stripe, not in Redis`, 'm'));
    await shop.ask('POST', `/api/ops/sessions/${id}/actions`,
      { ...operator, body: { action: 'look' } });
    await eventually(async () => (await audit()).code === 0);
  });

  shopTest('whose webhook is lost is found in Stripe\'s events', {
    webhooks: false, ownRedis: true,
  }, async (shop) => {
    const id = await shop.order();
    await shop.sandbox.pay(id);
    await shop.completed(id);
    await shop.sandbox.dispute(id);
    // Of the second that is not over no events are read yet.
    const second = Math.floor(Date.now() / 1000);
    await eventually(() => Date.now() / 1000 > second + 1, { what: 'the next second' });
    await shop.server.stop();
    await shop.redis('HDEL', 'claimcheck:meta', 'reconciled_s');
    await shop.start();
    await eventually(async () => (await shown(shop, id)).order.dispute, { withinMs: 60000 });
  });

  shopTest('that the key may not read is an error in the log, and no endless question', {},
    async (shop) => {
      const id = await shop.paidOrder();
      await shop.completed(id);
      await shop.sandbox.faults({ ...disputesList, action: { status: 403 } });
      await shop.sandbox.dispute(id);
      await eventually(() => shop.server.events('disputes_unclear').length === 1);
      await eventually(async () => await shop.redis('ZSCORE', 'claimcheck:{p00}:due', id) === '');
      assert.equal((await shown(shop, id)).order.dispute, null);
    });

  shopTest('holds what is not made yet, and stands against a retry until it is won', {},
    async (shop) => {
      const order = async (id) => (await shown(shop, id)).order;
      await shop.sandbox.pauseWebhooks();
      const id = await shop.paidOrder();
      await shop.sandbox.dispute(id);
      await shop.sandbox.resumeWebhooks();
      await eventually(async () => (await order(id)).dispute);
      const retry = async () => {
        const { json } = await shop.ask('POST', `/api/ops/sessions/${id}/actions`,
          { ...operator, body: { action: 'retry' } });
        assert.ok(json.done);
      };
      await retry();
      await shop.settled();
      const held = await order(id);
      assert.deepEqual([held.state, held.reason], ['held', 'the payment is disputed']);
      await answered(shop, 'won');
      await eventually(async () => (await order(id)).dispute.status === 'won');
      await retry();
      await shop.completed(id);
      assert.equal((await shop.generations()).length, 1);
    });
});

describe('the facts of a paid order', parallel, () => {
  shopTest('live 400 days, longer than its session value', {}, async (shop) => {
    const days = async (key) => Math.ceil(Number(await shop.redis('TTL', key)) / 86400);
    const id = await shop.paidOrder();
    await shop.completed(id);
    assert.equal(await days(claimKey(id)), 400);
    assert.equal(await days(`history:{session:${id}}`), 400);
    assert.equal(await days(`session:${id}`), 30);
    await eventually(async () => await days(`opened:{session:${id}}`) === 400);
    const open = await shop.order();
    assert.equal(await days(claimKey(open)), 60);
  });

  shopTest('have a life of their own', { settings: { CLAIMCHECK_CLAIM_TTL: '90d' } },
    async (shop) => {
      const id = await shop.paidOrder();
      await shop.completed(id);
      const seconds = Number(await shop.redis('TTL', claimKey(id)));
      assert.equal(Math.ceil(seconds / 86400), 90);
    });
});
