// The whole way in a real Chromium: buy on the shop page, pay on the payment page, watch both
// videos appear and play, on our own page and on the shop's.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { Shop } = require('../blackbox/support/shop.js');
const { privateWord } = require('../blackbox/support/claimcheck.js');
const { Browser, assertClean, sees } = require('./support/browser.js');

const videos = 'claimcheck-status video';

async function plays(page, index) {
  const seconds = await page.locator(videos).nth(index).evaluate(async (video) => {
    video.muted = true;
    await video.play();
    await new Promise((resolve) => {
      video.ontimeupdate = () => video.currentTime > 0 && resolve();
    });
    return video.currentTime;
  });
  assert.ok(seconds > 0, `video ${index + 1} plays`);
}

describe('the shop in a browser', () => {
  let shop;
  let browser;
  before(async () => {
    shop = await Shop.open({ sandbox: ['--generate-ms', '1500'] });
    await shop.server.stop();
    await shop.start({ CLAIMCHECK_CORS_ORIGINS: shop.sandbox.url });
    await shop.sandbox.shopApi(shop.server.url);
    browser = await Browser.open();
  });
  after(async () => {
    await browser?.close();
    await shop?.close();
  });

  test('the home page claims nothing about an order', () => browser.with({}, async (page) => {
    await page.goto(shop.server.url);
    await page.waitForFunction(() => document.title.startsWith('Order page of 127.0.0.1:'));
    const words = await page.locator('main').innerText();
    assert.match(words, /^Order page of .*open the link from your e-mail/s);
    assert.doesNotMatch(words, /left|charged|Back to the shop/m);
    await assertClean(page);
  }));

  test('buy, pay, and watch two videos appear and play', () => browser.with({}, async (page) => {
    await page.goto(`${shop.sandbox.url}/shop`);
    await page.fill('textarea[name=prompt]', `A ${privateWord} at dawn 🎬 مرحبا`);
    await page.fill('input[name=email]', `${privateWord}@example.com`);
    await page.fill('input[name=quantity]', '2');
    await page.click('button:has-text("Buy")');
    await page.waitForURL('**/c/pay/cs_test_*');
    await page.click('button[value=pay]');
    await page.waitForURL('**/payment-success/cs_test_*');

    await sees(page, 'Your videos are ready');
    assert.equal(await page.locator(videos).count(), 2);
    for (const index of [0, 1]) await plays(page, index);
    assert.equal((await shop.generations()).length, 2);
    const [id] = /cs_test_\w+/.exec(page.url());
    const session = JSON.parse(await shop.redis('GET', `session:${id}`));
    assert.deepEqual([session.customerEmail, session.locale],
      [`${privateWord}@example.com`, 'en-US']);
    assert.equal(await page.title(), 'Your videos are ready');

    await page.reload();
    await sees(page, 'Your videos are ready');
    await assertClean(page);
  }));

  test('the same on the shop\'s own page, across origins', () => browser.with({}, async (page) => {
    const id = await shop.paidOrder({ quantity: 2 });
    await page.goto(`${shop.sandbox.url}/shop/thanks?session=${id}`);
    await sees(page, 'Your videos are ready');
    await plays(page, 1);
    const accent = (name) => page.locator(name).evaluate((one) =>
      getComputedStyle(one).backgroundColor);
    assert.equal(await accent('claimcheck-status .glyph'), 'rgb(90, 79, 243)', 'the shop\'s own');
    await assertClean(page);
  }));

  test('events tell the shop\'s page what the status is', () => browser.with({}, async (page) => {
    await page.addInitScript(() => {
      globalThis.told = [];
      addEventListener('claimcheck-change', (event) => globalThis.told.push(event.detail?.status));
    });
    const id = await shop.paidOrder();
    await page.goto(`${shop.sandbox.url}/shop/thanks?session=${id}`);
    await sees(page, 'Your video is ready');
    assert.equal(await page.evaluate('told.at(-1)'), 'completed');
  }));

  test('an origin that is not allowed gets the component, but no order', async () => {
    const other = await shop.another({ CLAIMCHECK_DATA_DIR: `${shop.folder}/other` });
    try {
      await shop.sandbox.shopApi(other.url);
      await browser.with({}, async (page) => {
        await page.goto(`${shop.sandbox.url}/shop/thanks?session=cs_test_x`);
        await page.waitForSelector('text=No connection. We keep trying…');
      });
    } finally {
      await shop.sandbox.shopApi(shop.server.url);
      await other.stop();
    }
  });
});
