// What the operator reads beside the lists: what was sold and refunded, how many orders there are,
// orders of some days, a list as a file.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { privateWord, secrets } = require('./support/claimcheck.js');
const { eventually } = require('./support/sandbox.js');
const { Shop } = require('./support/shop.js');

const bearer = { authorization: `Bearer ${secrets.CLAIMCHECK_ADMIN_TOKEN}` };
const submit = 'POST /api/v1/file/generate-video';

describe('money and counts for the operator', () => {
  let shop;
  let done;
  let refunded;
  let open;
  const read = async (route) => (await shop.ask('GET', route, { headers: bearer })).json;
  const ids = ({ orders }) => orders.map((one) => one.id);
  before(async () => {
    shop = await Shop.open();
    done = await shop.paidOrder({ quantity: 2, customerEmail: 'ada@example.com' });
    await shop.completed(done);
    await shop.sandbox.faults({ match: submit, times: 1, action: { task: 'error' } });
    refunded = await shop.paidOrder();
    await eventually(async () => ids(await read('/api/ops/sessions?filter=refunded')).length === 1);
    open = await shop.order();
  });
  after(() => shop?.close());

  test('sales have what was sold and refunded, once each, by currency, product, tool', async () => {
    await eventually(async () => (await read('/api/ops/sales')).currencies[0]?.refunded > 0);
    const sales = await read('/api/ops/sales');
    assert.deepEqual(sales.currencies, [{ sold: 300, refunded: 100, soldBefore: 0,
      refundedBefore: 0, costMicros: 0, costMicrosBefore: 0, currency: 'usd' }]);
    assert.equal(sales.products.length, 1);
    assert.equal(sales.products[0].price, 'price_single');
    assert.equal(sales.products[0].sold, 300);
    const [tool] = sales.tools;
    assert.deepEqual([sales.tools.length, tool.tool, tool.title, tool.sold, tool.refunded],
      [1, 'veo3-prompt-generator', 'Free VEO3 Viral Prompt Generator', 300, 100]);
    assert.deepEqual([sales.hours, sales.started, sales.paid, sales.paidBefore], [24, 3, 2, 0]);
    const metrics = await shop.ask('GET', '/metrics', { headers: bearer });
    assert.match(metrics.text, /claimcheck_money_total\{what="sold:usd:price_single"\} 300\n/);
    assert.match(metrics.text,
      /claimcheck_tool_money_total\{what="sold:usd:veo3-prompt-generator"\} 300\n/);
  });

  test('counts come from the indexes', async () => {
    assert.deepEqual(await read('/api/ops/counts'), { all: 3, held: 0, disputed: 0, waiting: 1,
      working: 0, givenUp: 0, mode: 'test' });
  });

  test('a row has what a person recognises an order by', async () => {
    const [order] = (await read('/api/ops/sessions?filter=delivered')).orders;
    assert.equal(order.email, 'ada@example.com');
    assert.equal(order.prompt, `A ${privateWord} at dawn`);
    assert.match(order.title, /Prompt Generator/);
    assert.ok(order.version > 1);
    const { order: alone } = await read(`/api/ops/sessions/${done}`);
    assert.deepEqual([alone.title, alone.prompt], [order.title, order.prompt]);
  });

  test('orders can be asked for by days', async () => {
    const { orders: [newest] } = await read('/api/ops/sessions');
    assert.equal(newest.id, open);
    const { created: until } = newest;
    const earlier = await read(`/api/ops/sessions?until=${until}`);
    assert.deepEqual(ids(earlier), [refunded, done]);
    const later = await read(`/api/ops/sessions?from=${until}`);
    assert.deepEqual(ids(later), [open]);
    for (const [query, param] of [['from=2026-11-28', 'from'], ['until=odd', 'until'],
      [`filter=held&from=${until}`, 'from']]) {
      const { status, json } = await shop.ask('GET', `/api/ops/sessions?${query}`,
        { headers: bearer });
      assert.deepEqual([status, json.code, json.param], [400, `invalid_${param}`, param], query);
    }
  });

  test('a list is a file of CSV with the money in words of its currency', async () => {
    const { status, headers, text } = await shop.ask('GET', '/api/ops/orders.csv?filter=all',
      { headers: bearer });
    assert.equal(status, 200);
    assert.equal(headers.get('content-type'), 'text/csv; charset=utf-8');
    assert.match(headers.get('content-disposition'), /filename="orders-all\.csv"/);
    const lines = text.split('\r\n');
    assert.equal(lines.length, 5);  // a heading, three orders, the end
    const of = (id) => lines.find((line) => line.endsWith(`,${id}`));
    assert.match(of(done), /,2,2\.00,0\.00,USD,2,2,ada@example\.com,/);
    assert.match(of(refunded), /,1,1\.00,1\.00,USD,1,0,/);
    const told = await eventually(() =>
      shop.server.log.find(({ event }) => event === 'orders_exported'));
    assert.deepEqual([told.filter, told.orders], ['all', 3]);
    assert.ok(!JSON.stringify(shop.server.log).includes('ada@example.com'));
    const { status: closed } = await shop.ask('GET', '/api/ops/orders.csv');
    assert.equal(closed, 401);
  });
});
