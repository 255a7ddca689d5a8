// The whole way in a real Chromium: buy on the shop page, pay on the payment page, watch both
// videos appear on the buyer's page and play. On failure a screenshot is left in a folder that the
// message names.
'use strict';
const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');
const { chromium } = require('playwright-core');
const { Shop } = require('../blackbox/support/shop.js');
const { privateWord } = require('../blackbox/support/claimcheck.js');

// Chromium must not look for hosts of its own: it is tested on a closed network.
const options = {
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync'],
};
const patience = { timeout: 20000 };

describe('the shop in a browser', () => {
  let shop;
  let browser;
  let page;
  const errors = [];
  before(async () => {
    shop = await Shop.open({ sandbox: ['--generate-ms', '1500'] });
    const cors = { CLAIMCHECK_CORS_ORIGINS: shop.sandbox.url };
    await shop.server.stop();
    await shop.start(cors);
    await shop.sandbox.call('POST', '/sandbox/shop', { api: shop.server.url });
    browser = await chromium.launch(options);
    page = await browser.newPage();
    page.on('console', (line) => { if (line.type() === 'error') errors.push(line.text()); });
    page.on('pageerror', (error) => errors.push(String(error)));
  });
  after(async () => {
    await browser?.close();
    await shop?.close();
  });

  async function orScreenshot(steps) {
    try {
      await steps();
    } catch (error) {
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'claimcheck-page-'));
      const file = path.join(folder, 'page.png');
      await page.screenshot({ path: file, fullPage: true });
      error.message += `\n${page.url()}, screenshot in ${file}\nconsole: ${errors.join('\n')}`;
      throw error;
    }
  }

  test('buy, pay, and watch two videos appear and play', () => orScreenshot(async () => {
    await page.goto(`${shop.sandbox.url}/shop`);
    await page.fill('textarea[name=prompt]', `A ${privateWord} at dawn 🎬 مرحبا`);
    await page.fill('input[name=quantity]', '2');
    await page.click('button:has-text("Buy")');

    await page.waitForURL('**/c/pay/cs_test_*', patience);
    await page.click('button[value=pay]');

    await page.waitForURL('**/payment-success/cs_test_*', patience);
    await page.waitForSelector('#videos video >> nth=1', { ...patience, state: 'attached' });
    assert.equal(await page.textContent('#headline'), 'Your order is ready');
    assert.equal(await page.locator('#videos video').count(), 2);
    for (const index of [0, 1]) {
      const seconds = await page.locator('#videos video').nth(index).evaluate(async (video) => {
        video.muted = true;
        await video.play();
        await new Promise((resolve) => {
          video.ontimeupdate = () => video.currentTime > 0 && resolve();
        });
        return video.currentTime;
      });
      assert.ok(seconds > 0, `video ${index + 1} plays`);
    }
    assert.deepEqual(errors, []);
    assert.equal((await shop.generations()).length, 2);
  }));

  test('the page shows the order again after a reload, and says so of an unknown one', () =>
    orScreenshot(async () => {
      await page.reload();
      await page.waitForSelector('#videos video', { ...patience, state: 'attached' });
      await page.goto(`${shop.server.url}/payment-success/cs_test_unknown`);
      await page.waitForSelector('text=We do not know this order', patience);
    }));
});
