// A disputed order on the operator's page: a banner that cannot be missed, a list by when an answer
// is due, and what answers the bank, each field to be copied.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { Shop } = require('../blackbox/support/shop.js');
const { Browser, patience } = require('./support/browser.js');
const { signInAt } = require('./support/operator.js');

describe('a disputed order on the operator\'s page', () => {
  let shop;
  let browser;
  let id;
  before(async () => {
    shop = await Shop.open();
    id = await shop.paidOrder({ prompt: 'a red fox' });
    await shop.completed(id);
    await shop.sandbox.dispute(id);
    browser = await Browser.open();
  });
  after(async () => {
    await browser?.close();
    await shop?.close();
  });

  test('is found from the banner, and its evidence is copied field by field', () =>
    browser.with({ permissions: ['clipboard-read', 'clipboard-write'] }, async (page) => {
      await signInAt(page, shop, '#/', '.notice:has-text("1 payment is disputed")');
      await page.click('.notice >> text=Disputed orders');
      await page.waitForSelector('.pills a[aria-current]:has-text("Disputed")', patience);
      await page.waitForSelector('td .badge.disputed', patience);
      await page.waitForSelector('th >> text=Answer due', patience);
      await page.waitForSelector('td[data-label="Answer due"] >> text=in 10 d', patience);
      await page.click(`td a[href="#/order/${id}"]`);
      await page.waitForSelector('.card.dispute', patience);
      assert.match(await page.textContent('.card.dispute dl'), /product not received/);
      const field = page.locator('.evidence', { hasText: 'Product description' });
      await field.locator('button').click();
      await field.locator('button:has-text("Copied")').waitFor(patience);
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      assert.match(copied, /Ordered with the words: a red fox$/);
    }));
});
