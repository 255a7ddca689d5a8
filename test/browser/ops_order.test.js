// One order on the operator's page, in a real Chromium: found by its id whatever state its records
// are in, asked for no longer than it changes, and worked on with the keyboard alone.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { Shop } = require('../blackbox/support/shop.js');
const { Browser, patience } = require('./support/browser.js');
const { focusIs, requestsOf, signInAt } = require('./support/operator.js');

describe('one order on the operator\'s page', () => {
  let shop;
  let browser;
  let done;
  let held;
  before(async () => {
    shop = await Shop.open({ settings: { CLAIMCHECK_REFUNDS: 'manual' } });
    done = await shop.paidOrder();
    await shop.completed(done);
    await shop.sandbox.faults({ match: 'POST /api/v1/file/generate-video', times: 0,
      action: { task: 'error' } });
    held = await shop.paidOrder({ quantity: 2 });
    browser = await Browser.open();
  });
  after(async () => {
    await browser?.close();
    await shop?.close();
  });

  const heldSign = '.why.held';
  const orderTest = (name, steps) => test(name, () => browser.with({}, steps));

  orderTest('is opened by searching for its id, also when its claim is gone', async (page) => {
    const lost = await shop.order();
    await shop.redis('DEL', `claim:{session:${lost}}`);
    await signInAt(page, shop, '#/', '.chart canvas');
    for (const [id, sign] of [[lost, 'text=What is owed cannot be read'], [done, '.timeline li']]) {
      await page.fill('input[type=search]', ` ${id} `);
      await page.press('input[type=search]', 'Enter');
      await page.waitForSelector(`.id >> text=${id}`, patience);
      await page.waitForSelector(sign, patience);
      assert.ok(page.url().endsWith(`#/order/${id}`), page.url());
    }
  });

  orderTest('that is over is asked for again only when something is done or the tab comes back',
    async (page) => {
      await page.clock.install();
      const asked = requestsOf(page, `/api/ops/sessions/${done}`);
      await page.route('**/actions', (route) => route.fulfill({ json: { done: true } }));
      await signInAt(page, shop, `#/order/${done}`, '.timeline li');
      const before = asked.length;
      await page.clock.fastForward(60000);
      await page.evaluate(() => fetch('/ops'));
      assert.equal(asked.length, before);
      const again = () => page.waitForResponse(new RegExp(`/api/ops/sessions/${done}$`));
      const shown = again();
      await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
      await shown;
      await page.click('text=Erase personal data');
      const acted = again();
      await page.click('#dialog-ok');
      await acted;
    });

  orderTest('that is not over is asked for again and again', async (page) => {
    await page.clock.install();
    await signInAt(page, shop, `#/order/${held}`, heldSign);
    for (let i = 0; i < 2; ++i) {
      const again = page.waitForResponse(new RegExp(`/api/ops/sessions/${held}$`));
      await page.clock.fastForward(5000);
      await (await again).finished();
    }
  });

  orderTest('takes notes by their bytes, and says when they are too many', async (page) => {
    const sent = [];
    await page.route('**/actions', (route) => {
      sent.push(route.request().postDataJSON().note);
      return route.fulfill({ json: { done: true } });
    });
    await signInAt(page, shop, `#/order/${held}`, heldSign);
    await page.click('td.acts button:has-text("Refund")');
    await page.fill('#note', 'я'.repeat(151));
    await page.click('#dialog-ok');
    await page.waitForSelector('#dialog-error >> text=at most 300 bytes; this has 302', patience);
    assert.deepEqual(sent, []);
    await page.fill('#note', 'я'.repeat(150));
    await page.click('#dialog-ok');
    await page.waitForSelector('dialog', { ...patience, state: 'hidden' });
    assert.deepEqual(sent, ['я'.repeat(150)]);
  });

  orderTest('shows where the keyboard is, and takes it back there after a question',
    async (page) => {
      await signInAt(page, shop, `#/order/${held}`, heldSign);
      await page.focus('.facts.buyer a');
      await page.keyboard.press('Tab');
      await focusIs(page, 'Look now');
      const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outline);
      assert.match(outline, /solid 2px/);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.waitForSelector('dialog[open]', patience);
      await page.keyboard.press('Escape');
      await focusIs(page, 'Try all again');
      // Also when the page was made anew meanwhile.
      await page.keyboard.press('Enter');
      await page.evaluate(() => {
        for (const one of document.querySelectorAll('[data-act]')) {
          one.replaceWith(one.cloneNode(true));
        }
      });
      await page.keyboard.press('Escape');
      await focusIs(page, 'Try all again');
    });

  orderTest('has its button or its heading focused after an action is done', async (page) => {
    await signInAt(page, shop, `#/order/${held}`, heldSign);
    await page.locator('td.acts button:has-text("Refund")').first().focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.waitForSelector('dialog', { ...patience, state: 'hidden' });
    await page.waitForSelector('td .badge.refunded', patience);
    await page.waitForSelector('h1:focus', patience);
  });

  orderTest('keeps its view when the content is skipped to', async (page) => {
    await signInAt(page, shop, `#/order/${done}`, '.timeline li');
    await page.focus('.skip');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
    await page.waitForSelector('.timeline li', patience);
    assert.ok(page.url().endsWith(`#/order/${done}`));
  });
});
