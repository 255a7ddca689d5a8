// What stands around a list of the operator's page, in a real Chromium: of when it is and of which
// mode, and what is searched for.
'use strict';
const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { patience } = require('./support/browser.js');
const {
  answers, focusIs, openShop, order, part, refundedLists, signInAt,
} = require('./support/operator.js');

describe('the page of a list', () => {
  const own = openShop();

  const show = (page) => page.evaluate(() => { location.hash = '#/orders/refunded'; });

  test('a list says as of when it is, and asks anew when that is wanted', () =>
    own.browser.with({}, async (page) => {
      await signInAt(page, own.shop, '#/', '.chart canvas');
      const asked = await answers(page, refundedLists, part([order(1)], null),
        part([order(2), order(1)], null), part([], null));
      await show(page);
      await page.waitForSelector('text=/^as of \\d+:\\d\\d [AP]M$/', patience);
      await page.focus('button:text-is("Refresh")');
      await page.keyboard.press('Enter');
      await page.waitForSelector('#main a[href="#/order/cs_test_2"]', patience);
      assert.equal(await page.locator('#main tbody tr').count(), 2);
      await focusIs(page, 'Refresh');
      await page.click('.pills >> text=Refunded');  // where it is already
      await page.waitForSelector('#main .notice:text-is("No such orders.")', patience);
      assert.deepEqual(asked, ['', '', '']);
      assert.equal(await page.title(), 'Refunded orders – claimcheck operator');
    }));

  test('a list tells the mode of what it shows, also when it is opened directly', () =>
    own.browser.with({}, async (page) => {
      await own.shop.order();
      await signInAt(page, own.shop, '#/orders/all', '#main tbody tr');
      await page.waitForSelector('#mode.test', patience);
      await answers(page, refundedLists, part([{ ...order(1), id: 'cs_live_1' }], null));
      await show(page);
      await page.waitForSelector('#mode.live', patience);
    }));

  test('a search outlives a reload, and ends with another page or whoever signs out', () =>
    own.browser.with({}, async (page) => {
      await signInAt(page, own.shop, '#/', '.chart canvas');
      const field = 'input[type=search]';
      await page.fill(field, 'somebody@example.com');
      await page.press(field, 'Enter');
      await page.waitForSelector('#main .notice:text-is("Nothing found.")', patience);
      await page.reload();
      await page.waitForSelector('#main .notice:text-is("Nothing found.")', patience);
      assert.equal(await page.inputValue(field), 'somebody@example.com');
      assert.ok(!`${page.url()} ${await page.title()}`.includes('somebody'));
      await page.click('nav >> text=Orders');
      await page.waitForSelector('h1:text-is("Orders")', patience);
      assert.equal(await page.inputValue(field), '');
      await page.goBack();
      await page.waitForSelector('text=Orders for “somebody@example.com”', patience);
      await page.click('#sign-out');
      await page.waitForSelector('#sign-in:not([hidden])', patience);
      assert.equal(await page.evaluate(() => history.state), null);
    }));
});
