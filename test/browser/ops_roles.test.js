// The operator's page says who is signed in, and gives a reader no buttons that change something.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { Shop } = require('../blackbox/support/shop.js');
const { Browser, patience } = require('./support/browser.js');

const tokens = { anna: 'anna-0123456789abcdef', watch: 'watch-0123456789abcdef' };

describe('the operator\'s page and the role of who is signed in', () => {
  let shop;
  let browser;
  let held;
  before(async () => {
    shop = await Shop.open({ settings: {
      CLAIMCHECK_REFUNDS: 'manual',
      CLAIMCHECK_OPERATORS: `anna:act:${tokens.anna},watch:read:${tokens.watch}` } });
    await shop.sandbox.faults({ match: 'POST /api/v1/file/generate-video', times: 0,
      action: { task: 'error' } });
    held = await shop.paidOrder();
    browser = await Browser.open();
  });
  after(async () => {
    await browser?.close();
    await shop?.close();
  });

  async function orderFor(name) {
    const page = await browser.page();
    await page.goto(`${shop.server.url}/ops#/order/${held}`);
    await page.fill('#token', tokens[name]);
    await page.press('#token', 'Enter');
    await page.waitForSelector('h1 .badge.held', patience);
    return page;
  }

  test('who may act has the name and the buttons', async () => {
    const page = await orderFor('anna');
    assert.equal(await page.textContent('#who'), 'anna');
    assert.ok(await page.locator('#main button[data-act]').count() > 0);
  });

  test('a reader gets no boxes to choose held orders by', async () => {
    for (const [name, boxes] of [['anna', 1], ['watch', 0]]) {
      const page = await orderFor(name);
      await page.evaluate(() => { location.hash = '#/orders/held'; });
      await page.waitForSelector('#main tbody tr', patience);
      assert.equal(await page.locator('.pick').count(), boxes, name);
    }
  });

  test('a reader has the name and no button, also after loading the page again', async () => {
    const page = await orderFor('watch');
    for (let i = 0; i < 2; ++i) {
      await page.waitForSelector('h1 .badge.held', patience);
      assert.equal(await page.textContent('#who'), 'watch (reads only)');
      assert.equal(await page.locator('#main button[data-act]').count(), 0);
      await page.reload();
    }
  });
});
