// The operator's page about what shop and buyers are told, in a real Chromium: what was given up
// and why, trying one or all again after a question, what waits, and that nobody is told.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { secrets } = require('../blackbox/support/claimcheck.js');
const { Hook } = require('../blackbox/support/hook.js');
const { eventually } = require('../blackbox/support/sandbox.js');
const { Shop } = require('../blackbox/support/shop.js');
const { Browser, assertClean, patience } = require('./support/browser.js');

describe('notifications on the operator\'s page', () => {
  let browser;
  let hook;
  let status = 410;
  let shop;
  let page;
  before(async () => {
    // An alert may come beside the three: on a slow machine it was given up as well, a fourth row.
    hook = await Hook.open((seen) => (Hook.isAlert(seen) ? 200 : status));
    shop = await Shop.open({ settings: hook.settings() });
    for (let i = 0; i < 3; ++i) await shop.paidOrder();
    await eventually(() => shop.server.events('message_given_up').length === 3);
    browser = await Browser.open();
    page = await browser.page();
  });
  after(async () => {
    await browser?.close();
    await shop?.close();
    await hook?.stop();
  });

  const rows = () => page.locator('#main tbody tr');
  const hasRows = (count) => eventually(async () => await rows().count() === count,
    { what: `${count} rows` });
  async function open(at, of = shop) {
    await at.goto(`${of.server.url}/ops`);
    await at.fill('#token', secrets.CLAIMCHECK_ADMIN_TOKEN);
    await at.press('#token', 'Enter');
    await at.click('nav >> text=Notifications');
    await at.waitForSelector('h1:has-text("Notifications")', patience);
  }
  async function orScreenshot(steps) {
    try {
      await steps();
    } catch (error) {
      await browser.keep(page, error);
      throw error;
    }
  }

  test('what was given up: its order, the last answer and why', () => orScreenshot(async () => {
    await open(page);
    await hasRows(3);
    assert.equal(await page.getAttribute('[data-page=notifications]', 'aria-current'), 'page');
    const cells = await rows().first().locator('td').allTextContents();
    assert.deepEqual([cells[0], cells[2], cells[4], cells[5], cells[6]],
      ['Delivered', 'To the shop', '1', '410', 'the receiver wants no more']);
    assert.match(await rows().first().locator('a').getAttribute('href'), /^#\/order\/cs_/);
  }));

  test('one is tried again, after a question', () => orScreenshot(async () => {
    status = 200;
    const told = hook.received.length;
    await rows().first().locator('button').click();
    await page.waitForSelector('#dialog[open] >> text=order.delivered', patience);
    await page.click('#dialog-cancel');
    assert.equal(hook.received.length, told);
    await rows().first().locator('button').click();
    await page.click('#dialog-ok');
    await page.waitForSelector('[role=status]:has-text("It is tried again.")', patience);
    await hasRows(2);
    await eventually(() => hook.received.length === told + 1);
  }));

  test('the server\'s word stands in the dialog when it refuses', () => orScreenshot(async () => {
    const body = { error: 'no <b>', code: 'x' };
    await page.route('**/notifications/retry',
      (route) => route.fulfill({ status: 503, json: body }));
    await page.click('text=Try all again');
    await page.click('#dialog-ok');
    await page.waitForSelector('#dialog-error:has-text("no <b>")', patience);
    await page.unroute('**/notifications/retry');
    await page.click('#dialog-cancel');
    page.errors.length = 0;  // Chromium reports the 503
  }));

  test('all are tried again, and nothing is left', () => orScreenshot(async () => {
    const told = hook.received.length;
    await page.click('text=Try all again');
    await page.click('#dialog-ok');
    await page.waitForSelector('[role=status]:has-text("2 notifications tried again.")', patience);
    await page.waitForSelector('text=Nothing was given up.', patience);
    await eventually(() => hook.received.length === told + 2);
    await page.click('.pills >> text=Waiting');
    await page.waitForSelector('text=Nothing waits to be told.', patience);
    await assertClean(page, / 401 /);
  }));

  test('what waits has been tried, and can be read on a phone', () => orScreenshot(async () => {
    status = 500;
    const refused = () => shop.server.events('message_refused').length;
    const before = refused();
    const id = await shop.paidOrder();
    await eventually(() => refused() > before);
    await browser.with({ viewport: { width: 375, height: 700 } }, async (phone) => {
      await open(phone);
      await phone.click('.pills >> text=Waiting');
      await phone.waitForSelector(`#main a[href="#/order/${id}"]`, patience);
      // An alert may wait beside it.
      const row = phone.locator(`#main tr:has(a[href="#/order/${id}"])`);
      const answer = row.locator('td[data-label="Last answer"]');
      await answer.filter({ hasText: '500' }).waitFor(patience);
      const [label, text] = await answer.evaluate((cell) =>
        [getComputedStyle(cell, '::before').content, cell.textContent]);
      assert.deepEqual([label, text], ['"Last answer"', '500']);
      assert.equal(await phone.locator('#main tbody button').count(), 0);
      assert.ok(await phone.evaluate(() => document.documentElement.scrollWidth) <= 375);
      await assertClean(phone, / 401 /);
    });
  }));

  test('where nobody is told, it says so', () => Shop.with({}, (quiet) =>
    browser.with({}, async (other) => {
      await open(other, quiet);
      await other.waitForSelector('text=neither CLAIMCHECK_NOTIFY_URL', patience);
      await assertClean(other, / 401 /);
    })));
});
