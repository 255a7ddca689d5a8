// A buyer who has lost the link: asks for it by e-mail, opens the mailed one, or types the number.
'use strict';
const assert = require('node:assert/strict');
const { createHmac } = require('node:crypto');
const { after, before, describe, test } = require('node:test');
const { secrets } = require('../blackbox/support/claimcheck.js');
const { freePort } = require('../blackbox/support/port.js');
const { Shop } = require('../blackbox/support/shop.js');
const { Browser, assertClean, sees } = require('./support/browser.js');
const { languages, phone } = require('./support/buyer.js');

const address = 'ada@example.com';
let shop;
let browser;
before(async () => {
  // Mails wait: nobody listens there.
  shop = await Shop.open({ settings: { CLAIMCHECK_SMTP_URL: `smtp://127.0.0.1:${await freePort()}`,
    CLAIMCHECK_MAIL_FROM: 'orders@shop.example',
    CLAIMCHECK_PUBLIC_URL: 'https://video.example.com' } });
  browser = await Browser.open();
});
after(async () => {
  await browser?.close();
  await shop?.close();
});

// What the server would mail.
function linkTo(id, seconds) {
  const until = Math.floor(Date.now() / 1000) + seconds;
  const signed = `claimcheck orders link\n${id}\n${until}\n${address}`;
  const key = secrets.STRIPE_WEBHOOK_SECRET;
  return `${id}.${until}.${createHmac('sha256', key).update(signed).digest('hex')}`;
}
const reads = (page, words) => page.getByText(words).first().waitFor();
const open = (page, route) => page.goto(shop.server.url + route);

describe('lost orders', () => {
  test('asked for by e-mail: the same words for every address', () =>
    browser.with(phone, async (page) => {
      await open(page, '/');
      await page.click('text=Find your orders');
      await page.waitForURL('**/find-file');
      await page.fill('input[name=email]', address);
      await page.click('text=Send me the link');
      await reads(page, 'If there are orders of this address');
      await assertClean(page);
    }));

  test('asked for too often: says so', () =>
    browser.with({}, async (page) => {
      await open(page, '/find-file');
      await page.fill('input[name=email]', address);
      for (let i = 0; i < 6; ++i) {
        await page.click('text=Send me the link');
        await page.waitForFunction(() => !document.querySelector('#by-mail button').disabled);
      }
      await reads(page, 'You have asked too often');
    }));

  test('the mailed link lists them, and each leads to its page', () =>
    browser.with({}, async (page) => {
      const ids = [];
      for (let i = 0; i < 2; ++i) ids.unshift(await shop.paidOrder({ customerEmail: address }));
      for (const id of ids) await shop.completed(id);
      await open(page, `/ru/orders/${linkTo(ids[0], 60)}`);
      await reads(page, 'Ваши заказы');
      const rows = page.locator('.orders a');
      await rows.nth(1).waitFor();
      assert.deepEqual(await rows.evaluateAll((all) => all.map((one) => one.pathname)),
        ids.map((id) => `/ru/payment-success/${id}`));
      assert.match(await rows.first().innerText(), /1,00\s\$/);
      await rows.first().click();
      await sees(page, 'Ваше видео готово');
      await assertClean(page);
    }));

  test('a link that has ended offers a new one', () =>
    browser.with(phone, async (page) => {
      await open(page, `/orders/${linkTo('cs_test_a', -1)}`);
      await reads(page, 'This link does not work any more');
      await page.click('text=Ask for a new link');
      await page.waitForURL('**/find-file');
    }));

  test('a number opens the order', () =>
    browser.with({}, async (page) => {
      const id = await shop.paidOrder();
      await shop.completed(id);
      await open(page, '/es/find-file');
      await page.fill('input[name=number]', ` ${id} `);
      await page.click('text=Abrir el pedido');
      await page.waitForURL(`**/es/payment-success/${id}`);
      await sees(page, 'Tu vídeo está listo');
    }));

  for (const language of languages) {
    test(`the page fits a phone in ${language}`, () =>
      browser.with(phone, async (page) => {
        await open(page, `/${language}/find-file`);
        await page.waitForFunction((wanted) => document.documentElement.lang === wanted, language);
        assert.ok(await page.evaluate(() =>
          document.documentElement.scrollWidth <= window.innerWidth));
      }));
  }
});
