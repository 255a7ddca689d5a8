// The operator's page in a real Chromium: sign in, the held order comes first, open it, search,
// charts are drawn, an action asks before it is done, sign out. Light and dark, wide and narrow.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { privateWord, secrets } = require('../blackbox/support/claimcheck.js');
const { Shop } = require('../blackbox/support/shop.js');
const { Browser, assertClean, patience } = require('./support/browser.js');

const markup = '<img src=x onerror=alert(1)>';

describe('the operator\'s page in a browser', () => {
  let shop;
  let browser;
  let page;
  let held;
  let done;
  before(async () => {
    shop = await Shop.open({ settings: { CLAIMCHECK_REFUNDS: 'manual' } });
    done = await shop.paidOrder({ customerEmail: `ada-${privateWord}@example.com` });
    await shop.completed(done);
    await shop.sandbox.faults({ match: 'POST /api/v1/file/generate-video', times: 0,
      action: { task: 'error' } });
    held = await shop.paidOrder();
    browser = await Browser.open();
    page = await browser.page();
  });
  after(async () => {
    await browser?.close();
    await shop?.close();
  });

  async function orScreenshot(steps) {
    try {
      await steps();
    } catch (error) {
      await browser.keep(page, error);
      throw error;
    }
  }
  async function signIn() {
    await page.fill('#token', secrets.CLAIMCHECK_ADMIN_TOKEN);
    await page.press('#token', 'Enter');
  }

  test('a wrong token is refused with words, the right one opens', () => orScreenshot(async () => {
    await page.goto(`${shop.server.url}/ops`);
    await page.waitForSelector('#sign-in:not([hidden])', patience);
    await page.fill('#token', 'a wrong token');
    await page.press('#token', 'Enter');
    await page.waitForSelector('text=This is no operator\'s token.', patience);
    await signIn();
    await page.waitForSelector('#main h2:has-text("Waiting for you")', patience);
  }));

  test('the held order comes first, and the charts are drawn', () => orScreenshot(async () => {
    await page.waitForSelector(`#main a[href="#/order/${held}"]`, patience);
    const top = (selector) => page.locator(selector).first().evaluate(
      (element) => element.getBoundingClientRect().top);
    assert.ok(await top('#main table') < await top('.tiles'));
    await page.waitForSelector('.chart canvas', patience);
    assert.equal(await page.locator('.chart canvas').count(), 4);  // no call has failed
    const drawn = await page.locator('.chart canvas').first().evaluate((canvas) => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      return data.some((byte) => byte > 0);
    });
    assert.ok(drawn, 'the first chart has pixels');
    await page.click('[data-range=day]');
    await page.waitForSelector('[data-range=day][aria-pressed=true]', patience);
  }));

  test('an order is opened with the keyboard: why it waits, its history, its records', () =>
    orScreenshot(async () => {
      await page.focus(`#main a[href="#/order/${held}"]`);
      await page.keyboard.press('Enter');
      await page.waitForSelector('.why >> text=waits for your decision', patience);
      assert.ok(await page.locator('.timeline li').count() >= 2);
      assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H1');
      await page.click('summary >> text=Claim');
      assert.match(await page.locator('details[open] pre').textContent(), /"state": "held"/);
      const href = await page.getAttribute('a:has-text("Payment at Stripe")', 'href');
      assert.match(href, /^https:\/\/dashboard\.stripe\.com\/test\/payments\/pi_/);
    }));

  test('an action asks first, and shows the server\'s word when it is refused', () =>
    orScreenshot(async () => {
      const sent = [];
      await page.route('**/actions', (route) => {
        sent.push(route.request().postDataJSON());
        return route.fulfill({ status: 409, json: { error: `no: ${markup}`, code: 'x' } });
      });
      await page.click('td.acts button:has-text("Refund")');
      await page.waitForSelector('dialog[open]', patience);
      assert.deepEqual(sent, []);
      await page.fill('#note', 'asked by the buyer');
      await page.click('#dialog-ok');
      await page.waitForSelector('#dialog-error >> text=onerror', patience);
      assert.equal(await page.locator('dialog img').count(), 0);
      assert.deepEqual(sent, [{ action: 'refund', unit: 0, note: 'asked by the buyer' }]);
      await page.keyboard.press('Escape');
      await page.waitForSelector('dialog', { ...patience, state: 'hidden' });
      await page.unroute('**/actions');
    }));

  test('an action is done: the money goes back, and the note is in the history', () =>
    orScreenshot(async () => {
      await page.click('td.acts button:has-text("Refund")');
      await page.fill('#note', 'asked by the buyer');
      await page.press('#note', 'Enter');
      await page.waitForSelector('dialog', { ...patience, state: 'hidden' });
      await page.waitForSelector('td .badge.refunded', patience);
      await page.waitForSelector('.timeline >> text=asked by the buyer', patience);
      assert.equal((await shop.sandbox.ledger('refunds')).refunds.length, 1);
      await page.goto(`${shop.server.url}/ops#/`);
      await page.waitForSelector('text=No order is held', patience);
    }));

  test('search finds an order, and what is searched for is not in the address', () =>
    orScreenshot(async () => {
      await page.keyboard.press('/');
      await page.keyboard.type(`ADA-${privateWord}@example.com`);
      await page.keyboard.press('Enter');
      await page.waitForSelector(`#main a[href="#/order/${done}"]`, patience);
      assert.ok(!page.url().toLowerCase().includes(privateWord));
      await page.fill('input[type=search]', markup);
      await page.press('input[type=search]', 'Enter');
      await page.waitForSelector('text=Nothing found', patience);
      assert.equal(await page.locator('#main img').count(), 0);
    }));

  test('filters are links, a deep link survives a reload', () => orScreenshot(async () => {
    await page.click('nav >> text=Orders');
    await page.click('.pills >> text=Delivered');
    await page.waitForSelector(`#main a[href="#/order/${done}"]`, patience);
    assert.equal(await page.locator('#main tbody tr').count(), 1);
    await page.goto(`${shop.server.url}/ops#/order/${done}`);
    await page.reload();
    await page.waitForSelector('.timeline li', patience);
  }));

  test('nothing scrolls sideways on a phone, in light and dark', () => orScreenshot(async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    for (const colorScheme of ['dark', 'light']) {
      await page.emulateMedia({ colorScheme });
      for (const [hash, sign] of [['#/', '.chart canvas'], ['#/orders/all', '#main tbody tr'],
        [`#/order/${held}`, '.timeline li']]) {
        await page.goto(`${shop.server.url}/ops${hash}`);
        await page.waitForSelector(sign, patience);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= 360, `${hash} is ${wide} wide`);
      }
    }
  }));

  test('signing out leaves nothing on the page, and no word of it was an error', () =>
    orScreenshot(async () => {
      await page.click('text=Sign out');
      await page.waitForSelector('#sign-in:not([hidden])', patience);
      assert.equal(await page.textContent('#main'), '');
      await page.reload();
      await page.waitForSelector('#sign-in:not([hidden])', patience);
      // Chromium calls an answer an error: 401 before the sign-in, 409 of the refused action.
      await assertClean(page, / 40[19] /);
    }));
});
