// The operator's page when the server does not answer, or knows nobody any more: what it says, and
// what it does not lose.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { secrets } = require('../blackbox/support/claimcheck.js');
const { Shop } = require('../blackbox/support/shop.js');
const { Browser, patience } = require('./support/browser.js');
const { signInAt } = require('./support/operator.js');

describe('the operator\'s page without its server', () => {
  let shop;
  let browser;
  let held;
  before(async () => {
    shop = await Shop.open({ settings: { CLAIMCHECK_REFUNDS: 'manual' } });
    await shop.sandbox.faults({ match: 'POST /api/v1/file/generate-video', times: 0,
      action: { task: 'error' } });
    held = await shop.paidOrder();
    browser = await Browser.open();
  });
  after(async () => {
    await browser?.close();
    await shop?.close();
  });

  const awayTest = (name, steps) => test(name, () => browser.with({}, steps));
  const refund = 'td.acts button:has-text("Refund")';

  awayTest('says that nobody knows whether an action was done', async (page) => {
    await signInAt(page, shop, `#/order/${held}`, '.why.held');
    await page.route('**/actions', (route) => route.abort());
    await page.click(refund);
    await page.click('#dialog-ok');
    await page.waitForSelector('#dialog-error >> text=The server does not answer. It is not ' +
      'known whether this was done: look at the order before you try again.', patience);
  });

  awayTest('says since when it is not up to date, until it is again', async (page) => {
    await page.clock.install();
    await signInAt(page, shop, '#/', '.chart canvas');
    await page.route('**/api/ops/**', (route) => route.abort());
    await page.clock.fastForward(6000);
    await page.waitForSelector('#offline:not([hidden])', patience);
    assert.match(await page.textContent('#offline'),
      /^The server does not answer\. This is as of \d+:\d\d [AP]M\. Trying again …$/);
    await page.unroute('**/api/ops/**');
    await page.clock.fastForward(6000);
    await page.waitForSelector('#offline', { ...patience, state: 'hidden' });
  });

  awayTest('does not say that a session has ended before there was one', async (page) => {
    await page.goto(`${shop.server.url}/ops#/order/${held}`);
    await page.waitForSelector('#sign-in:not([hidden])', patience);
    assert.equal(await page.textContent('#sign-in-error'), '');
  });

  for (const [when, ends] of [
    ['in the middle of an action', (page) => page.click('#dialog-ok')],
    ['before it', (page) => page.clock.fastForward(5000)],
  ]) {
    awayTest(`says that a session has ended, ${when}, and keeps the note for the same question`,
      async (page, context) => {
        await page.clock.install();
        await signInAt(page, shop, `#/order/${held}`, '.why.held');
        await page.click(refund);
        await page.fill('#note', 'asked on the phone');
        await context.clearCookies();
        await ends(page);
        await page.waitForSelector('#sign-in-error >> text=Your session has ended. Nothing was ' +
          'done; sign in again.', patience);
        assert.equal(await page.title(), 'Sign in – claimcheck operator');
        await page.fill('#token', secrets.CLAIMCHECK_ADMIN_TOKEN);
        await page.press('#token', 'Enter');
        await page.click(refund);
        assert.equal(await page.inputValue('#note'), 'asked on the phone');
        await page.keyboard.press('Escape');
        await page.click(refund);
        assert.equal(await page.inputValue('#note'), '');
      });
  }

  awayTest('does not call it the end of a session when somebody signs out', async (page) => {
    await signInAt(page, shop, '#/', '.chart canvas');
    await page.click('#sign-out');
    await page.waitForSelector('#sign-in:not([hidden])', patience);
    assert.equal(await page.textContent('#sign-in-error'), '');
  });
});
