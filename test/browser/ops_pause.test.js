// The pause of the checkout on the operator's page: a banner with the way out, the button into it,
// and neither button for a reader.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { Shop } = require('../blackbox/support/shop.js');
const { Browser, assertClean, patience } = require('./support/browser.js');

const tokens = { anna: 'anna-0123456789abcdef', watch: 'watch-0123456789abcdef' };
const banner = '.notice:has-text("New checkouts are paused")';

describe('the pause of the checkout on the operator\'s page', () => {
  let shop;
  let browser;
  before(async () => {
    shop = await Shop.open({ settings: {
      CLAIMCHECK_PAUSE_DECLINES: '2',
      CLAIMCHECK_OPERATORS: `anna:act:${tokens.anna},watch:read:${tokens.watch}` } });
    browser = await Browser.open();
  });
  after(async () => {
    await browser?.close();
    await shop?.close();
  });

  async function overviewFor(name) {
    const page = await browser.page();
    await page.goto(`${shop.server.url}/ops`);
    await page.fill('#token', tokens[name]);
    await page.press('#token', 'Enter');
    await page.waitForSelector('#main h2:has-text("Now")', patience);
    return page;
  }
  async function confirm(page, button, name) {
    await page.click(`[data-act="${button}"]`);
    await page.click(`#dialog-ok:has-text("${name}")`);
    await page.waitForSelector('#dialog:not([open])', { state: 'attached', ...patience });
  }

  test('declined cards bring a banner, and a person opens the checkout again or pauses it',
    async () => {
      const page = await overviewFor('anna');
      await page.waitForSelector('[data-act="pause-checkout"]', patience);
      const id = await shop.order();
      for (let i = 0; i < 2; ++i) await shop.sandbox.pay(id, 'decline');
      await page.waitForSelector(banner, patience);
      assert.match(await page.textContent(banner), /many cards were declined/);
      await assertClean(page);
      await confirm(page, 'resume-checkout', 'Open them again');
      await page.waitForSelector(banner, { state: 'detached', ...patience });
      await shop.order();
      await confirm(page, 'pause-checkout', 'Pause them');
      await page.waitForSelector(banner, patience);
      assert.match(await page.textContent(banner), /paused: by anna, since/);
      assert.equal((await shop.checkout()).json.code, 'checkout_paused');
    });

  test('a reader sees the banner and no button', async () => {
    const page = await overviewFor('watch');
    await page.waitForSelector(banner, patience);
    assert.equal(await page.locator('#main [data-act]').count(), 0);
  });
});
